"""A stranger who asks for something in the first mail of all."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.sender_first_seen import RULE, detect
from dashboard.domain.engine import examine
from tests.domain.detectors.histories import ANSWERED, NEW, WELL_KNOWN
from tests.domain.detectors.mail import linked, plain, rules

BILL = plain("Please transfer the outstanding invoice amount to our new account.")
CALL = linked("https://pay.example.net/a", "Confirm now")


@pytest.mark.parametrize(
    ("raw", "context", "expected"),
    [
        pytest.param(BILL, NEW, [RULE], id="money"),
        pytest.param(CALL, NEW, [RULE], id="a call to a stranger's page"),
        pytest.param(plain(), NEW, [], id="asks for nothing"),
        pytest.param(BILL, WELL_KNOWN, [], id="known"),
        pytest.param(BILL, ANSWERED, [], id="answered"),
        pytest.param(BILL, Context(), [], id="nobody looked"),
        pytest.param(
            BILL.replace(b"From: Desk <desk@example.com", b"From: <desk@example.org"),
            NEW,
            [],
            id="one of ours",
        ),
    ],
)
def test_needs_a_record_without_him_and_a_wish(raw, context, expected):
    assert rules(detect, raw, context) == expected


def test_alone_warns_of_nothing():
    before = examine(BILL, context=Context(own_domains=NEW.own_domains)).assessment
    after = examine(BILL, context=NEW).assessment

    assert after.score - before.score == 5
    assert after.verdict == before.verdict == "clean"
