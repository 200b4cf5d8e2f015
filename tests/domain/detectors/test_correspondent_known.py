"""A confirmed sender the organisation has dealt with before."""

import pytest

from dashboard.domain import rulesets
from dashboard.domain.context import Context
from dashboard.domain.detectors.correspondent_known import RULE, detect
from dashboard.domain.engine import examine
from tests.domain.detectors.histories import ANSWERED, NEW, WELL_KNOWN, knowing
from tests.domain.detectors.mail import checked, plain, rules

PROVEN = checked("example.com", "pass")
CLAIMED = {
    "nobody checked": plain(From="a@example.com"),
    "refuted": checked("example.com", "fail"),
    "results of the sender's own": plain(
        From="a@example.com", X_Original_Authentication_Results="dmarc=pass"
    ).replace(
        b"\r\n\r\n",
        b"\r\nAuthentication-Results: mx.example.org; dmarc=pass"
        b" header.from=example.com\r\n\r\n",
        1,
    ),
    "beside another sender": PROVEN.replace(
        b"From: a@example.com", b"From: a@example.com, b@evil.example"
    ),
}


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        pytest.param(Context(), [], id="nobody looked"),
        pytest.param(NEW, [], id="never met"),
        pytest.param(WELL_KNOWN, [RULE], id="known for long"),
        pytest.param(ANSWERED, [RULE], id="answered"),
        pytest.param(knowing(first_seen=NEW.history.day, days=1), [], id="today"),
        pytest.param(knowing(answered=1, judged_bad=1), [], id="judged phishing since"),
    ],
)
def test_needs_a_record(context, expected):
    assert rules(detect, PROVEN, context) == expected


@pytest.mark.parametrize("context", [WELL_KNOWN, ANSWERED])
@pytest.mark.parametrize("raw", CLAIMED.values(), ids=CLAIMED.keys())
def test_who_only_claims_to_be_known_is_not(raw, context):
    without = Context(own_domains=context.own_domains)
    unknown, claimed = (examine(raw, context=each) for each in (without, context))

    assert rules(detect, raw, context) == []
    assert claimed.assessment.score == unknown.assessment.score
    assert claimed.assessment.verdict == unknown.assessment.verdict


def test_says_nothing_of_colleagues():
    assert rules(detect, checked("example.org", "pass"), ANSWERED) == []


def test_what_history_says_turns_no_malicious_mail_clean():
    ruleset = rulesets.load()
    taken = sum(ruleset.points_against[rule] for rule in (RULE, "thread-held"))

    assert 0 < taken <= ruleset.thresholds["critical"] - ruleset.thresholds["medium"]
