"""Brands are recognised by name and by the domains that are really theirs."""

import pytest

from dashboard.domain import brands


def keys(text):
    return [mention.brand.key for mention in brands.named_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The minutes", [], id="none"),
        pytest.param("PayPal Service", ["paypal"], id="a name"),
        pytest.param("Paypalooza", [], id="inside a word"),
        pytest.param("me@paypal.com", [], id="inside an address"),
        pytest.param("Wells Fargo", ["wellsfargo"], id="two words"),
        pytest.param("Orchard Apple Farm", [], id="an everyday word"),
        pytest.param("Apple", ["apple"], id="that word alone"),
        pytest.param("アマゾン", ["amazonjp"], id="in another script"),
    ],
)
def test_names_brands(text, expected):
    assert keys(text) == expected


def test_says_where_the_name_stands():
    mention = brands.named_in("Your PayPal team")[0]

    assert (mention.start, mention.end) == (5, 11)


@pytest.mark.parametrize(
    ("host", "key"),
    [
        pytest.param("www.paypal.com", "paypal", id="its domain"),
        pytest.param("amazon.example.jp", None, id="below a country"),
        pytest.param("amazon.de", "amazon", id="its label in a country"),
        pytest.param("amazon.top", None, id="its label elsewhere"),
        pytest.param("paypal.com.evil.example", None, id="in front"),
        pytest.param("example.com", None, id="nobody's"),
    ],
)
def test_knows_owners(host, key):
    owner = brands.owner_of(host)

    assert (owner.key if owner else None) == key


def test_every_brand_owns_its_own_home():
    assert all(brand.owns(brand.home) for brand in brands.known())
