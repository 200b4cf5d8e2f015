"""A domain drawn or spelt like another."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.lookalike_domain import detect
from tests.domain.detectors.mail import OWN, linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected", "context"),
    [
        pytest.param(plain(), [], OWN, id="nothing like it"),
        pytest.param(plain(From="a@paypal.com"), [], OWN, id="the brand itself"),
        pytest.param(
            plain(From="a@paypa1.com"),
            ["lookalike-domain"],
            OWN,
            id="a digit for a letter",
        ),
        pytest.param(
            plain(From="a@rnicrosoft.com"),
            ["lookalike-domain"],
            OWN,
            id="two letters for one",
        ),
        pytest.param(
            plain(From="a@amazom.com"), ["lookalike-domain"], OWN, id="one letter wrong"
        ),
        pytest.param(plain(From="a@correios"), [], OWN, id="no domain at all"),
        pytest.param(
            plain(From="a@correios.example"), [], OWN, id="another brand's very own"
        ),
        pytest.param(
            plain(From="a@desk.onmicrosoft.com"), [], OWN, id="a tenant of Microsoft's"
        ),
        pytest.param(
            plain(From="a@onmicrosofl.com"),
            ["lookalike-domain"],
            Context(own_domains=("onmicrosoft.com",)),
            id="like our own that is open",
        ),
        pytest.param(plain(From="a@amazing.com"), [], OWN, id="another word"),
        pytest.param(
            plain(From="a@examp1e.org"), ["lookalike-domain"], OWN, id="like our own"
        ),
        pytest.param(
            plain(From="a@pаypal.com"),
            ["confusable-domain"],
            OWN,
            id="a Cyrillic letter",
        ),
        pytest.param(
            linked("https://xn--pypal-4ve.com/"),
            ["confusable-domain"],
            OWN,
            id="the same in punycode",
        ),
        pytest.param(
            linked("https://netfl1x.com/"), ["lookalike-domain"], OWN, id="in a link"
        ),
        pytest.param(plain(From="a@müller.example"), [], OWN, id="an umlaut"),
    ],
)
def test_compares_domains(raw, expected, context):
    assert rules(detect, raw, context) == expected
