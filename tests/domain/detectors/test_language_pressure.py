"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_pressure import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert (
        rules(detect, plain("Take the time you need; the office opens at nine.")) == []
    )


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("within 24 hours", id="en"),
        pytest.param("innerhalb von 24 Stunden", id="de"),
        pytest.param("sous 48 heures", id="fr"),
        pytest.param("en las próximas 24 horas", id="es"),
        pytest.param("entro 24 ore", id="it"),
        pytest.param("nas próximas 24 horas", id="pt"),
        pytest.param("binnen 24 uur", id="nl"),
        pytest.param("24時間以内", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="within 24 hours")) == [RULE]
