"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_threat import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The court of the castle was open to visitors.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("legal action", id="en"),
        pytest.param("gerichtliche Schritte", id="de"),
        pytest.param("poursuites judiciaires", id="fr"),
        pytest.param("acciones legales", id="es"),
        pytest.param("azioni legali", id="it"),
        pytest.param("medidas judiciais", id="pt"),
        pytest.param("juridische stappen", id="nl"),
        pytest.param("法的措置", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="legal action")) == [RULE]
