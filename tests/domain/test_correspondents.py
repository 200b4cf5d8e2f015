"""What correspondents are known by, and which names could be taken for theirs."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.correspondents import (
    MOST_REFERENCES,
    address_key,
    domain_key,
    is_vouched,
    like_keys,
    passes_for,
    references,
    thread_key,
    wanted_keys,
)
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import checked, plain


@pytest.mark.parametrize(
    ("mailbox", "key"),
    [
        ("Desk@Example.COM.", "address:desk@example.com"),
        ("desk@bücher.example", "address:desk@xn--bcher-kva.example"),
        ("no address", ""),
        ("@example.com", ""),
        ("desk@", ""),
    ],
)
def test_an_address_has_one_name(mailbox, key):
    assert address_key(mailbox) == key


def test_a_domain_is_known_by_who_registered_it_unless_anybody_is_there():
    assert domain_key("mail.example.co.uk") == "domain:example.co.uk"
    assert domain_key("gmail.com") == ""


@pytest.mark.parametrize(
    ("host", "domain", "expected"),
    [
        pytest.param("acme-supplies.com", "acme-supplies.com", False, id="itself"),
        pytest.param("mail.acme-supplies.com", "acme-supplies.com", False, id="below"),
        pytest.param("acme-suplies.com", "acme-supplies.com", True, id="one left out"),
        pytest.param("acme-supplies.net", "acme-supplies.com", True, id="other ending"),
        pytest.param("acmesupplies.com", "acme-supplies.com", True, id="no hyphen"),
        pytest.param("acme-supp1ies.com", "acme-supplies.com", True, id="a digit"),
        pytest.param("acrne-supplies.com", "acme-supplies.com", True, id="rn for m"),
        pytest.param("acme-sulppies.com", "acme-supplies.com", False, id="two moved"),
        pytest.param("acme-suppplis.com", "acme-supplies.com", False, id="two letters"),
        pytest.param("bold.com", "gold.com", False, id="short words differ by one"),
        pytest.param("g0ld.com", "gold.com", True, id="short words drawn alike"),
        pytest.param("abc.com", "abc.net", False, id="three letters"),
        pytest.param("orange.example", "orange.test", False, id="an everyday word"),
    ],
)
def test_names_that_could_be_taken_for_another(host, domain, expected):
    assert passes_for(host, domain) is expected


@pytest.mark.parametrize(
    "double",
    [
        *("acme-suplies.com", "acme-suppliess.com", "acme-supplles.net"),
        *("acmesupplies.com", "acme-supplies.de", "acme-spuplies.com"),
    ],
)
def test_names_alike_share_a_key(double):
    assert set(like_keys(double)) & set(like_keys("acme-supplies.com"))


def test_few_keys_are_asked_for_however_long_the_name():
    many = [f"<{n}@example.org>" for n in range(500)]
    raw = plain(From=f"a@{'x' * 60}.example", Reply_To=", ".join(many))

    assert len(wanted_keys(parse(raw))) < 120


def test_references_are_the_last_ones_each_once():
    named = " ".join(f"<{n}@example.org>" for n in range(40))
    raw = plain(In_Reply_To="<39@example.org>", References=named)

    found = references(parse(raw))
    assert found[:2] == ("39@example.org", "38@example.org")
    assert len(found) == MOST_REFERENCES


def test_a_message_id_is_kept_as_its_digest():
    assert thread_key("<1@example.org>") == thread_key("1@example.org")
    assert "example" not in thread_key("1@example.org")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(checked("example.com", "pass"), True, id="confirmed"),
        pytest.param(checked("example.com", "fail"), False, id="refuted"),
        pytest.param(plain(), False, id="nobody looked"),
        pytest.param(
            checked("example.com", "pass").replace(
                b"From: a@example.com", b"From: a@example.com, b@example.net"
            ),
            False,
            id="two senders",
        ),
    ],
)
def test_only_a_confirmed_single_sender_is_vouched_for(raw, expected):
    assert is_vouched(parse(raw), Context()) is expected
