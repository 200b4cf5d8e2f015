"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_gift_card import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The present was a card with a gift inside.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("buy gift cards", id="en"),
        pytest.param("Geschenkkarten kaufen", id="de"),
        pytest.param("des cartes cadeaux", id="fr"),
        pytest.param("tarjetas de regalo", id="es"),
        pytest.param("carte regalo", id="it"),
        pytest.param("cartões presente", id="pt"),
        pytest.param("cadeaukaarten kopen", id="nl"),
        pytest.param("ギフトカード", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="buy gift cards")) == [RULE]
