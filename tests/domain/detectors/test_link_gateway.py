"""Hosts named like the services that rewrite links to check them."""

import pytest

from dashboard.domain.detectors.link_gateway import detect
from tests.domain.detectors.mail import linked, rules

WRAPPED = "?url=https%3A%2F%2Fwww.example.com%2F"


@pytest.mark.parametrize(
    "host",
    [
        "eur02.safelinks.protection.outlook.com.files.example",
        "safelinks-outlook.example",
        "chn01.safelinks.protection.partner.outlook.cn.files.example",
        "safe1inks.example",
        "urldefense.proofpoint.example",
        "url-defense.example",
        "urldefense.com.example.net",
        "secure-web.cisco.example",
        "linkprotect-cudasvc.example",
    ],
)
def test_names_those_that_pose(host):
    assert rules(detect, linked(f"https://{host}/v3/{WRAPPED}")) == [
        "link-gateway-lookalike"
    ]


@pytest.mark.parametrize(
    "url",
    [
        f"https://eur02.safelinks.protection.outlook.com/{WRAPPED}",
        f"https://chn01.safelinks.protection.partner.outlook.cn/{WRAPPED}",
        "https://app.clicktime.com/",
        "https://urldefense.com/v3/__https://www.example.com/__;!!abc$",
        "https://secure-web.cisco.com/1abc/https%3A%2F%2Fwww.example.com%2F",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.example.com",
        "https://www.example.com/safelinks/urldefense",
        "https://safe-harbour.example/links",
        "https://cisco.example/secure",
    ],
)
def test_leaves_real_ones_and_everyday_words_alone(url):
    assert rules(detect, linked(url)) == []
