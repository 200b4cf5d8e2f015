"""Names that could be taken for those the organisation exchanges mail with."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.correspondent_lookalike import RULE, detect
from dashboard.domain.engine import examine
from tests.domain.detectors.histories import NEW, knowing
from tests.domain.detectors.mail import plain, rules

SUPPLIER = knowing(correspondents=("acme-supplies.test",))
TRUSTED = knowing(
    correspondents=("acme-supplies.test",), is_domain_met=True, is_domain_trusted=True
)


def sent(domain, to="reader@example.org", **more):
    return plain(From=f"Desk <desk@{domain}>", To=to, **more)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        pytest.param("acme-supplies.test", [], id="the correspondent"),
        pytest.param("mail.acme-supplies.test", [], id="a host of his"),
        pytest.param("acme-suplies.test", [RULE], id="a letter left out"),
        pytest.param("acme-supplies.example", [RULE], id="another ending"),
        pytest.param("acmesupplies.test", [RULE], id="without the hyphen"),
        pytest.param("acme-supp1ies.test", [RULE], id="a digit for a letter"),
        pytest.param("acme-suppliers.test", [RULE], id="a letter more"),
        pytest.param("acme-suppliants.test", [], id="another word"),
        pytest.param("acme.test", [], id="half the name"),
    ],
)
def test_a_sender_near_a_correspondent(domain, expected):
    assert rules(detect, sent(domain), SUPPLIER) == expected
    assert rules(detect, sent(domain), NEW) == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param("acme-suplies.test", [RULE], id="spelt"),
        pytest.param("acme-supplies.example", [RULE], id="another ending"),
        pytest.param("acme-supplies.test", [], id="the sender"),
        pytest.param("help.acme-supplies.test", [], id="a host of his"),
        pytest.param("elsewhere.test", [], id="somebody else"),
        pytest.param("example.org", [], id="one of ours"),
    ],
)
@pytest.mark.parametrize("context", [TRUSTED, Context(own_domains=("example.org",))])
def test_answers_that_would_go_to_a_double(answers, expected, context):
    raw = sent("acme-supplies.test", Reply_To=f"desk@{answers}")

    assert rules(detect, raw, context) == expected


def test_who_is_trusted_himself_is_nobodys_double():
    assert rules(detect, sent("acme-supplies.example"), TRUSTED) == []


@pytest.mark.parametrize(
    ("domain", "to", "expected"),
    [
        pytest.param("granite-w0rks.test", "a@granite-works.test", [RULE], id="drawn"),
        pytest.param("granitewrks.test", "a@graniteworks.test", [RULE], id="spelt"),
        pytest.param("graniteworks.test", "a@graniteworks.test", [], id="himself"),
        pytest.param("graniteworks.example", "a@graniteworks.test", [], id="sister"),
        pytest.param("gmail.com", "a@gmaill.com", [], id="a free mailbox"),
        pytest.param("gmial.test", "a@gmail.com", [], id="a reader at one"),
    ],
)
def test_a_sender_near_the_reader(domain, to, expected):
    assert rules(detect, sent(domain, to)) == expected


def test_alone_warns_of_nothing():
    raw = sent("acme-supplies.example")
    told = examine(raw, context=SUPPLIER).assessment

    assert RULE in {each.finding.rule for each in told.findings}
    assert told.verdict == "clean"
    assert examine(raw, context=Context()).assessment.score == told.score - 16
