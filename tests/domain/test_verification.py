"""What DNS proves of a sender counts like a server's word, once, and never more."""

from dataclasses import replace

import pytest

from dashboard.domain.authentication import State, judge
from dashboard.domain.context import Context
from dashboard.domain.engine import examine
from dashboard.domain.parsing import parse
from dashboard.domain.receipts import to_record
from dashboard.domain.verification import (
    Action,
    Chain,
    Outcome,
    Policy,
    Signature,
    Verified,
)

MAIL = (
    "{above}DKIM-Signature: v=1; a=rsa-sha256; d={signer}; s=s1; h=from; bh=x; b=y\n"
    "From: Accounts <accounts@mail.example.com>\nTo: <reader@example.org>\n"
    "Subject: Statement\nMessage-ID: <1@mail.example.com>\n"
    "Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nYour statement is ready.\n"
)
TRUSTED = "Authentication-Results: mx.example.org; {}\nReceived: by mx.example.org; x\n"
REJECT = Policy("example.com", Action.REJECT, is_strict=False)
SEALS = (
    "ARC-Seal: i=2; d=google.com\nARC-Seal: i=1; d={first}\n"
    "ARC-Authentication-Results: i=1; x; dmarc=pass header.from=mail.example.com\n"
)


def verified(
    outcome: Outcome = Outcome.PASS, signer: str = "example.com", **more
) -> Verified:
    return Verified((Signature(signer, "s1", outcome),), **{"policy": REJECT, **more})


def mail(above: str = "", signer: str = "example.com") -> bytes:
    return MAIL.format(above=above, signer=signer).encode()


def context(found: Verified | None, servers: tuple[str, ...] = ("mx.example.org",)):
    return Context(trusted_servers=servers, verified=found)


def state(raw: bytes, found: Verified | None) -> State:
    return judge(parse(raw), context(found)).state


def rules(raw: bytes, found: Verified | None) -> dict[str, int]:
    told = examine(raw, context=context(found)).assessment
    return {each.finding.rule: each.points for each in told.findings}


def trusted(results: str) -> str:
    return TRUSTED.format(results)


class TestASignature:
    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            pytest.param(verified(), State.PASS, id="of the organisation"),
            pytest.param(verified(signer="mail.example.com"), State.PASS, id="its own"),
            pytest.param(
                verified(signer="example.net"), State.ABSENT, id="a stranger's"
            ),
            pytest.param(verified(signer="evil-example.com"), State.ABSENT, id="alike"),
            pytest.param(
                verified(policy=REJECT._replace(is_strict=True)),
                State.ABSENT,
                id="of the organisation, where the very domain is asked for",
            ),
            pytest.param(
                verified(
                    signer="mail.example.com", policy=REJECT._replace(is_strict=True)
                ),
                State.PASS,
                id="of the very domain",
            ),
            pytest.param(verified(policy=None), State.PASS, id="without any policy"),
            *(
                pytest.param(verified(each), State.ABSENT, id=each.value)
                for each in Outcome
                if each is not Outcome.PASS
            ),
            pytest.param(None, State.ABSENT, id="that nobody verified"),
        ],
    )
    def test_proves_the_sender_when_it_holds_and_is_his(self, found, expected):
        assert state(mail(), found) is expected

    @pytest.mark.parametrize(
        ("results", "expected"),
        [
            pytest.param("dmarc=fail", State.FAIL, id="which a server refused"),
            pytest.param("spf=softfail", State.PASS, id="which came another way"),
            pytest.param("dkim=none", State.PASS, id="at which nobody looked"),
        ],
    )
    def test_of_a_mail(self, results, expected):
        told = f"{results} header.from=mail.example.com"
        assert state(mail(trusted(told)), verified()) is expected

    def test_counts_as_much_as_a_server_that_reports_it_and_no_more(self):
        told = "dkim=pass header.d=example.com"

        alone = rules(mail(), verified())
        reported = rules(mail(trusted(told)), Verified())
        both = rules(mail(trusted(told)), verified())

        assert alone["auth-pass-aligned"] == reported["auth-pass-aligned"]
        assert both == reported

    def test_is_shown_where_it_stands(self):
        told = examine(mail(), context=context(verified())).assessment.findings
        (proof,) = [e for e in told if e.finding.rule == "auth-pass-aligned"]

        assert proof.finding.evidence[0].value == "d=example.com"
        assert "by the key in DNS" in proof.finding.summary


