"""A secret asked for, in any language, and the same words in a warning."""

import pytest

from dashboard.domain.detectors.language_password import detect
from tests.domain.detectors.mail import page, plain, rules

ASKED = ["language-password"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Enter your recovery phrase to go on.", id="recovery phrase"),
        pytest.param("Please confirm your mailbox password below.", id="English"),
        pytest.param("Answer with your user name and password.", id="by answer"),
        pytest.param("Bitte geben Sie Ihr Passwort ein.", id="German"),
        pytest.param("Saisissez votre mot de passe.", id="French"),
        pytest.param("Ingrese su contraseña aquí.", id="Spanish"),
        pytest.param("Inserisca la sua password.", id="Italian"),
        pytest.param("Digite sua senha agora.", id="Portuguese"),
        pytest.param("Bevestig uw wachtwoord.", id="Dutch"),
        pytest.param("Potwierdź swoje hasło.", id="Polish"),
        pytest.param("Введите свой пароль.", id="Russian"),
        pytest.param("请验证您的密码。", id="Chinese"),
        pytest.param("يرجى إدخال كلمة المرور.", id="Arabic"),
        pytest.param("パスワードを入力してください。", id="Japanese"),
        pytest.param("If you do not enter your password, it ends.", id="a threat"),
        pytest.param("Never wait. Enter your password.", id="denied before it"),
    ],
)
def test_hears_a_secret_asked_for(text):
    assert rules(detect, plain(text)) == ASKED
    assert rules(detect, page(f"<p>Hello,</p><p>{text}</p>")) == ASKED
    assert rules(detect, plain(Subject=text)) == ASKED


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("We will never ask you to enter your password.", id="never"),
        pytest.param("Do not send your password to anybody.", id="do not"),
        pytest.param("Don't confirm your PIN on the telephone.", id="don't"),
        pytest.param("Geben Sie Ihr Passwort nicht weiter.", id="German"),
        pytest.param("Никогда не сообщайте пароль.", id="Russian"),
        pytest.param("You asked to reset your password.", id="a reset"),
        pytest.param("Enter the code 123456 to go on.", id="a code"),
    ],
)
def test_lets_a_warning_pass(text):
    assert rules(detect, plain(text)) == []
