"""Money that is to move and nobody is to know."""

import pytest

from dashboard.domain.detectors.secret_payment import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain("Lunch on Monday?"), [], id="neither"),
        pytest.param(plain("Make a wire transfer today."), [], id="money alone"),
        pytest.param(plain("Keep this confidential."), [], id="silence alone"),
        pytest.param(
            plain("Make a wire transfer today and keep this confidential."),
            ["secret-payment"],
            id="both",
        ),
        pytest.param(
            plain("Buy gift cards. Tell nobody: it is strictly confidential."),
            ["secret-payment"],
            id="vouchers",
        ),
    ],
)
def test_joins_money_and_silence(raw, expected):
    assert rules(detect, raw) == expected
