"""A forwarder counts where our own server met it, and nowhere a sender can write."""

import pytest

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.detectors import authentication
from dashboard.domain.engine import examine
from dashboard.domain.forwarding import handover
from dashboard.domain.message import Header
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import rules
from tests.quick import is_quick

OURS = "mx.example.org"
FORWARDING = Context(
    trusted_servers=(OURS,), forwarders=("relay.example.net", "203.0.113.0/28")
)
VIA = f"from relay.example.net (relay.example.net [192.0.2.7]) by {OURS}; date"
STRANGER = f"from a.evil.test (a.evil.test [198.51.100.9]) by {OURS}; date"
INSIDE = f"from {OURS} ({OURS} [10.0.0.3]) by box.example.org; date"
LOCAL = f"from {OURS} by box.example.org with LMTP id 1; date"
TLS = "(using TLSv1.3 with cipher X (256/256 bits)) (No client certificate requested)"
FAILED = "spf=fail smtp.mailfrom=example.com; dmarc=fail header.from=example.com"
SIGNED = "dkim=pass header.d=example.com"


def mail(*received, told=FAILED):
    lines = [
        f"Authentication-Results: {OURS}; {told}",
        *(f"Received: {each}" for each in received),
        "From: Desk <desk@example.com>",
        "Subject: The minutes",
    ]
    return ("\r\n".join(lines) + "\r\n\r\nSee you on Monday.").encode()


def state(*received, told=FAILED, context=FORWARDING):
    return judge(parse(mail(*received, told=told)), context).state


@pytest.mark.parametrize(
    "received",
    [
        pytest.param([VIA], id="by name"),
        pytest.param([VIA.replace("from relay", "from other")], id="whatever its HELO"),
        pytest.param([VIA.replace("(relay", "(out3.relay")], id="a host below it"),
        pytest.param(
            [f"from x.test ([203.0.113.4]) by {OURS}; date"], id="by its network"
        ),
        pytest.param(
            [VIA.replace(f"by {OURS}", f"{TLS} by {OURS}")], id="under encryption"
        ),
        pytest.param([INSIDE, VIA], id="behind a hop inside"),
        pytest.param(
            [INSIDE.replace("10.0.0.3", "192.0.2.25"), VIA], id="behind one by its name"
        ),
        pytest.param([LOCAL, VIA], id="behind local delivery"),
        pytest.param([f"by {OURS} with SMTP id 1; date", VIA], id="behind a pick-up"),
    ],
)
def test_a_failed_spf_behind_a_forwarder_is_no_deceit(received):
    assert state(*received) is State.PASSED_ON
    assert state(*received, context=Context(trusted_servers=(OURS,))) is State.FAIL


