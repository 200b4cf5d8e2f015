"""Which names may be asked of DNS: keys of servers, and nothing about a reader."""

import hashlib
from base64 import b32encode, b64encode

import pytest

from dashboard.domain.lookups import key_name, policy_names
from dashboard.domain.parsing import parse
from tests.quick import is_quick

READER = "jane.roe"
MAIL = (
    "From: Accounts <accounts@{sender}>\nTo: Jane <{reader}@example.org>\n"
    "Delivered-To: jroe77@corp.example.org\n"
    "Received: from a by b for <third.reader@example.org>; Sun, 22 Nov 2026 08:00\n"
    "\nHello\n"
)


def message(sender: str = "example.com", reader: str = READER):
    return parse(MAIL.format(sender=sender, reader=reader).encode())


def digest(kind: str, text: str) -> str:
    return hashlib.new(kind, text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("selector", "domain"),
    [
        ("s1", "example.com"),
        ("20230601", "example.com"),
        ("20230601120000pm", "example.com"),
        ("selector1-contoso-com", "contoso.onmicrosoft.com"),
        ("s1024-2013-q3", "mail.example.co.uk"),
        ("hs1-12345678", "news.example.de"),
        pytest.param("dk.2026", "example.com", id="a selector of two labels"),
        pytest.param("fm_3", "example.com", id="an underscore"),
        pytest.param("s1", "xn--bcher-kva.example.com", id="punycode"),
    ],
)
def test_names_that_servers_use_are_asked_for(selector, domain):
    assert key_name(message(), selector, domain) == f"{selector}._domainkey.{domain}"


@pytest.mark.parametrize(
    ("selector", "domain"),
    [
        pytest.param(READER, "example.com", id="the reader's name"),
        pytest.param("janeroe", "example.com", id="without its dot"),
        pytest.param("jane-roe", "example.com", id="with another mark"),
        pytest.param("x-jane-roe-9", "example.com", id="in the middle"),
        pytest.param("eorenaj", "example.com", id="backwards"),
        pytest.param("s1", f"{READER}.example.com", id="in the domain"),
        pytest.param("jane", "roe.example.com", id="across both"),
        pytest.param("jroe77", "example.com", id="of Delivered-To"),
        pytest.param("third-reader", "example.com", id="of Received"),
        pytest.param(READER.encode().hex(), "example.com", id="in hexadecimal"),
        pytest.param(
            b32encode(READER.encode()).decode().strip("=").lower(),
            "example.com",
            id="in Base32",
        ),
        pytest.param(
            b64encode(READER.encode()).decode().strip("=").lower(),
            "example.com",
            id="in Base64",
        ),
        *(
            pytest.param(
                digest(kind, f"{READER}@example.org")[:10], "example.com", id=kind
            )
            for kind in ("md5", "sha1", "sha256")
        ),
        pytest.param("s1", "jane-roe.duckdns.org", id="where names cost nothing"),
    ],
)
def test_nothing_that_names_a_reader_is_asked_for(selector, domain):
    assert key_name(message(), selector, domain) == ""


@pytest.mark.parametrize(
    ("selector", "domain"),
    [
        pytest.param("4f2a9c81d07be365", "example.com", id="a hexadecimal number"),
        pytest.param("224i4yxa5dv7c2xz3womw6peuasteono", "example.com", id="Base32"),
        pytest.param("k" * 33, "example.com", id="a long label"),
        pytest.param("qzxkvjwpqhgfdmnbrtyl", "example.com", id="letters alone"),
        pytest.param("a1b2c3", "d4e5.example.com", id="a number in pieces"),
        pytest.param("a1.b2.c3.d4", "example.com", id="a number in labels"),
        pytest.param("s1", "a1b2c3d4e5f6.example.com", id="a number in the domain"),
    ],
)
def test_nothing_that_could_be_a_number_for_one_reader_is_asked_for(selector, domain):
    assert key_name(message(), selector, domain) == ""


@pytest.mark.parametrize(
    ("selector", "domain"),
    [
        pytest.param("s1", "localhost", id="no suffix"),
        pytest.param("s1", "mail.internal", id="no public suffix"),
        pytest.param("s1", "co.uk", id="a suffix alone"),
        pytest.param("s1", "192.0.2.1", id="an address"),
        pytest.param("s1", "", id="no domain"),
        pytest.param("s 1", "example.com", id="a space"),
        pytest.param("s1/../x", "example.com", id="a path"),
        pytest.param("-s1", "example.com", id="a hyphen in front"),
        pytest.param("s1", "a..example.com", id="an empty label"),
        pytest.param("s1", "exa\0mple.com", id="a zero byte"),
        pytest.param("*", "example.com", id="a star"),
        pytest.param("s1", ("l" * 15 + ".") * 18 + "example.com", id="too long"),
    ],
)
def test_what_is_no_registered_name_is_not_asked_for(selector, domain):
    assert key_name(message(), selector, domain) == ""


@pytest.mark.parametrize(
    ("sender", "names"),
    [
        ("example.com", ["_dmarc.example.com"]),
        ("mail.example.co.uk", ["_dmarc.mail.example.co.uk", "_dmarc.example.co.uk"]),
        pytest.param("jane-roe.example.com", [], id="a reader in the sender's domain"),
        pytest.param("localhost", [], id="no domain of anybody"),
    ],
)
def test_a_policy_lies_at_the_domain_and_its_organisation(sender, names):
    assert list(policy_names(message(sender))) == names


def test_a_reader_named_like_a_company_still_gets_its_mail_verified():
    ours = message("paypal.com", reader="paypal")

    assert key_name(ours, "pp-dkim1", "paypal.com") == "pp-dkim1._domainkey.paypal.com"
    assert policy_names(ours) == ("_dmarc.paypal.com",)


@pytest.mark.parametrize("filling", ["a", "a@", "@", "a@b ", "."])
def test_endless_lists_of_readers_are_read_in_no_time(filling):
    text = (filling * 19_000)[:19_000]
    names = ("To", "Cc", "Bcc", "Delivered-To", "Resent-To", "Resent-Cc")
    lines = [f"{name}: {text}" for name in names for _ in range(5)]
    raw = "\n".join([*lines, "From: a@example.com", "", "Hello"]).encode()

    assert is_quick(lambda: key_name(parse(raw), "s1", "example.com"), seconds=0.5)