class TestABrokenSignature:
    @pytest.mark.parametrize(
        ("above", "found", "expected"),
        [
            pytest.param("", verified(Outcome.BROKEN), True, id="counts"),
            pytest.param(
                "",
                verified(
                    Outcome.BROKEN, policy=REJECT._replace(action=Action.QUARANTINE)
                ),
                True,
                id="counts where such mail is set aside",
            ),
            pytest.param(
                "",
                verified(Outcome.BROKEN, policy=REJECT._replace(action=Action.NONE)),
                False,
                id="is common where nothing is asked for",
            ),
            pytest.param(
                "", verified(Outcome.BROKEN, policy=None), False, id="without a policy"
            ),
            pytest.param(
                "", verified(Outcome.BROKEN, "example.net"), False, id="of a stranger"
            ),
            pytest.param("", verified(Outcome.NO_KEY), False, id="without a key"),
            pytest.param("", verified(Outcome.UNANSWERED), False, id="without DNS"),
            pytest.param(
                trusted("dkim=pass header.d=example.com"),
                verified(Outcome.BROKEN),
                False,
                id="that held when the mail came in",
            ),
            pytest.param(
                trusted("dmarc=fail header.from=mail.example.com"),
                verified(Outcome.BROKEN),
                False,
                id="is not counted twice",
            ),
        ],
    )
    def test_counts_where_its_domain_asks_for_it(self, above, found, expected):
        assert ("signature-broken" in rules(mail(above), found)) is expected

    @pytest.mark.parametrize(
        ("host", "expected"),
        [
            pytest.param("relay.example.net", False, id="a forwarder of ours"),
            pytest.param("a.evil.test", True, id="anybody"),
        ],
    )
    def test_is_common_behind(self, host, expected):
        above = f"Received: from {host} ({host} [192.0.2.7]) by mx.example.org; x\n"
        known = Context(
            trusted_servers=("mx.example.org",),
            forwarders=("relay.example.net",),
            verified=verified(Outcome.BROKEN),
        )

        told = examine(mail(above), context=known).assessment.findings

        found = {each.finding.rule for each in told}
        assert ("signature-broken" in found) is expected

    def test_beside_one_that_holds_is_no_harm(self):
        both = Verified(
            (
                Signature("example.com", "s1", Outcome.BROKEN),
                Signature("example.com", "s2", Outcome.PASS),
            ),
            REJECT,
        )
        assert "signature-broken" not in rules(mail("DKIM-Signature: d=x\n"), both)


