"""Foreign letters that pass for Latin ones."""

import pytest

from dashboard.domain.detectors.punycode_domain import detect
from tests.domain.detectors.mail import linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="Latin letters"),
        pytest.param(plain(From="a@xn--mller-kva.example"), [], id="an umlaut"),
        pytest.param(plain(From="a@пример.example"), [], id="a Russian word"),
        pytest.param(
            plain(From="a@xn--pypal-4ve.com"),
            ["punycode-domain"],
            id="one letter mixed in",
        ),
        pytest.param(
            linked("https://xn--80ak6aa92e.com/"),
            ["link-punycode"],
            id="foreign throughout, in a link",
        ),
        pytest.param(
            linked("https://ꓑꓮꓬꓑꓮꓡ.com/"), ["link-punycode"], id="in Lisu letters"
        ),
        pytest.param(linked("https://ᏣᎳᎩ.com/"), [], id="a Cherokee word"),
    ],
)
def test_reads_the_letters(raw, expected):
    assert rules(detect, raw) == expected
