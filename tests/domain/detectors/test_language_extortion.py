"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_extortion import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The camera records the bird box.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("I have recorded you through your camera: a video", id="en"),
        pytest.param("Bitcoin an meine Adresse überweisen: bitcoin adresse", id="de"),
        pytest.param("bitcoin adresse", id="fr"),
        pytest.param("bitcoin dirección", id="es"),
        pytest.param("bitcoin indirizzo", id="it"),
        pytest.param("bitcoin endereço", id="pt"),
        pytest.param("bitcoin adres", id="nl"),
        pytest.param("ビットコインを送金", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(
        detect,
        plain("Hello", Subject="I have recorded you through your camera: a video"),
    ) == [RULE]