class TestSeals:
    @pytest.mark.parametrize(
        ("first", "outcome", "expected"),
        [
            pytest.param(
                "microsoft.com", Outcome.PASS, False, id="of known forwarders"
            ),
            pytest.param(
                "mx.example.org", Outcome.PASS, False, id="of a server of ours"
            ),
            pytest.param(
                "attacker.example", Outcome.PASS, True, id="of a stranger first"
            ),
            pytest.param("microsoft.com", Outcome.BROKEN, True, id="that are forged"),
            pytest.param("microsoft.com", Outcome.NO_KEY, True, id="without a key"),
        ],
    )
    def test_excuse_a_signature_that_broke_on_the_way(self, first, outcome, expected):
        chain = Chain((first, "google.com"), outcome)
        found = verified(Outcome.BROKEN, chain=chain)

        told = rules(mail(SEALS.format(first=first)), found)

        assert ("signature-broken" in told) is expected

    def test_excuse_what_a_server_of_ours_found_failed(self):
        above = trusted("dmarc=fail header.from=mail.example.com")
        raw = mail(above + SEALS.format(first="microsoft.com"))
        seals = ("microsoft.com", "google.com")

        for outcome, expected in (
            (Outcome.PASS, State.FORWARDED),
            (Outcome.BROKEN, State.FAIL),
        ):
            found = Verified(chain=Chain(seals, outcome))
            assert state(raw, found) is expected

    @pytest.mark.parametrize(
        ("sealer", "expected"),
        [
            ("lists.provider.example", State.FORWARDED),
            ("provider.example", State.FORWARDED),
            ("evil.provider.example", State.FAIL),
            ("example", State.FAIL),
        ],
    )
    def test_of_a_forwarder_are_its_own_and_no_neighbours(self, sealer, expected):
        above = trusted("dmarc=fail header.from=mail.example.com")
        raw = mail(above + SEALS.format(first=sealer))
        found = Verified(chain=Chain((sealer, "google.com"), Outcome.PASS))
        ours = replace(context(found), forwarders=("lists.provider.example",))

        assert judge(parse(raw), ours).state is expected

    def test_that_hold_never_prove_a_sender(self):
        raw = mail(SEALS.format(first="google.com"))
        found = Verified(chain=Chain(("google.com", "google.com"), Outcome.PASS))

        assert state(raw, found) is State.ABSENT

    def test_that_are_forged_move_no_verdict(self):
        raw, sealed = mail(), mail(SEALS.format(first="google.com"))
        forged = Chain(("google.com", "google.com"), Outcome.BROKEN)

        assert rules(sealed, Verified(chain=forged)) == rules(raw, Verified())


def unchecked(found: Verified | None) -> list[str]:
    told = examine(mail(), context=context(found)).assessment.not_checked
    named = {"dns", "dkim", "dmarc", "arc", "spf"}
    return [each.check for each in told if each.check in named]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(None, ["dns"], id="nobody looked"),
        pytest.param(verified(), ["spf"], id="what rests on the way of the mail"),
        pytest.param(Verified(is_rebuilt=True), ["dkim"], id="Outlook made it anew"),
        pytest.param(verified(Outcome.BROKEN), [], id="a broken one was checked"),
        *(
            pytest.param(verified(each), ["dkim"], id=each.value)
            for each in Outcome
            if each not in {Outcome.PASS, Outcome.BROKEN}
        ),
        pytest.param(
            Verified(policy=REJECT._replace(outcome=Outcome.UNANSWERED)),
            ["dmarc"],
            id="no answer about a policy",
        ),
        pytest.param(
            Verified(chain=Chain((), Outcome.MALFORMED)), ["arc"], id="torn seals"
        ),
        pytest.param(Verified(is_cut=True), ["dkim"], id="too many signatures"),
    ],
)
def test_what_was_not_verified_is_named(found, expected):
    assert unchecked(found) == expected


def test_the_same_answers_give_the_same_receipt_and_are_kept_with_it():
    found = verified(chain=Chain(("google.com",), Outcome.PASS))

    one, other = (to_record(examine(mail(), context=context(found))) for _ in range(2))

    assert one == other
    kept = one["context"]["verified"]
    assert kept["signatures"] == [
        {"domain": "example.com", "index": 0, "outcome": "pass", "selector": "s1"}
    ]
    assert kept["policy"]["action"] == "reject"
    assert kept["chain"] == {"outcome": "pass", "sealers": ["google.com"]}


def test_a_verdict_is_reached_again_from_the_bytes_and_the_receipt():
    found = verified(Outcome.BROKEN)
    first = to_record(examine(mail(), context=context(found)))
    kept = first["context"]["verified"]

    again = Verified(
        tuple(
            Signature(e["domain"], e["selector"], Outcome(e["outcome"]), e["index"])
            for e in kept["signatures"]
        ),
        Policy(
            kept["policy"]["domain"],
            Action(kept["policy"]["action"]),
            kept["policy"]["is_strict"],
        ),
    )

    assert to_record(examine(mail(), context=context(again))) == first
