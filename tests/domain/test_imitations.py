"""Hosts that pass for others are told from those that merely resemble them."""

import pytest

from dashboard.domain.imitations import embedded, imitated


@pytest.mark.parametrize(
    ("host", "original"),
    [
        pytest.param("paypal.com", None, id="itself"),
        pytest.param("paypa1.com", "paypal.com", id="a digit"),
        pytest.param("rnicrosoft.com", "microsoft.com", id="two letters for one"),
        pytest.param("micosoft.com", "microsoft.com", id="a letter left out"),
        pytest.param("netfilx.com", "netflix.com", id="letters swapped"),
        pytest.param("linkedln.com", "linkedin.com", id="a letter alike"),
        pytest.param("amazing.com", None, id="another word"),
        pytest.param("bay.com", None, id="too short to tell"),
        pytest.param("", None, id="nothing"),
        pytest.param("a" * 200 + ".com", None, id="endless"),
    ],
)
def test_imitations_of_brands(host, original):
    found = imitated(host)

    assert (found.original if found else None) == original


@pytest.mark.parametrize(
    ("host", "is_imitation"),
    [
        pytest.param("example.org", False, id="ours"),
        pytest.param("www.example.org", False, id="below ours"),
        pytest.param("examp1e.org", True, id="a digit"),
        pytest.param("exampel.org", True, id="letters swapped"),
        pytest.param("sample.org", False, id="another word"),
    ],
)
def test_imitations_of_our_own_domain(host, is_imitation):
    assert bool(imitated(host, ("example.org",))) is is_imitation


@pytest.mark.parametrize(
    ("host", "original"),
    [
        pytest.param("www.netflix.com", None, id="itself"),
        pytest.param("netflix.com.evil.example", "netflix.com", id="in front"),
        pytest.param("secure-netflix.example", "netflix.com", id="with a dash"),
        pytest.param("netflixing.example", None, id="inside a word"),
        pytest.param("apple-pie.example", None, id="an everyday word"),
    ],
)
def test_brands_inside_hosts(host, original):
    found = embedded(host)

    assert (found.original if found else None) == original
