"""Results of receiving servers: how they read, and which ones are believed."""

import pytest

from dashboard.domain.authentication import State, hops, judge, parse, receiver, reports
from dashboard.domain.context import Context
from dashboard.domain.message import Header
from dashboard.domain.parsing import parse as read_message
from tests.quick import is_quick

TRUSTING = Context(trusted_servers=("mx.example.org",))
HOP = "Received: from a.example.com by mx.example.org; Mon, 2 Nov 2026 09:00:00 +0000"
OLDER = "Received: from b by relay.example.net; Mon, 2 Nov 2026 08:59:00 +0000"
PASS = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com"
FAIL = "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com"


def message(*lines, sender="desk@example.com"):
    head = "\r\n".join([*lines, f"From: {sender}", "Subject: x"])
    return read_message(f"{head}\r\n\r\nHello".encode())


def state(*lines, context=Context(), sender="desk@example.com"):  # noqa: B008
    return judge(message(*lines, sender=sender), context).state


def results(*told):
    return "Authentication-Results: mx.example.org; " + "; ".join(told)


class TestParse:
    @pytest.mark.parametrize(
        ("value", "server", "told"),
        [
            pytest.param("mx.example.org; none", "mx.example.org", [], id="nothing"),
            pytest.param(
                "mx.example.org 1; spf=pass",
                "mx.example.org",
                ["spf=pass"],
                id="version",
            ),
            pytest.param(
                "MX.Example.org; SPF=Pass", "mx.example.org", ["SPF=Pass"], id="case"
            ),
            pytest.param(
                "spf=fail; dkim=none", "", ["spf=fail", "dkim=none"], id="no server"
            ),
            pytest.param("mx; spf = pass", "mx", ["spf = pass"], id="spaces"),
            pytest.param(
                "mx; spf=pass (a; dkim=fail)", "mx", ["spf=pass"], id="comment"
            ),
            pytest.param(
                "mx; spf=pass ((a) b; dkim=fail)", "mx", ["spf=pass"], id="nested"
            ),
            pytest.param(
                'mx; spf=pass reason="x; dkim=fail"', "mx", ["spf=pass"], id="quoted"
            ),
            pytest.param(
                r"mx; spf=pass (\); dkim=fail)", "mx", ["spf=pass"], id="escaped"
            ),
            pytest.param("mx; x-google=pass", "mx", [], id="unknown method"),
            pytest.param("", "", [], id="empty"),
        ],
    )
    def test_reads_servers_and_results(self, value, server, told):
        found = parse(value)

        assert found[0] == server
        assert [value[r.start : r.end] for r in found[1]] == told

    def test_reads_properties(self):
        result = parse("mx; dkim=pass header.d=Example.COM header.i=@x.test")[1][0]

        assert result.domain("header.d") == "example.com"
        assert result.domain("header.x", "header.i") == "x.test"

    @pytest.mark.parametrize("piece", ["(", '"', "\\", ";", "=", "spf=pass;", "() "])
    def test_reads_hostile_headers_in_linear_time(self, piece):
        hostile = "mx; " + piece * 100_000

        assert is_quick(lambda: parse(hostile), 0.2)


class TestReceiver:
    @pytest.mark.parametrize(
        ("value", "host"),
        [
            pytest.param(
                "from a by MX.example.org; date", "mx.example.org", id="plain"
            ),
            pytest.param(
                "by mx.example.org (x) with SMTP", "mx.example.org", id="first"
            ),
            pytest.param(
                "from a (by evil.test) by mx.example.org;", "mx.example.org", id="c"
            ),
            pytest.param("from a with SMTP", "", id="none"),
            pytest.param("from a by", "", id="cut"),
        ],
    )
    def test_reads_who_received(self, value, host):
        assert receiver(Header("Received", value)) == host

    def test_hops_run_from_the_last_one(self):
        assert hops(message(HOP, OLDER)) == ("mx.example.org", "relay.example.net")


