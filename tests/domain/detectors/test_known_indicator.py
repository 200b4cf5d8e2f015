"""What people put on record is recognised in the next message."""

import pytest

from dashboard.domain.context import Context, Known
from dashboard.domain.detectors.known_indicator import RULE, detect
from dashboard.domain.engine import examine
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import carrying, linked, plain, rules

EVIL = "https://login.evil.test/a"


def known(*keys, level="medium"):
    return Context(indicators=tuple(Known(key, level, "phishing") for key in keys))


@pytest.mark.parametrize(
    ("raw", "key", "expected"),
    [
        pytest.param(linked(EVIL), "domain:other.test", [], id="another"),
        pytest.param(linked(EVIL), "domain:vil.test", [], id="the end of a name"),
        pytest.param(linked(EVIL), "url:https://login.evil.test/", [], id="a page"),
        pytest.param(linked(EVIL), f"url:{EVIL}", [RULE], id="the URL"),
        pytest.param(linked(EVIL), "domain:login.evil.test", [RULE], id="the host"),
        pytest.param(linked(EVIL), "domain:evil.test", [RULE], id="the domain"),
        pytest.param(plain(From="a@x.test"), "email:a@x.test", [RULE], id="sender"),
        pytest.param(plain(Reply_To="a@x.test"), "domain:x.test", [RULE], id="answers"),
        pytest.param(linked("http://192.0.2.9/"), "ip:192.0.2.9", [RULE], id="IP"),
    ],
)
def test_recognises(raw, key, expected):
    assert rules(detect, raw, known(key)) == expected


def test_a_file_is_recognised_under_any_name():
    raw = carrying("a.bin", b"payload")
    sha256 = parse(raw).attachments[0].sha256

    assert rules(detect, raw, known(f"sha256:{sha256}")) == [RULE]


@pytest.mark.parametrize(
    ("level", "expected"),
    [("safe", []), ("low", []), ("medium", [RULE]), ("high", [RULE])],
)
def test_counts_from_medium_on(level, expected):
    assert rules(detect, linked(EVIL), known("domain:evil.test", level=level)) == (
        expected
    )


def test_says_nothing_when_nobody_looked():
    assert rules(detect, linked(EVIL), Context()) == []


def test_is_suspicious_alone_and_never_malicious():
    raw = linked(EVIL, "The minutes")
    before = examine(raw).assessment
    after = examine(raw, context=known("domain:evil.test")).assessment

    assert before.verdict == "clean"
    assert after.verdict == "suspicious"


def test_that_nobody_looked_is_said():
    open_ends = [entry.check for entry in examine(linked(EVIL)).assessment.not_checked]
    looked = examine(linked(EVIL), context=Context(indicators=()))

    assert "known-indicators" in open_ends
    assert "known-indicators" not in {
        entry.check for entry in looked.assessment.not_checked
    }
