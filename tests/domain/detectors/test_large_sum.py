"""A fortune in the mail of a stranger."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.large_sum import MOST_TEXT, RULE, detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import answering, discussing, page, plain, rules

SUM = "A sum of US$ 2,500,000.00 is held for you."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The laptop costs $2,500.00.", id="a price"),
        pytest.param("We counted 2,500,000 visitors.", id="a count of something else"),
        pytest.param("Send 0.25 ETH to the wallet.", id="less than a coin"),
        pytest.param("Send 12 ETH to the wallet.", id="coins of a small kind"),
        pytest.param("Send 0.25 BTC to the wallet.", id="a part of a coin"),
        pytest.param("Call us: +44.207.946 000", id="a telephone number"),
        pytest.param("A cable of 10 m is 5 euros.", id="metres"),
        pytest.param("A cable of 2 m costs €30.", id="metres before a price"),
        pytest.param("A rope of 2 m €30 each.", id="metres beside a price"),
        pytest.param("Kundennummer 123 456 789 EUR 49,90", id="a customer's number"),
        pytest.param("Kunde 123 456 789 € 49,90", id="one before a sign"),
        pytest.param("It takes 2.500.000 Eurocents.", id="a longer word"),
        pytest.param("Version 1.200.300 is out.", id="a version"),
        pytest.param("Read on. " * (MOST_TEXT // 9 + 1) + SUM, id="far below"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_is_silent_about(text, kind):
    assert rules(detect, kind(text)) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(f"{SUM} https://example.com/report"), id="text"),
        pytest.param(page(f'{SUM} <a href="https://example.net/">Read</a>'), id="html"),
    ],
)
def test_is_silent_where_a_link_can_be_followed(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            discussing(plain(f"No.\n\n> {SUM}")), id="a line an answer repeats"
        ),
    ],
)
def test_is_silent_in_a_discussion(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("$2,500,000.00", id="sign first"),
        pytest.param("2.500.000,00 EUR", id="sign last"),
        pytest.param("US$ 8.5 million", id="million"),
        pytest.param("ten million United States dollars", id="in words"),
        pytest.param("8,4 millions d'euros", id="in French"),
        pytest.param("2 Millionen Euro", id="in German"),
        pytest.param("3 milhões de euros", id="in Portuguese"),
        pytest.param("EUR2.500.000", id="name before without a blank"),
        pytest.param("2 500 000 EUR", id="with blanks"),
        pytest.param("$8.5m", id="millions as a letter"),
        pytest.param("1.3426 BTC", id="coins"),
        pytest.param("+ $12,500", id="credited"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(told, kind):
    assert rules(detect, kind(f"You were granted {told} today.")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain(Subject="8,500,000.00 USD for you")) == [RULE]


@pytest.mark.parametrize(
    "told", ["5 Millionen Euro", "2 millions d'euros", "2.500.000 Eur"]
)
def test_shows_the_whole_sum(told):
    (found,) = detect(parse(plain(f"Sie erhalten {told} heute.")), Context())

    assert found.evidence[0].value == told


def test_hears_a_sum_behind_a_number():
    text = "Kundennummer 123 456 789 EUR 49,90. You won $2,500,000."
    (found,) = detect(parse(plain(text)), Context())

    assert found.evidence[0].value == "$2,500,000"


def test_is_not_silenced_by_a_mail_that_is_only_named():
    assert rules(detect, answering(plain(SUM))) == ["large-sum"]


def test_is_not_silenced_by_a_line_anyone_can_write():
    assert rules(detect, answering(plain(f"{SUM}\r\n> Is it?\r\n"))) == ["large-sum"]
