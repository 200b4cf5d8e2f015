"""A company's name before a stranger's address."""

import pytest

from dashboard.domain.detectors.display_name_brand import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="no brand"),
        pytest.param(
            plain(From="PayPal <service@paypal.com>"), [], id="the brand itself"
        ),
        pytest.param(
            plain(From="Amazon <a@amazon.co.jp>"), [], id="the brand in a country"
        ),
        pytest.param(
            plain(From="Apple Tree Farm <farm@example.com>"),
            [],
            id="a word that is a brand too",
        ),
        pytest.param(
            plain(From="Apple Support <id@example.com>"),
            ["display-name-brand"],
            id="that brand alone",
        ),
        pytest.param(
            plain(From="PayPal Service <service@example.com>"),
            ["display-name-brand"],
            id="a brand elsewhere",
        ),
        pytest.param(
            plain(From="Ρay\u200bPal <service@example.com>"),
            ["display-name-brand"],
            id="a brand in disguise",
        ),
        pytest.param(
            plain(From='"PayPal" <>'), ["display-name-brand"], id="without an address"
        ),
        pytest.param(
            plain(From="PayPal <a@paypal>"),
            ["display-name-brand"],
            id="without a domain",
        ),
        pytest.param(plain(From='"The Desk" <>'), [], id="nobody without an address"),
        pytest.param(
            plain(From="ᴘᴀʏᴘᴀʟ <a@example.com>"),
            ["display-name-brand"],
            id="small capitals",
        ),
        pytest.param(
            plain(From="🅿🅰🆈🅿🅰🅻 <a@example.com>"),
            ["display-name-brand"],
            id="in squares",
        ),
        pytest.param(
            plain(From="ᏢᎪᎩᏢᎪᏞ <a@example.com>"),
            ["display-name-brand"],
            id="in Cherokee",
        ),
        pytest.param(
            plain(From="Pay\uffa0Pal <a@example.com>"),
            ["display-name-brand"],
            id="parted by a filler",
        ),
        pytest.param(
            plain(From="Paypalooza <a@example.com>"), [], id="inside a longer word"
        ),
        pytest.param(
            plain(
                From="PayPal via Forum <forum@lists.example.com>",
                List_Id="<forum.lists.example.com>",
            ),
            [],
            id="a list's author",
        ),
    ],
)
def test_knows_whose_name_it_is(raw, expected):
    assert rules(detect, raw) == expected
