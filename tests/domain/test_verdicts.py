"""Five messages that must come out right, whatever is calibrated."""

import base64

import pytest

from dashboard.domain.aggregator import Assessment, Verdict
from dashboard.domain.engine import examine

HOP = b"""Received: from out.%s by mx.example.org; Mon, 2 Nov 2026 09:00:00 +0000
"""
USUAL = b"""Date: Mon, 2 Nov 2026 08:59:00 +0000
Message-ID: <%s>
To: Reader <reader@example.org>
MIME-Version: 1.0
"""
REPLY = (
    HOP % b"example.org"
    + USUAL % b"2@example.org"
    + b"""From: Colleague <colleague@example.org>
Subject: Re: Room for Thursday
In-Reply-To: <1@example.org>
References: <1@example.org>

Thursday at ten is fine, I have booked the small room.

On Monday the reader wrote:
> Is Thursday at ten possible?
> The large room is taken.
"""
)
NEWSLETTER = (
    b"""Authentication-Results: mx.example.org; dkim=pass header.d=example.com;
 spf=pass smtp.mailfrom=example.com; dmarc=pass header.from=example.com
"""
    + HOP % b"example.com"
    + USUAL % b"n@example.com"
    + b"""From: The Garden Post <news@example.com>
Subject: What to plant in November
List-Unsubscribe: <https://www.example.com/leave>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Content-Type: text/html

<p>Garlic goes in now. <a href="https://www.example.com/garlic">How deep?</a></p>
<p><a href="https://www.example.com/leave">Unsubscribe</a></p>
"""
)
SPOOF = (
    HOP % b"attacker.test"
    + b"""Authentication-Results: attacker.test; spf=pass smtp.mailfrom=paypal.com
"""
    + USUAL % b"x@attacker.test"
    + b"""From: PayPal <service@paypal.com>
Reply-To: claims@refund-desk.test
Subject: Your account has been limited

Dear customer,

your account has been limited. Verify your account within 24 hours:
http://paypal.secure-desk.test/login
"""
)
VOUCHERS = (
    HOP % b"gmail.com"
    + USUAL % b"v@mail.gmail.com"
    + b"""From: Chief Executive <chief.private.office@gmail.com>
Subject: Are you available?

I need you to buy five gift vouchers for clients. Keep this confidential and send
me the codes by mail, I am in a meeting.
"""
)
PAGE = b"""<html><body><script>
const bytes = Uint8Array.from(atob("TVqQAAMAAAAEAAAA"), c => c.charCodeAt(0));
const file = new Blob([bytes], {type: "application/octet-stream"});
const link = document.createElement("a");
link.href = URL.createObjectURL(file);
link.download = "invoice.exe";
link.click();
</script></body></html>"""
SMUGGLING = (
    HOP % b"example.net"
    + USUAL % b"s@example.net"
    + b"""From: Accounts <accounts@example.net>
Subject: Document
Content-Type: multipart/mixed; boundary=b1

--b1
Content-Type: text/plain

Please see the document.
--b1
Content-Type: text/html; name="document.html"
Content-Disposition: attachment; filename="document.html"
Content-Transfer-Encoding: base64

"""
    + base64.encodebytes(PAGE)
    + b"--b1--\n"
)


def assessed(raw: bytes) -> Assessment:
    return examine(raw).assessment


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        pytest.param(REPLY, Verdict.CLEAN, id="a colleague's ordinary reply"),
        pytest.param(NEWSLETTER, Verdict.CLEAN, id="an authenticated newsletter"),
        pytest.param(SPOOF, Verdict.MALICIOUS, id="a spoof with forged results"),
        pytest.param(SMUGGLING, Verdict.MALICIOUS, id="a page that builds a program"),
    ],
)
def test_comes_out_right(raw, verdict):
    assert assessed(raw).verdict is verdict


def test_a_chief_executives_vouchers_are_never_clean():
    assert assessed(VOUCHERS).verdict in {Verdict.SUSPICIOUS, Verdict.MALICIOUS}


def test_the_forged_results_are_a_reason():
    told = {each.finding.rule for each in assessed(SPOOF).findings}

    assert {"auth-results-forged", "reply-to-mismatch"} <= told
    assert "auth-pass-aligned" not in told


@pytest.mark.parametrize("raw", [REPLY, NEWSLETTER, SPOOF, VOUCHERS, SMUGGLING])
def test_what_was_not_checked_is_said(raw):
    assert "sender-history" in [entry.check for entry in assessed(raw).not_checked]


@pytest.mark.parametrize("raw", [SPOOF, VOUCHERS, SMUGGLING])
def test_passing_every_check_on_its_own_domain_does_not_help_a_deceit(raw):
    home = examine(raw).message.sender.domain.encode()
    passed = b"Authentication-Results: mx.example.org; dmarc=pass header.from=" + home

    assert assessed(passed + b"\n" + raw).verdict is not Verdict.CLEAN
