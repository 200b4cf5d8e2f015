"""Brands are recognised by name and by the domains that are really theirs."""

import re

import pytest

from dashboard.domain import brands
from dashboard.domain.domains import organisation
from dashboard.domain.imitations import embedded


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


def test_the_table_knows_the_brands_of_many_countries():
    suffixes = {
        domain.rpartition(".")[2] for each in brands.known() for domain in each.domains
    }

    assert len(brands.known()) >= 300
    assert len({suffix for suffix in suffixes if len(suffix) == 2}) >= 20


def test_every_domain_is_one_that_can_be_registered():
    odd = [
        domain
        for brand in brands.known()
        for domain in brand.domains
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain)
        or not organisation(domain)
    ]

    assert odd == []


def test_no_name_belongs_to_two():
    names = [name for brand in brands.known() for name in brand.names]

    assert [name for name in names if names.count(name) > 1] == []


@pytest.mark.parametrize("host", ["zimbra.example.org", "free.example.net"])
def test_an_everyday_label_names_no_brand(host):
    assert embedded(host) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("usps", "USPS", id="letters"),
        pytest.param("dhl", "DHL", id="three letters"),
        pytest.param("visa", "Visa", id="a short word"),
        pytest.param("lowe's", "Lowe's", id="an apostrophe"),
        pytest.param("coca-cola", "Coca-Cola", id="a dash"),
        pytest.param("wells fargo", "Wells Fargo", id="two words"),
    ],
)
def test_is_written_as_people_write_it(name, shown):
    assert brands.Brand("any", (name,), ("any.example",)).shown == shown
