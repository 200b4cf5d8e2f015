"""Names the organisation looks after count like the brands of the table."""

import pytest

from dashboard.domain import brands
from dashboard.domain.context import Context, Protected
from dashboard.domain.detectors import (
    brand_elsewhere,
    brand_in_domain,
    display_name_brand,
    link_brand,
    lookalike_domain,
)
from dashboard.domain.imitations import embedded, imitated
from tests.domain.detectors.mail import linked, page, plain, rules

OURS = (
    Protected("Harbour Trust", ("harbourtrust.example", "ht-post.example")),
    Protected("Signal", ("signalgroup.example",)),
)
PROTECTING = Context(protected=OURS)
CLAIM = '<p>Your Harbour Trust account is locked.</p><a href="{url}">Sign in</a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Harbour Trust Service", ["ours:Harbour Trust"], id="the name"),
        pytest.param("HARBOUR TRUST", ["ours:Harbour Trust"], id="in capitals"),
        pytest.param("Harbour Trustees", [], id="inside a longer word"),
        pytest.param("A trust at the harbour", [], id="other words"),
        pytest.param(
            "PayPal and Harbour Trust", ["paypal", "ours:Harbour Trust"], id="two"
        ),
    ],
)
def test_protected_names_are_found(text, expected):
    assert [each.brand.key for each in brands.named_in(text, OURS)] == expected


def test_nobody_elses_names_are_found():
    assert brands.named_in("Harbour Trust Service") == ()


@pytest.mark.parametrize(
    ("host", "is_owned"),
    [
        pytest.param("harbourtrust.example", True, id="its home"),
        pytest.param("www.ht-post.example", True, id="below another of its domains"),
        pytest.param("harbourtrust.de", False, id="the same label in a country"),
        pytest.param("harbourtrust.example.evil.test", False, id="in front"),
    ],
)
def test_a_protected_name_is_at_home_only_where_it_was_said_to_be(host, is_owned):
    assert (brands.owner_of(host, OURS) is not None) is is_owned


@pytest.mark.parametrize(
    ("host", "original"),
    [
        pytest.param("harbourtrust.example", None, id="itself"),
        pytest.param("harb0urtrust.example", "harbourtrust.example", id="a digit"),
        pytest.param("harbuortrust.test", "harbourtrust.example", id="letters swapped"),
        pytest.param("ht-post.example", None, id="its other domain"),
        pytest.param("arborist.example", None, id="another word"),
    ],
)
def test_imitations_of_protected_domains(host, original):
    found = imitated(host, (), OURS)

    assert (found.original if found else None) == original


def test_a_domain_said_to_be_at_home_is_no_imitation_of_an_own_one():
    assert imitated("ht-post.example", ("ht-p0st.example",)) is not None
    assert imitated("ht-post.example", ("ht-p0st.example",), OURS) is None


@pytest.mark.parametrize(
    ("host", "original"),
    [
        pytest.param("harbourtrust.test", "harbourtrust.example", id="elsewhere"),
        pytest.param("login-harbourtrust.test", "harbourtrust.example", id="a dash"),
        pytest.param("my.harbourtrust.example", None, id="at home"),
        pytest.param("harbourtrustees.test", None, id="inside a word"),
    ],
)
def test_protected_labels_inside_hosts(host, original):
    found = embedded(host, OURS)

    assert (found.original if found else None) == original


@pytest.mark.parametrize(
    ("detector", "raw", "rule"),
    [
        pytest.param(
            display_name_brand,
            plain(From="Harbour Trust <a@evil.test>"),
            "display-name-brand",
            id="display name",
        ),
        pytest.param(
            display_name_brand,
            plain(From="Harbour Trust <a@harbourtrust.de>"),
            "display-name-brand",
            id="display name, the same label in a country",
        ),
        pytest.param(
            link_brand,
            linked("https://evil.test/", text="Harbour Trust login"),
            "link-brand-mismatch",
            id="link text",
        ),
        pytest.param(
            brand_elsewhere,
            page(CLAIM.format(url="https://evil.test/")),
            "brand-elsewhere",
            id="spoken for",
        ),
        pytest.param(
            lookalike_domain,
            linked("https://harb0urtrust.test/"),
            "lookalike-domain",
            id="look-alike",
        ),
        pytest.param(
            brand_in_domain,
            linked("https://harbourtrust.evil.test/"),
            "brand-in-subdomain",
            id="in a host",
        ),
    ],
)
def test_the_rules_about_brands_know_them(detector, raw, rule):
    assert rules(detector.detect, raw, PROTECTING) == [rule]
    assert rules(detector.detect, raw) == []


@pytest.mark.parametrize(
    ("detector", "raw"),
    [
        pytest.param(
            display_name_brand,
            plain(From="Harbour Trust <a@mail.ht-post.example>"),
            id="from its second domain",
        ),
        pytest.param(
            display_name_brand,
            plain(From="The Signal Choir <a@choir.test>"),
            id="an everyday word",
        ),
        pytest.param(
            link_brand,
            linked("https://www.harbourtrust.example/", text="Harbour Trust login"),
            id="to its home",
        ),
        pytest.param(
            brand_elsewhere,
            page(CLAIM.format(url="https://www.ht-post.example/")),
            id="leads to it",
        ),
        pytest.param(
            lookalike_domain,
            linked("https://harbourtrust.example/"),
            id="its own domain",
        ),
        pytest.param(
            brand_in_domain,
            linked("https://sign-in.harbourtrust.example/"),
            id="below its own domain",
        ),
    ],
)
def test_what_really_comes_from_them_is_left_alone(detector, raw):
    assert rules(detector.detect, raw, PROTECTING) == []
