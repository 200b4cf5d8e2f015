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


NOTICE = "This mail is only for the intended recipient; otherwise delete it and"
ASKED = "do not disclose the contents to anyone"


def test_is_silent_about_the_usual_notice_at_the_foot():
    assert rules(detect, plain(f"{NOTICE} {ASKED}.")) == []


def test_knows_notices_in_other_words():
    notice = "Intended for the named recipient(s) only; if it came by mistake,"

    assert rules(detect, plain(f"{notice} {ASKED}.")) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"Pay today, {ASKED}.", id="no notice"),
        pytest.param(f"Pay today, {ASKED}.{' Well.' * 60} {NOTICE}.", id="far from it"),
    ],
)
def test_hears_what_no_notice_explains(body):
    assert rules(detect, plain(body)) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="keep this confidential")) == [RULE]
