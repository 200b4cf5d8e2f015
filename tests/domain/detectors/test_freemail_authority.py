"""A superior's request from a private mailbox."""

import pytest

from dashboard.domain.detectors.freemail_authority import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            plain("Lunch on Monday?", From="Kim <kim@gmail.com>"),
            [],
            id="a private mail",
        ),
        pytest.param(
            plain("Please buy gift cards.", From="Kim <kim@gmail.com>"),
            [],
            id="a request without authority",
        ),
        pytest.param(
            plain("Lunch?", From="Kim, CEO <kim@gmail.com>"),
            [],
            id="authority without a request",
        ),
        pytest.param(
            plain("Please buy gift cards.", From="Kim, CEO <kim@example.com>"),
            [],
            id="from a company",
        ),
        pytest.param(
            plain(
                "Buy gift cards and keep this confidential.",
                From="Chief Executive <kim@gmail.com>",
            ),
            ["sender-freemail-authority"],
            id="a title in the name",
        ),
        pytest.param(
            plain(
                "Are you at your desk? I need gift vouchers.",
                From="Kim <kim@gmail.com>",
            ),
            ["sender-freemail-authority"],
            id="authority in the text",
        ),
        pytest.param(
            plain("Bitte Geschenkkarten kaufen.", From="Geschäftsführer <chef@gmx.de>"),
            ["sender-freemail-authority"],
            id="in German",
        ),
    ],
)
def test_joins_authority_and_request(raw, expected):
    assert rules(detect, raw) == expected
