"""A text that tells the password of the file beside it."""

import pytest

from dashboard.domain.detectors.attachment_password import detect
from tests.domain.detectors.mail import carrying, plain, rules

PDF = b"%PDF-1.4"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain("The password is 4711."), [], id="no file"),
        pytest.param(carrying("a.pdf", PDF), [], id="no password"),
        pytest.param(
            carrying("a.pdf", PDF, text="Change your password soon."), [], id="advice"
        ),
        pytest.param(
            carrying("a.txt", b"text", text="The password is 4711."),
            [],
            id="a file without a lock",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="The password is 4711."),
            ["attachment-password"],
            id="told",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="The password is the one you know."),
            [],
            id="spoken of",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="The password is the usual one. Password: ab"),
            ["attachment-password"],
            id="told after it is spoken of",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="Senha PDF: 123"),
            ["attachment-password"],
            id="in Portuguese",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="Passwort für die Datei: 4711"),
            ["attachment-password"],
            id="in German",
        ),
        pytest.param(
            carrying("a.pdf", PDF, text="パスワードは4711です"),
            ["attachment-password"],
            id="in Japanese",
        ),
    ],
)
def test_finds_the_key_beside_the_lock(raw, expected):
    assert rules(detect, raw) == expected
