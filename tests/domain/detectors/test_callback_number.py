"""A number to call about something that was never ordered."""

import pytest

from dashboard.domain.detectors.callback_number import RULE, detect
from tests.domain.detectors.mail import answering, discussing, page, plain, rules

PRIVATE = "Billing Desk <billing-desk@gmail.com>"
ASKED = "Your subscription was renewed. To cancel, call +1 (805) 555-0142 today."


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(ASKED), id="from a company's own domain"),
        pytest.param(
            plain("Call me on 0171 555 014 22 tonight.", From=PRIVATE), id="a friend"
        ),
        pytest.param(
            plain("Your order 4471-2210-3345 was sent.", From=PRIVATE),
            id="a number nobody is to call",
        ),
        pytest.param(
            plain("Call extension 555 about the order.", From=PRIVATE), id="a short one"
        ),
        pytest.param(
            discussing(plain(f"Is it real?\n\n> {ASKED}", From=PRIVATE)), id="a quote"
        ),
    ],
)
def test_is_silent_about(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(ASKED, id="in brackets"),
        pytest.param("Refund? Helpline: 1-805-555-0142", id="with dashes"),
        pytest.param("Questions on your order? Toll free +1 805 555 0142", id="spaced"),
        pytest.param(
            "Invoice number 2024-11-05. Call the desk: +1 808 555 0199", id="second"
        ),
        pytest.param("Ihre Rechnung: Bitte anrufen: 0800 555 01422", id="in German"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_reports(told, kind):
    assert rules(detect, kind(told, From=PRIVATE)) == [RULE]


def test_is_not_silenced_by_a_mail_that_is_only_named():
    assert rules(detect, answering(plain(ASKED, From=PRIVATE))) == ["callback-number"]


def test_is_not_silenced_by_a_line_anyone_can_write():
    assert rules(
        detect, answering(plain(f"{ASKED}\r\n> Is it?\r\n", From=PRIVATE))
    ) == ["callback-number"]
