"""Verifying mail by DNS: what holds, what does not, and what is never asked."""

import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.verification import Outcome, Verified
from dashboard.services.dns import MOST_NAMES
from tests.nameserver import refused, silent, text
from tests.signing import (
    COVERED,
    MAIL,
    OVERSIGNED,
    changed,
    ed25519,
    ed25519_record,
    record,
    rsa,
    sealed,
    signed,
    sized_record,
    written,
)

AT = datetime.now(UTC)
KEY = "s1._domainkey.example.com"
REJECT = "v=DMARC1; p=reject"
ED = {
    "signature_algorithm": b"ed25519-sha256",
    "privkey": b64encode(ed25519().private_bytes_raw()),
}


@pytest.fixture
def outcomes(look):
    def told(raw: bytes, at: datetime = AT):
        return [each.outcome for each in look(raw, at).signatures]

    return told


class TestSignatures:
    @pytest.mark.parametrize("header", [b"simple", b"relaxed"])
    @pytest.mark.parametrize("body", [b"simple", b"relaxed"])
    @pytest.mark.parametrize(
        "mail",
        [
            pytest.param(MAIL, id="usual"),
            pytest.param(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", id="no body"),
            pytest.param(MAIL.rstrip(), id="no line break at the end"),
            pytest.param(MAIL + b" \t\r\n\r\n \r\n", id="blank lines at the end"),
            pytest.param(MAIL.replace(b"Your ", b"Your\r\n\t"), id="a folded subject"),
        ],
    )
    def test_hold_as_another_program_made_them(self, outcomes, header, body, mail):
        assert outcomes(signed(mail, canonicalize=(header, body))) == [Outcome.PASS]

    def test_hold_with_an_elliptic_key(self, nameserver, outcomes):
        nameserver.records[KEY] = text(ed25519_record())

        assert outcomes(signed(**ED)) == [Outcome.PASS]
        assert outcomes(changed(b"ready", b"paid", signed(**ED))) == [Outcome.BROKEN]

    def test_hold_whatever_the_line_breaks_were_kept_as(self, outcomes):
        assert outcomes(signed().replace(b"\r\n", b"\n")) == [Outcome.PASS]

    def test_hold_below_a_line_of_a_mailbox(self, outcomes):
        assert outcomes(b"From x Sun Nov 22\r\n" + signed()) == [Outcome.PASS]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            pytest.param(b"is ready", b"is  ready", Outcome.PASS, id="white space"),
            pytest.param(b"is ready", b"was ready", Outcome.BROKEN, id="a word"),
            pytest.param(
                b"Your  st", b"Your st", Outcome.PASS, id="a space of a header"
            ),
            pytest.param(b"Your  st", b"My  st", Outcome.BROKEN, id="the subject"),
            pytest.param(
                b"Accounts", b"Support", Outcome.BROKEN, id="the sender's name"
            ),
            pytest.param(
                b"To: ", b"X-Seen: y\r\nTo: ", Outcome.PASS, id="a new header"
            ),
            pytest.param(b" b=", b" b=AAAA", Outcome.BROKEN, id="the signature"),
            pytest.param(b" bh=", b" bh=AAAA", Outcome.BROKEN, id="the hash"),
        ],
    )
    def test_break_when_what_they_cover_is_changed(self, outcomes, old, new, expected):
        assert outcomes(changed(old, new)) == [expected]

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(b"From: Boss <boss@example.com>\r\n", id="a sender"),
            pytest.param(b"Subject: Pay now\r\n", id="a subject"),
            pytest.param(b"Content-Type: text/html\r\n", id="a type"),
            pytest.param(b"Reply-To: x@example.net\r\n", id="whom to answer"),
        ],
    )
    def test_prove_nothing_below_a_header_that_was_put_on_top(self, outcomes, line):
        assert outcomes(line + signed()) == [Outcome.UNCOVERED]
        assert outcomes(signed().replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n", 1)) == [
            Outcome.UNCOVERED
        ]

    @pytest.mark.parametrize(
        ("left", "expected"),
        [
            pytest.param(b"content-type", Outcome.PASS, id="the type, as many do"),
            pytest.param(b"to", Outcome.PASS, id="whom it is for"),
            pytest.param(b"subject", Outcome.UNCOVERED, id="the subject"),
        ],
    )
    def test_may_leave_out(self, outcomes, left, expected):
        covered = [name for name in COVERED if name != left]

        assert outcomes(signed(include_headers=covered)) == [expected]

    def test_break_where_they_rule_out_more_headers(self, outcomes):
        own = signed(include_headers=OVERSIGNED)

        assert outcomes(own) == [Outcome.PASS]
        assert outcomes(b"Reply-To: x@example.net\r\n" + own) == [Outcome.BROKEN]

    def test_prove_nothing_when_they_cover_a_part_of_the_body(self, outcomes):
        whole = signed(length=True)

        assert b" l=" in whole
        assert outcomes(whole) == [Outcome.PASS]
        assert outcomes(whole + b"Pay here\r\n") == [Outcome.PARTIAL]
        assert outcomes(whole.removesuffix(b"counts\r\n\r\n")) == [Outcome.BROKEN]

    @pytest.mark.parametrize(
        ("late", "expected"),
        [
            pytest.param(timedelta(hours=-1), Outcome.PASS, id="in time"),
            pytest.param(
                timedelta(hours=23), Outcome.PASS, id="within a clock's error"
            ),
            pytest.param(timedelta(hours=25), Outcome.EXPIRED, id="too late"),
        ],
    )
    def test_expire(self, outcomes, late, expected):
        ends = int(AT.timestamp())

        assert outcomes(written(f"t={ends - 9}; x={ends}"), AT + late) == [expected]

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            pytest.param(0.9, Outcome.PASS, id="by a clock that is fast"),
            pytest.param(1.1, Outcome.MALFORMED, id="in the future"),
        ],
    )
    def test_made_after_the_mail_came_prove_nothing(self, outcomes, days, expected):
        made = int(AT.timestamp() + days * 86_400)

        assert outcomes(written(f"t={made}")) == [expected]

    @pytest.mark.parametrize(
        ("identity", "flags", "expected"),
        [
            pytest.param("@example.com", "t=s; ", Outcome.PASS, id="its own"),
            pytest.param("@mail.example.com", "", Outcome.PASS, id="below it"),
            pytest.param(
                "@mail.example.com", "t=s; ", Outcome.MALFORMED, id="below a strict one"
            ),
            pytest.param("@example.net", "", Outcome.MALFORMED, id="somebody else's"),
        ],
    )
    def test_speak_for_a_domain(self, nameserver, outcomes, identity, flags, expected):
        nameserver.records[KEY] = text(record(more=flags))

        assert outcomes(written(f"i=desk{identity}")) == [expected]

    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            pytest.param(record(), Outcome.PASS, id="the key"),
            pytest.param(
                record(more="t=s; h=sha256; s=email; "), Outcome.PASS, id="strict"
            ),
            pytest.param(
                record(more="t=y; "), Outcome.TESTING, id="a key that is tested"
            ),
            pytest.param(record(more="h=sha1; "), Outcome.WEAK, id="for a weak hash"),
            pytest.param(
                record(more="s=web; "), Outcome.NO_KEY, id="for other services"
            ),
            pytest.param(record(rsa(1024)), Outcome.BROKEN, id="another key"),
            pytest.param(
                sized_record(1024), Outcome.BROKEN, id="a key just long enough"
            ),
            pytest.param(sized_record(1016), Outcome.WEAK, id="a key too short"),
            pytest.param(sized_record(4104), Outcome.NO_KEY, id="a key too long"),
            pytest.param("v=DKIM1; p=", Outcome.NO_KEY, id="withdrawn"),
            pytest.param("v=DKIM1; p=AAAA", Outcome.NO_KEY, id="no key"),
            pytest.param("v=DKIM2; " + record()[9:], Outcome.NO_KEY, id="no DKIM"),
            pytest.param("hello", Outcome.NO_KEY, id="no list"),
            pytest.param(ed25519_record(), Outcome.NO_KEY, id="a key of another kind"),
            pytest.param(record() + "; p=", Outcome.NO_KEY, id="a tag given twice"),
        ],
    )
    def test_need_a_key_that_is_meant_for_them(
        self, nameserver, outcomes, told, expected
    ):
        nameserver.records[KEY] = text(told)

        assert outcomes(signed()) == [expected]

    def test_with_two_keys_at_one_name_prove_nothing(self, nameserver, outcomes):
        nameserver.records[KEY] = text(record(), record(rsa(1024)))

        assert outcomes(signed()) == [Outcome.NO_KEY]

    @pytest.mark.parametrize(
        ("behaviour", "expected"),
        [
            pytest.param(refused("NXDOMAIN"), Outcome.NO_KEY, id="no such name"),
            pytest.param(refused("SERVFAIL"), Outcome.UNANSWERED, id="a failed server"),
            pytest.param(silent, Outcome.UNANSWERED, id="silence"),
        ],
    )
    def test_without_an_answer_are_neither_good_nor_bad(
        self, nameserver, outcomes, behaviour, expected
    ):
        nameserver.records[KEY] = behaviour

        assert outcomes(signed()) == [expected]

    @pytest.mark.parametrize(
        "tag",
        [
            pytest.param((b"a=rsa-sha256", b"a=rsa-sha1"), id="a weak hash"),
            pytest.param((b"a=rsa-sha256", b"a=none"), id="no algorithm"),
            pytest.param((b"c=relaxed/relaxed", b"c=loose"), id="an unknown form"),
            pytest.param((b"d=example.com", b"d="), id="no domain"),
            pytest.param((b"v=1;", b"v=1; v=1;"), id="a tag given twice"),
            pytest.param((b"v=1;", b"v=1; i=@example.net;"), id="for somebody else"),
            pytest.param((b"v=1;", b"v=1; x=9; t=10;"), id="ended before it began"),
            pytest.param(
                (b"v=1;", b"v=1; x=" + b"9" * 5000 + b";"), id="a huge number"
            ),
            pytest.param((b"v=1;", "v=1; x=²;".encode()), id="a digit that is none"),
            pytest.param((b"v=1;", b"v=1; l=-1;"), id="a negative length"),
        ],
    )
    def test_that_are_malformed_are_asked_nothing_about(
        self, nameserver, outcomes, tag
    ):
        assert outcomes(changed(*tag))[0] in {Outcome.MALFORMED, Outcome.WEAK}
        assert KEY not in nameserver.asked

    def test_are_looked_at_up_to_a_number(self, nameserver, look):
        raw = MAIL
        for number in range(9):
            nameserver.records[f"k{number}._domainkey.example.com"] = text(record())
            raw = signed(raw, selector=f"k{number}".encode())

        found = look(raw)

        assert [each.selector for each in found.signatures] == [
            "k8",
            "k7",
            "k6",
            "k5",
            "k4",
        ]
        assert found.is_cut


