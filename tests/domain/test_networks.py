"""How far a session may move."""

import pytest

from dashboard.domain.networks import AddressPolicy, may_move

HOME = "203.0.113.9"


@pytest.mark.parametrize(
    ("before", "now", "is_near"),
    [
        pytest.param(HOME, HOME, True, id="nothing moved"),
        pytest.param(HOME, "203.0.113.255", True, id="last of the network"),
        pytest.param(HOME, "203.0.114.0", False, id="first of the next"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True, id="same /64"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="next /64"),
        pytest.param(HOME, "2001:db8::1", False, id="another family"),
        pytest.param(f"::ffff:{HOME}", "203.0.113.10", True, id="mapped"),
        pytest.param("::ffff:203.0.113.9", "::ffff:198.51.100.1", False, id="both"),
        pytest.param(HOME, "", False, id="no address"),
        pytest.param("not an address", "neither", False, id="unreadable"),
    ],
)
def test_a_network_is_what_one_household_has(before, now, is_near):
    assert may_move(AddressPolicy.NETWORK, before, now) is is_near


@pytest.mark.parametrize("now", [HOME, "203.0.113.10", "198.51.100.1", ""])
def test_strict_is_one_address_and_off_is_any(now):
    assert may_move(AddressPolicy.STRICT, HOME, now) is (now == HOME)
    assert may_move(AddressPolicy.OFF, HOME, now)
