"""A brand inside somebody else's domain."""

import pytest

from dashboard.domain.detectors.brand_in_domain import detect
from tests.domain.detectors.mail import linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://www.paypal.com/"), [], id="the brand itself"),
        pytest.param(
            linked("https://paypal.com.account.example/"),
            ["brand-in-subdomain"],
            id="in front",
        ),
        pytest.param(
            linked("https://paypal-login.example/"),
            ["brand-in-subdomain"],
            id="with a dash",
        ),
        pytest.param(
            linked("https://chn01.safelinks.protection.partner.outlook.cn/"),
            [],
            id="the brand in another country",
        ),
        pytest.param(
            linked("https://paypal.eu.qualtrics.com/form"), [], id="rented by the brand"
        ),
        pytest.param(
            linked("https://paypal.qualtrics.example/form"),
            ["brand-in-subdomain"],
            id="named like such a service",
        ),
        pytest.param(linked("https://paypaling.example/"), [], id="inside a word"),
        pytest.param(
            linked("https://orange-juice.example/"), [], id="an everyday word"
        ),
        pytest.param(
            plain(From="a@netflix.billing.example"),
            ["brand-in-subdomain"],
            id="as a sender",
        ),
    ],
)
def test_reads_hosts(raw, expected):
    assert rules(detect, raw) == expected
