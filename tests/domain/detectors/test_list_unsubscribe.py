"""A way out at the sender."""

import pytest

from dashboard.domain.detectors.list_unsubscribe import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="none"),
        pytest.param(
            plain(
                List_Unsubscribe="<https://www.example.com/u>",
                List_Unsubscribe_Post="List-Unsubscribe=One-Click",
            ),
            ["list-unsubscribe-ok"],
            id="one click, at home",
        ),
        pytest.param(
            plain(List_Unsubscribe="<https://www.example.com/u>"),
            [],
            id="more than one click",
        ),
        pytest.param(
            plain(
                List_Unsubscribe="<https://evil.example/u>",
                List_Unsubscribe_Post="List-Unsubscribe=One-Click",
            ),
            [],
            id="elsewhere",
        ),
    ],
)
def test_reads_the_header(raw, expected):
    assert rules(detect, raw) == expected