@pytest.mark.parametrize(
    "received",
    [
        pytest.param([STRANGER], id="somebody else"),
        pytest.param([STRANGER, VIA], id="a line the sender wrote below"),
        pytest.param(
            [STRANGER.replace(f"by {OURS}", f'(Client CN "{VIA}") by {OURS}')],
            id="a line within a certificate",
        ),
        pytest.param(
            [STRANGER.replace("from a.evil.test", "from relay.example.net")],
            id="a borrowed HELO",
        ),
        pytest.param(
            [f"from unknown (HELO 203.0.113.4) (198.51.100.9) by {OURS}; date"],
            id="an address for a HELO, as qmail writes it",
        ),
        pytest.param(
            [f"from 198.51.100.9 (EHLO [203.0.113.4]) by {OURS}; date"],
            id="an address for an EHLO, in brackets",
        ),
        pytest.param(
            [f"from [198.51.100.9] (relay.example.net 203.0.113.4) by {OURS}; date"],
            id="an address that no brackets tell from a name",
        ),
        pytest.param(
            [f"from relay.example.net (unknown [198.51.100.9]) by {OURS}; date"],
            id="a name that DNS does not confirm",
        ),
        pytest.param(
            [VIA.replace("[192.0.2.7]", "[192.0.2.7] (may be forged)")],
            id="a name that the server doubts",
        ),
        pytest.param(
            [f"from x(relay.example.net [203.0.113.4]) {STRANGER.split(' ', 2)[2]}"],
            id="brackets in the HELO",
        ),
        pytest.param(
            [VIA.replace("(relay.", "(evilrelay.").replace("from relay", "from evil")],
            id="a name that ends alike",
        ),
        pytest.param(
            [f"from x.test ([203.0.113.16]) by {OURS}; date"], id="beside its network"
        ),
        pytest.param(
            [INSIDE, VIA.replace(OURS, "mx.evil.test")], id="met by a stranger"
        ),
        pytest.param(
            [f"from {OURS} by evil.test with LMTP id 1; date", VIA],
            id="a stranger's local delivery",
        ),
        pytest.param([f"from a.evil.test by {OURS}; date", VIA], id="a bare line"),
        pytest.param([], id="no line at all"),
    ],
)
def test_a_sender_cannot_forge_the_way_over_a_forwarder(received):
    assert state(*received) is State.FAIL


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(f"{FAILED}; {SIGNED}", State.PASS, id="the sender's signature"),
        pytest.param(
            "spf=fail smtp.mailfrom=example.com; dmarc=pass header.from=example.com",
            State.PASS,
            id="a DMARC that only a signature can pass",
        ),
        pytest.param(
            f"{FAILED}; dkim=pass header.d=mailer.test",
            State.UNALIGNED,
            id="another's signature",
        ),
        pytest.param(f"{FAILED}; dkim=fail", State.PASSED_ON, id="a broken one"),
        pytest.param(
            "spf=pass smtp.mailfrom=example.com; dmarc=pass header.from=example.com",
            State.PASSED_ON,
            id="a pass of the forwarder's own address",
        ),
        pytest.param("none", State.ABSENT, id="nothing told"),
    ],
)
def test_behind_a_forwarder_signatures_count(told, expected):
    assert state(VIA, told=told) is expected


def test_what_nobody_can_prove_is_named_and_not_held_against_the_sender():
    assert rules(authentication.detect, mail(VIA), FORWARDING) == []
    assert rules(authentication.detect, mail(STRANGER), FORWARDING) == ["auth-fail"]
    told = examine(mail(VIA), context=FORWARDING).assessment.not_checked
    assert any("A forwarder of yours" in each.reason for each in told)


def test_a_line_says_who_handed_the_mail_in():
    by = handover([Header("Received", VIA)], lambda host: host == OURS)

    assert by is not None
    assert (by.name, str(by.address)) == ("relay.example.net", "192.0.2.7")


@pytest.mark.parametrize(
    "received",
    [
        pytest.param([VIA.replace(OURS, "mx.evil.test")], id="met by a stranger"),
        pytest.param([LOCAL.replace("box.example.org", "evil.test"), VIA], id="local"),
        pytest.param(["nonsense", VIA], id="behind a line nobody can read"),
    ],
)
def test_only_lines_of_our_own_servers_say_it(received):
    lines = [Header("Received", each) for each in received]

    assert handover(lines, lambda host: host == OURS) is None


def test_a_line_below_what_the_author_wrote_says_nothing():
    raw = mail(INSIDE).replace(
        b"Subject: The minutes", f"Subject: x\r\nReceived: {VIA}".encode()
    )

    assert judge(parse(raw), FORWARDING).state is State.FAIL
    assert state(INSIDE, VIA) is State.PASSED_ON


@pytest.mark.parametrize("piece", ["from ", "(", "[1.", "a (", "by a "])
def test_hostile_lines_are_read_in_linear_time(piece):
    lines = [Header("Received", piece * 100_000)] * 100

    assert is_quick(lambda: handover(lines, lambda _host: True), 0.2)
