"""Asking DNS: what becomes of each kind of answer, and how much is ever asked."""

import socket
import time

import pytest

from dashboard.services import dns
from dashboard.services.dns import Resolver
from tests.nameserver import alias, refused, serving, silent, text, truncated

NAME = "s1._domainkey.example.com"


@pytest.fixture
def nameserver():
    with serving() as known:
        yield known


@pytest.fixture
def ask(nameserver):
    resolver = Resolver((nameserver.address,))

    def asked(*names: str):
        return resolver.texts(names)

    return asked


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        pytest.param(text("v=DKIM1; p=x"), (b"v=DKIM1; p=x",), id="an answer"),
        pytest.param(text("a", "b"), (b"a", b"b"), id="several records"),
        pytest.param(text("k" * 600), (b"k" * 600,), id="one text in three strings"),
        pytest.param(truncated(text("long")), (b"long",), id="over TCP when cut short"),
        pytest.param(refused("NXDOMAIN"), (), id="no such name"),
        pytest.param(refused("NOERROR"), (), id="a name without text"),
        pytest.param(refused("SERVFAIL"), None, id="a server that failed"),
        pytest.param(refused("REFUSED"), None, id="a server that will not"),
        pytest.param(silent, None, id="silence"),
        pytest.param(lambda *_: b"\0\1\2", None, id="no DNS at all"),
        pytest.param(
            truncated(text("k" * 9000)), None, id="more text than any key has"
        ),
        pytest.param(
            text(*(f"r{n}" for n in range(30))), None, id="more records than any"
        ),
        pytest.param(
            alias("a.example.com", NAME, "a.example.com"), None, id="a loop of names"
        ),
        pytest.param(alias("a.example.com"), (), id="a name that leads nowhere"),
    ],
)
def test_an_answer_is_told_from_none_and_from_silence(
    nameserver, ask, behaviour, expected
):
    nameserver.records[NAME] = behaviour

    found = ask(NAME)[NAME]

    assert (
        sorted(found) == sorted(expected) if found and expected else found == expected
    )


def test_a_name_is_asked_once_within_its_life(nameserver, ask):
    nameserver.records[NAME] = text("v=DKIM1")

    assert ask(NAME) == ask(NAME.upper().lower()) == {NAME: (b"v=DKIM1",)}
    assert nameserver.asked == [NAME]


@pytest.mark.parametrize(
    ("life", "seconds", "times"),
    [
        pytest.param(300, 299, 1, id="kept as long as it says"),
        pytest.param(300, 301, 2, id="asked again afterwards"),
        pytest.param(0, 29, 1, id="kept a little, whatever it says"),
        pytest.param(10**6, 3601, 2, id="kept an hour, whatever it says"),
    ],
)
def test_the_life_of_an_answer_is_bounded(
    nameserver, ask, monkeypatch, life, seconds, times
):
    nameserver.records[NAME] = text("v=DKIM1", ttl=life)
    ask(NAME)
    later = time.monotonic() + seconds
    monkeypatch.setattr(dns.time, "monotonic", lambda: later)

    ask(NAME)

    assert nameserver.asked == [NAME] * times


def test_memory_is_bounded(nameserver, monkeypatch):
    monkeypatch.setattr(dns, "KEPT", 3)
    resolver = Resolver((nameserver.address,))

    for number in range(9):
        resolver.texts([f"s{number}._domainkey.example.com"])

    assert len(resolver._kept) == 3


def test_only_so_many_names_are_asked_for_one_message(nameserver, ask):
    names = [f"s{number}._domainkey.example.com" for number in range(40)]

    found = ask(*names)

    assert nameserver.asked == names[: dns.MOST_NAMES]
    assert [found[name] for name in names[dns.MOST_NAMES :]] == [None] * 26


def test_silence_costs_one_message_a_bounded_time(nameserver, ask):
    names = [f"s{number}._domainkey.example.com" for number in range(10)]
    nameserver.records.update(dict.fromkeys(names, silent))
    started = time.monotonic()

    assert set(ask(*names).values()) == {None}
    assert time.monotonic() - started < dns.SECONDS + 3


def test_a_server_that_is_gone_is_left_alone_for_a_while(nameserver, monkeypatch):
    monkeypatch.setattr(dns, "NAME_SECONDS", 0.05)
    nameserver.records.update({f"s{n}.example.com": silent for n in range(20)})
    resolver = Resolver((nameserver.address,))
    for number in range(10):
        resolver.texts([f"s{number}.example.com"])

    told = list(dict.fromkeys(nameserver.asked))
    assert len(told) == dns.MOST_SILENCES
    assert resolver.texts(["s19.example.com"]) == {"s19.example.com": None}


def test_an_answer_between_says_that_the_server_is_there(nameserver, monkeypatch):
    monkeypatch.setattr(dns, "NAME_SECONDS", 0.05)
    nameserver.records.update({f"s{n}.example.com": silent for n in range(20)})
    nameserver.records["there.example.com"] = text("yes")
    resolver = Resolver((nameserver.address,))
    for number in range(5):
        resolver.texts([f"s{number}.example.com"])
    with monkeypatch.context() as patient:
        patient.setattr(dns, "NAME_SECONDS", 1.5)
        resolver.texts(["there.example.com"])
    for number in range(5, 10):
        resolver.texts([f"s{number}.example.com"])

    assert "s9.example.com" in nameserver.asked


def test_an_answer_to_another_question_is_not_believed(nameserver, ask):
    def other(query, is_tcp):
        reply = text("forged")(query, is_tcp)
        reply.id = (reply.id + 1) % 65536
        return reply

    nameserver.records[NAME] = other

    assert ask(NAME) == {NAME: None}


@pytest.mark.parametrize(
    ("written", "address", "port"),
    [
        ("192.0.2.1", "192.0.2.1", 53),
        ("192.0.2.1:5353", "192.0.2.1", 5353),
        ("2001:db8::1", "2001:db8::1", 53),
        ("[2001:db8::1]", "2001:db8::1", 53),
        ("[2001:db8::1]:5353", "2001:db8::1", 5353),
    ],
)
def test_a_server_is_an_address_and_perhaps_a_port(written, address, port):
    server = dns._server(written)

    assert (server.address, server.port) == (address, port)


def test_a_machine_without_servers_gives_no_answer(monkeypatch):
    def none(*_args, **_options):
        raise dns.dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.dns.resolver, "Resolver", none)

    assert Resolver().texts([NAME]) == {NAME: None}


def test_making_a_resolver_opens_no_socket(monkeypatch):
    opened = []
    monkeypatch.setattr(socket, "socket", lambda *a, **k: opened.append(a))

    Resolver(("127.0.0.1:9",)).texts([])

    assert opened == []