class TestWhatIsAsked:
    def test_is_keys_and_policies_alone(self, nameserver, look):
        raw = sealed(signed(), domain="example.net")

        look(raw + b"http://tracker.example/reader@example.org?id=7\r\n")

        assert sorted(nameserver.asked) == [
            "_dmarc.example.com",
            "arc._domainkey.example.net",
            KEY,
        ]

    def test_holds_nothing_of_the_reader(self, nameserver, look):
        raw = MAIL
        for selector in ("reader", "x-reader", "72656164657240", "a1b2c3d4e5"):
            raw = signed(raw, selector=selector.encode())

        found = look(raw)

        assert {each.outcome for each in found.signatures} == {Outcome.UNASKED}
        assert nameserver.asked == ["_dmarc.example.com"]

    def test_is_nothing_for_a_mail_that_outlook_made_anew(self, nameserver, look):
        found = look(b"X-PhishNet-Rebuilt: lost=\r\n" + signed())

        assert found == Verified(is_rebuilt=True)
        assert nameserver.asked == []

    def test_stays_within_a_number(self, nameserver, look):
        raw = MAIL
        for number in range(9):
            raw = signed(raw, selector=f"k{number}".encode())
        raw = sealed(raw, domain="example.net")

        look(raw.replace(b"s@example.com>", b"s@mail.example.com>", 1))

        assert len(nameserver.asked) <= MOST_NAMES


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"DKIM-Signature:\r\n\r\n", id="an empty signature"),
        pytest.param(b"DKIM-Signature: " + b";" * 9000 + b"\r\n\r\n", id="marks"),
        pytest.param(b"DKIM-Signature: d=\xff\xfe; s=\0\r\n\r\n", id="bytes"),
        pytest.param(b"ARC-Seal: i=1\r\nARC-Seal: i=99\r\n\r\n", id="torn seals"),
        pytest.param(
            b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; b=x; bh=y;"
            b" h=" + b"from:" * 5000 + b"\r\nFrom: a@example.com\r\n\r\n",
            id="a header named over and over",
        ),
        pytest.param(signed()[:400], id="cut off"),
        pytest.param(b"\xef\xbb\xbf" + signed(), id="a mark in front"),
    ],
)
def test_hostile_mail_is_verified_without_an_error(look, raw):
    assert Outcome.PASS not in [s.outcome for s in look(raw).signatures] or raw[:1] == (
        b"\xef"
    )


def test_a_body_full_of_white_space_takes_linear_time(look):
    raw = signed() + b" \t" * 1_000_000 + b"x"
    started = time.thread_time()

    look(raw)

    assert time.thread_time() - started < 1