class TestBelief:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            pytest.param([PASS, HOP], State.PASS, id="above the hop"),
            pytest.param([HOP, PASS], State.PASS, id="below its own hop"),
            pytest.param([HOP, PASS, OLDER], State.PASS, id="above older hops"),
            pytest.param([HOP, OLDER, PASS], State.ABSENT, id="below older hops"),
            pytest.param([HOP, "Date: x", PASS], State.ABSENT, id="below the author's"),
            pytest.param([PASS], State.ABSENT, id="no hop at all"),
            pytest.param(
                [HOP, PASS.replace("mx.example.org", "mx.evil.test")],
                State.ABSENT,
                id="a stranger's",
            ),
            pytest.param(
                [HOP, PASS.replace("mx.", "smtp2.")], State.PASS, id="a sister server"
            ),
        ],
    )
    def test_without_trusted_servers_the_last_receiver_is_believed(
        self, lines, expected
    ):
        assert state(*lines) is expected

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            pytest.param([HOP, PASS], State.PASS, id="a trusted one"),
            pytest.param(
                [HOP, PASS.replace("mx.", "smtp2.")], State.ABSENT, id="a sister"
            ),
            pytest.param([HOP, OLDER, PASS], State.ABSENT, id="its name, too low"),
        ],
    )
    def test_trusted_servers_are_the_only_ones_believed(self, lines, expected):
        assert state(*lines, context=TRUSTING) is expected

    def test_receivers_that_do_not_name_themselves_are_known(self):
        hop = "Received: from x by a.mail.protection.outlook.com; date"
        told = "Authentication-Results: dmarc=fail header.from=example.com"

        assert state(hop, told) is State.FAIL
        assert state(HOP, told) is State.ABSENT

    def test_hops_between_numbered_machines_are_the_receivers_own(self):
        inner = "Received: by 2002:a05:6402::1 with SMTP id x; date"
        outer = "Received: from a by mx.google.com with SMTP; date"
        told = PASS.replace("mx.example.org", "mx.google.com")

        assert state(inner, outer, told) is State.PASS

    def test_reports_tell_which_are_trusted(self):
        found = reports(message(HOP, PASS, OLDER, FAIL), Context())

        assert [report.is_trusted for report in found] == [True, False]


class TestJudge:
    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            pytest.param(
                ["dmarc=pass header.from=example.com"], State.PASS, id="dmarc"
            ),
            pytest.param(
                ["dkim=pass header.d=mail.example.com"], State.PASS, id="dkim"
            ),
            pytest.param(
                ["spf=pass smtp.mailfrom=a@example.com"], State.PASS, id="spf"
            ),
            pytest.param(
                ["spf=pass smtp.mailfrom=x.test"], State.UNALIGNED, id="other"
            ),
            pytest.param(
                ["spf=fail smtp.mailfrom=example.com"], State.FAIL, id="spf fail"
            ),
            pytest.param(
                ["spf=softfail smtp.mailfrom=example.com"], State.FAIL, id="soft"
            ),
            pytest.param(["dkim=fail header.d=example.com"], State.NONE, id="broken"),
            pytest.param(["spf=none", "dkim=none"], State.NONE, id="nothing to check"),
            pytest.param(
                [
                    "spf=fail smtp.mailfrom=example.com",
                    "dkim=pass header.d=example.com",
                ],
                State.PASS,
                id="one pass is enough",
            ),
            pytest.param(
                ["spf=pass smtp.mailfrom=x.test", "dmarc=fail header.from=example.com"],
                State.FAIL,
                id="dmarc decides",
            ),
            pytest.param(
                ["dmarc=pass header.from=x.test"], State.ABSENT, id="another sender's"
            ),
        ],
    )
    def test_follows_the_results(self, told, expected):
        assert state(HOP, results(*told)) is expected

    def test_points_at_the_result_that_decided(self):
        judgement = judge(message(HOP, FAIL), Context())
        value = judgement.report.header.value

        assert value[judgement.result.start : judgement.result.end] == "dmarc=fail"

    @pytest.mark.parametrize(
        ("sealer", "expected"),
        [
            pytest.param("google.com", State.FORWARDED, id="a known forwarder"),
            pytest.param("evil.test", State.FAIL, id="anybody"),
        ],
    )
    def test_a_failure_behind_an_honest_seal_is_no_failure(self, sealer, expected):
        passed = "dmarc=pass header.from=example.com"
        lines = [
            HOP,
            results("dmarc=fail header.from=example.com", "arc=pass"),
            f"ARC-Seal: i=1; a=rsa-sha256; cv=none; d={sealer}; s=x; b=x",
            f"ARC-Authentication-Results: i=1; mx.{sealer}; {passed}",
        ]

        assert state(*lines) is expected

    @pytest.mark.parametrize(
        ("first", "expected"),
        [
            pytest.param("microsoft.com", State.FORWARDED, id="of honest ones alone"),
            pytest.param("evil.test", State.FAIL, id="begun by anybody"),
        ],
    )
    def test_a_chain_is_worth_what_its_first_sealer_is(self, first, expected):
        passed = "dmarc=pass header.from=example.com"
        lines = [
            HOP,
            results("dmarc=fail header.from=example.com", "arc=pass"),
            "ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=google.com; s=x; b=x",
            f"ARC-Seal: i=1; a=rsa-sha256; cv=none; d={first}; s=x; b=x",
            "ARC-Authentication-Results: i=2; mx.google.com; dmarc=fail",
            f"ARC-Authentication-Results: i=1; {first}; {passed}",
        ]

        assert state(*lines) is expected
