"""An executive's name before a stranger's address."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.display_name_executive import detect
from tests.domain.detectors.mail import OWN, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected", "context"),
    [
        pytest.param(
            plain(From="Robin Example <r@example.org>"),
            [],
            OWN,
            id="from our own domain",
        ),
        pytest.param(
            plain(From="Robin Sample <r@example.com>"), [], OWN, id="another name"
        ),
        pytest.param(
            plain(From="Robin Example <r@example.com>"),
            ["display-name-executive"],
            OWN,
            id="from outside",
        ),
        pytest.param(
            plain(From='"Example, Robin (CEO)" <r@gmail.com>'),
            ["display-name-executive"],
            OWN,
            id="turned round",
        ),
        pytest.param(
            plain(From="Robin Example <r@gmail.com>"),
            ["display-name-executive"],
            Context(executives=("Robin Example",)),
            id="free mail, own domains unknown",
        ),
        pytest.param(
            plain(From="Robin Example <r@example.com>"),
            [],
            Context(executives=("Robin Example",)),
            id="own domains unknown",
        ),
        pytest.param(
            plain(From="Robin Example <r@example.com>"),
            [],
            Context(),
            id="nobody named",
        ),
    ],
)
def test_knows_our_executives(raw, expected, context):
    assert rules(detect, raw, context) == expected
