"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_prize import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The selected paper won praise.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("You have won a car", id="en"),
        pytest.param("Herzlichen Glückwunsch", id="de"),
        pytest.param("Félicitations", id="fr"),
        pytest.param("sorteo", id="es"),
        pytest.param("Congratulazioni", id="it"),
        pytest.param("Parabéns", id="pt"),
        pytest.param("Gefeliciteerd", id="nl"),
        pytest.param("当選しました", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="You have won a car")) == [RULE]
