"""Hosts that hide where a link leads."""

import pytest

from dashboard.domain.detectors.link_host import detect
from tests.domain.detectors.mail import discussing, linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://example.com/"), [], id="a name"),
        pytest.param(linked("http://203.0.113.9/"), ["link-ip-host"], id="an address"),
        pytest.param(
            linked("http://3405803785/"),
            ["link-ip-host"],
            id="an address as one number",
        ),
        pytest.param(linked("http://192.168.1.1:8080/"), [], id="a machine inside"),
        pytest.param(
            linked("https://bank.com@evil.example/"),
            ["link-userinfo"],
            id="a false user name",
        ),
        pytest.param(
            linked("https://example.com:8443/"), ["link-odd-port"], id="an odd port"
        ),
        pytest.param(linked("https://example.com:443/"), [], id="the usual port"),
        pytest.param(
            linked("https://a.b.c.d.e.example.com/"),
            ["link-many-subdomains"],
            id="six dots",
        ),
        pytest.param(linked("https://a.b.c.d.example.com/"), [], id="five dots"),
        pytest.param(
            discussing(
                plain("Gone now.\r\n> http://203.0.113.9/ https://me@evil.example/\r\n")
            ),
            [],
            id="in a quoted line",
        ),
    ],
)
def test_reads_hosts(raw, expected):
    assert rules(detect, raw) == expected
