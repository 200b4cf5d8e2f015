"""Our own mail, checked on arrival."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.own_domain import detect
from tests.domain.detectors.mail import OWN, checked, rules


@pytest.mark.parametrize(
    ("raw", "expected", "context"),
    [
        pytest.param(
            checked("example.org", "pass"),
            ["own-domain-authenticated"],
            OWN,
            id="ours and passed",
        ),
        pytest.param(checked("example.org", "fail"), [], OWN, id="ours and failed"),
        pytest.param(checked("example.com", "pass"), [], OWN, id="another's"),
        pytest.param(
            checked("example.org", "pass"), [], Context(), id="nobody said what is ours"
        ),
    ],
)
def test_needs_both(raw, expected, context):
    assert rules(detect, raw, context) == expected
