"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_goods import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The pharmacy opens at nine.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("male enhancement", id="en"),
        pytest.param("Potenzmittel", id="de"),
        pytest.param("perte de poids", id="fr"),
        pytest.param("perder peso", id="es"),
        pytest.param("perdere peso", id="it"),
        pytest.param("perder peso", id="pt"),
        pytest.param("afvallen", id="nl"),
        pytest.param("副業で月収", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="male enhancement")) == [RULE]
