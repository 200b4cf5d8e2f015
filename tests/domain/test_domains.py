"""Hosts: who owns them, how they read, which are addresses, which look alike."""

import pytest

from dashboard.domain import domains, indicators, lookalike
from dashboard.domain.urls import Url, join, split


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("www.example.com", "example.com"),
        ("EXAMPLE.com.", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("one.github.io", "one.github.io"),
        ("x.two.web.app", "two.web.app"),
        ("mail.host.invalid", "host.invalid"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("www.пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("", ""),
        ("a..b.example", "b.example"),
        ("x" * 400 + ".example", None),
    ],
)
def test_an_organisation_owns_a_label_below_a_suffix(
    host: str, owner: str | None
) -> None:
    found = domains.organisation(host)
    assert found == owner if owner is not None else isinstance(found, str)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("3221225985", "192.0.2.1"),
        ("0xC0000201", "192.0.2.1"),
        ("0300.0.2.1", "192.0.2.1"),
        ("0xc0.0.513", "192.0.2.1"),
        ("192.0.513", "192.0.2.1"),
        ("192.0.2.1.", "192.0.2.1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("192.0.2.256", ""),
        ("1.2.3.4.5", ""),
        ("09.0.0.1", ""),
        ("0x.example", ""),
        ("example.com", ""),
        ("9" * 40, ""),
        ("", ""),
    ],
)
def test_numbers_are_addresses_as_browsers_read_them(host: str, address: str) -> None:
    assert domains.ip_of(host) == address
    assert domains.is_ip_host(host) == bool(address)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("www.example.com", "www.example.com"),
        ("xn--\u00e4", "xn--\u00e4"),
        ("xn--99999999", "xn--99999999"),
    ],
)
def test_punycode_is_decoded_where_it_can_be(host: str, shown: str) -> None:
    assert domains.unicode_host(host) == shown


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (
            "https://example.net/a?b#c",
            Url("https", "", "example.net", None, "/a", "b", "c"),
        ),
        ("http:/\\example.net", Url("http", "", "example.net")),
        (
            "https://bank.example@example.net",
            Url("https", "bank.example", "example.net"),
        ),
        (
            "https://a@b@example.net:8443/",
            Url("https", "a@b", "example.net", 8443, "/"),
        ),
        ("https://ex%61mple.net", Url("https", "", "example.net")),
        ("https://ＥＸＡＭＰＬＥ。net", Url("https", "", "example.net")),
        ("ht\ntps://example.net", Url("https", "", "example.net")),
        ("//example.net/x", Url("", "", "example.net", None, "/x")),
        ("https://[::1]:80/", Url("https", "", "::1", 80, "/")),
        ("https://0x7f.1/", Url("https", "", "127.0.0.1", None, "/")),
        ("data:text/html,x?y", Url("data", path="text/html,x", query="y")),
        ("mailto:a@example.org", Url("mailto", path="a@example.org")),
        ("sign-in", Url(path="sign-in")),
        ("https://exa mple.net", Url("https")),
        ("", Url()),
    ],
)
def test_urls_are_split_as_browsers_split_them(url: str, parts: Url) -> None:
    assert split(url) == parts


def test_a_port_is_odd_when_its_scheme_uses_another() -> None:
    ports = ["https://example.net:443", "https://example.net:80", "http://example.net"]
    assert [split(url).has_odd_port for url in ports] == [False, True, False]


@pytest.mark.parametrize(
    ("reference", "whole"),
    [
        ("b", "https://example.net/x/b"),
        ("/b", "https://example.net/b"),
        ("//example.org/b", "https://example.org/b"),
        ("mailto:x@example.org", "mailto:x@example.org"),
    ],
)
def test_references_are_resolved(reference: str, whole: str) -> None:
    assert join("https://example.net/x/y", reference) == whole


@pytest.mark.parametrize(
    ("plain", "defanged"),
    [
        ("https://www.example.net/a.b", "hxxps://www.example[.]net/a.b"),
        ("example.net", "example[.]net"),
        ("desk@mail.example.net", "desk@mail.example[.]net"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("ftp://example.net/x", "ftp[:]//example[.]net/x"),
        ("HTTP://example.net?a.b", "hxxp://example[.]net?a.b"),
    ],
)
def test_indicators_are_defanged(plain: str, defanged: str) -> None:
    assert indicators.defang(plain) == defanged


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("hxxps://www[.]example[.]net/a", "https://www.example.net/a"),
        ("desk[at]example(dot)net", "desk@example.net"),
        ("hxxp[:]//example.net", "http://example.net"),
        ("example.net", "example.net"),
    ],
)
def test_indicators_are_refanged(written: str, plain: str) -> None:
    assert indicators.refang(written) == plain


def test_unseen_characters_are_written_out() -> None:
    assert indicators.reveal("a\u202eb\u200bc\x07") == "a[U+202E]b[U+200B]c[U+0007]"
    assert indicators.reveal("größe") == "größe"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", id="Persian"),
        pytest.param("\u2764\ufe0f\u200d\U0001f525", id="emoji"),
    ],
)
def test_joiners_stay_where_the_spelling_needs_them(text):
    assert indicators.reveal(text) == text


def test_joiners_inside_latin_words_are_written_out():
    shown = indicators.reveal("pay\u200dpal\ufe0f")

    assert shown == "pay[U+200D]pal[U+FE0F]"


def test_foreign_hosts_are_shown_in_punycode() -> None:
    assert indicators.shown("https://пример.рф/a") == (
        "hxxps://xn--e1afmkfd[.]xn--p1ai/a"
    )


@pytest.mark.parametrize(
    ("name", "original"),
    [("paypa1", "paypal"), ("раураl", "paypal"), ("rnicrosoft", "microsoft")],
)
def test_names_that_look_the_same_are_confusable(name: str, original: str) -> None:
    assert lookalike.is_confusable(name, original)
    assert not lookalike.is_confusable(original, original)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("paypal", "paypal", 0),
        ("paypal", "paypall", 1),
        ("paypal", "papyal", 1),
        ("paypal", "peypel", 2),
        ("paypal", "example", 3),
        ("a" * 5000, "b" * 5000, 3),
    ],
)
def test_distance_counts_up_to_its_limit(one: str, other: str, steps: int) -> None:
    assert lookalike.distance(one, other, 2) == steps


@pytest.mark.parametrize(
    ("host", "how"),
    [
        ("paypa1.com", "confusable"),
        ("www.paypall.net", "misspelt"),
        ("paypal.net", ""),
        ("example.com", ""),
        ("xn--pypal-4ve.com", "confusable"),
    ],
)
def test_a_host_resembles_a_domain(host: str, how: str) -> None:
    assert lookalike.resembles(host, "paypal.com") == how
