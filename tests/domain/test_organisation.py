"""What an organisation says of itself is read in one form, or refused with a reason."""

import pytest

from dashboard.domain.context import Context, Protected
from dashboard.domain.organisation import (
    MAX_LINE,
    MOST,
    Fault,
    Field,
    NotAccepted,
    context_of,
    entries,
    written,
)
from tests.quick import is_quick

SERVERS = Context(
    trusted_servers=("mx.example.org",),
    own_domains=("example.org",),
    executives=("Chief Executive",),
)
HARBOUR = Protected("Harbour Trust", ("harbourtrust.example", "ht-post.example"))


def faults(field, text):
    with pytest.raises(NotAccepted) as refused:
        entries(field, text)
    return refused.value.faults


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        pytest.param(Field.OWN_DOMAINS, "", (), id="nothing"),
        pytest.param(Field.OWN_DOMAINS, "Example.ORG.", ("example.org",), id="case"),
        pytest.param(Field.OWN_DOMAINS, "@example.org", ("example.org",), id="at"),
        pytest.param(
            Field.OWN_DOMAINS,
            "bücher.example",
            ("xn--bcher-kva.example",),
            id="beyond ASCII",
        ),
        pytest.param(
            Field.OWN_DOMAINS,
            "b.example\n\n a.example \r\nB.example",
            ("b.example", "a.example"),
            id="order kept, repetitions gone",
        ),
        pytest.param(
            Field.EXECUTIVES,
            " Chief \u200b Executive ",
            ("Chief Executive",),
            id="hidden characters",
        ),
        pytest.param(
            Field.PROTECTED,
            "Harbour  Trust:HarbourTrust.example , ht-post.example",
            ("Harbour Trust: harbourtrust.example, ht-post.example",),
            id="a name and its domains",
        ),
        pytest.param(
            Field.TRUSTED_SERVERS,
            "MX1\nmx.Example.org",
            ("mx1", "mx.example.org"),
            id="servers may be one word",
        ),
        pytest.param(
            Field.FORWARDERS,
            "Relay.example.net\n203.0.113.9\n203.0.113.17/28\n2001:db8::1",
            ("relay.example.net", "203.0.113.9", "203.0.113.16/28", "2001:db8::1"),
            id="hosts, addresses and networks",
        ),
    ],
)
def test_entries_are_kept_in_their_usual_form(field, text, expected):
    assert entries(field, text) == expected


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        pytest.param(Field.OWN_DOMAINS, "example", "not a domain", id="no dot"),
        pytest.param(Field.OWN_DOMAINS, "a b.example", "not a domain", id="a space"),
        pytest.param(Field.OWN_DOMAINS, "192.0.2.1", "not a domain", id="an address"),
        pytest.param(Field.OWN_DOMAINS, "a..example", "not a domain", id="two dots"),
        pytest.param(Field.OWN_DOMAINS, "co.uk", "belongs to everybody", id="a suffix"),
        pytest.param(Field.OWN_DOMAINS, "gmail.com", "Anybody can", id="freemail"),
        pytest.param(
            Field.OWN_DOMAINS, f"{'a.' * 150}example", "not a domain", id="endless"
        ),
        pytest.param(
            Field.OWN_DOMAINS, "https://example.org", "not a domain", id="URL"
        ),
        pytest.param(Field.EXECUTIVES, "A", "2 to 80", id="a short name"),
        pytest.param(Field.EXECUTIVES, "a" * 81, "2 to 80", id="a long name"),
        pytest.param(Field.EXECUTIVES, "“Chief”", "begin and end", id="quotes"),
        pytest.param(Field.PROTECTED, "Harbour Trust", "a colon", id="no domain"),
        pytest.param(Field.PROTECTED, "Harbour Trust:", "a colon", id="none behind it"),
        pytest.param(Field.PROTECTED, ": a.example", "2 to 80", id="no name"),
        pytest.param(
            Field.PROTECTED, "Harbour Trust: gmail.com", "Anybody", id="no home"
        ),
        pytest.param(
            Field.PROTECTED,
            "Harbour: " + ", ".join(f"h{n}.example" for n in range(11)),
            "at most 10",
            id="many homes",
        ),
        pytest.param(Field.TRUSTED_SERVERS, "mx example", "name of a server", id="two"),
        pytest.param(Field.FORWARDERS, "0.0.0.0/0", "of too many", id="everybody"),
        pytest.param(Field.FORWARDERS, "203.0.0.0/15", "of too many", id="a wide net"),
        pytest.param(Field.FORWARDERS, "com", "not a domain", id="a whole country"),
        pytest.param(
            Field.FORWARDERS, "a" * (MAX_LINE + 1), "at most 400", id="a long line"
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(field, text, why):
    (fault,) = faults(field, text)

    assert fault.line == 1
    assert why in fault.why


def test_every_faulty_line_is_named_up_to_a_few():
    told = faults(Field.OWN_DOMAINS, "a.example\nb\n" + "c\n" * 20)

    assert [fault.line for fault in told] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("line", ["ä{}.example", "a{}.gmail.com"])
def test_endless_text_is_read_no_further_than_it_takes_to_refuse_it(line):
    text = "\n".join(line.format(number) for number in range(20_000))

    assert is_quick(lambda: faults(Field.OWN_DOMAINS, text), seconds=0.15)


@pytest.mark.parametrize("field", list(Field))
def test_as_many_entries_as_there_may_be_are_taken_and_no_more(field):
    lines = [f"name{n}.example" for n in range(MOST[field] + 1)]
    if field is Field.PROTECTED:
        lines = [f"Name {n}: {line}" for n, line in enumerate(lines)]

    assert len(entries(field, "\n".join(lines[1:]))) == MOST[field]
    assert faults(field, "\n".join(lines)) == (
        Fault(0, f"Write at most {MOST[field]} lines."),
    )


def test_a_context_says_what_was_written():
    said = {
        Field.PROTECTED: entries(Field.PROTECTED, written(ours())[Field.PROTECTED][0])
    }

    context = context_of(said, SERVERS, 3)

    assert context == ours()
    assert context.own_domains == SERVERS.own_domains


def test_an_empty_field_is_not_an_untouched_one():
    assert context_of({Field.OWN_DOMAINS: ()}, SERVERS, 1).own_domains == ()
    assert context_of({}, SERVERS, 1).own_domains == ("example.org",)


def ours():
    return Context(
        trusted_servers=SERVERS.trusted_servers,
        own_domains=SERVERS.own_domains,
        executives=SERVERS.executives,
        protected=(HARBOUR,),
        version=3,
    )
