"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_secrecy import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("Share it with the whole team.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("keep this confidential", id="en"),
        pytest.param("streng vertraulich", id="de"),
        pytest.param("strictement confidentiel", id="fr"),
        pytest.param("estrictamente confidencial", id="es"),
        pytest.param("strettamente riservato", id="it"),
        pytest.param("estritamente confidencial", id="pt"),
        pytest.param("strikt vertrouwelijk", id="nl"),
        pytest.param("他言無用", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="keep this confidential")) == [RULE]
