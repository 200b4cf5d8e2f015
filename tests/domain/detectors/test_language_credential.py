"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_credential import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("I signed in and changed my password yesterday.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("Please verify your account today", id="en"),
        pytest.param("Bestätigen Sie Ihre Kontodaten", id="de"),
        pytest.param("Confirmez votre identité en ligne", id="fr"),
        pytest.param("Su cuenta ha sido suspendida", id="es"),
        pytest.param("Il tuo conto è stato sospeso", id="it"),
        pytest.param("Atualize seus dados", id="pt"),
        pytest.param("Bevestig uw gegevens", id="nl"),
        pytest.param("アカウントが停止されました", id="ja"),
        pytest.param("Please vеri\u200bfy yоur account", id="disguised"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(
        detect, plain("Hello", Subject="Please verify your account today")
    ) == [RULE]
