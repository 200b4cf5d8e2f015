"""Policies of domains: read where they are published, by who is asked for."""

import pytest

from dashboard.domain.verification import Action, Outcome, Policy
from tests.nameserver import refused, text
from tests.signing import MAIL

REJECT = "v=DMARC1; p=reject"


class TestPolicies:
    @pytest.mark.parametrize(
        ("records", "action", "domain"),
        [
            pytest.param([REJECT], Action.REJECT, "example.com", id="one"),
            pytest.param(
                ["v=spf1", "v=DMARC1; p=quarantine"],
                Action.QUARANTINE,
                "example.com",
                id="among other texts",
            ),
            pytest.param(
                [REJECT, "v=DMARC1; p=none"], Action.NONE, "", id="two are none"
            ),
            pytest.param(["v=DMARC2; p=reject"], Action.NONE, "", id="another"),
            pytest.param(
                ["v=DMARC1; p=reject; pct=50"],
                Action.QUARANTINE,
                "example.com",
                id="for half of the mail",
            ),
            pytest.param(
                ["v=DMARC1; p=quarantine; pct=0"],
                Action.NONE,
                "example.com",
                id="for none of it",
            ),
            pytest.param(
                ["v=DMARC1; p=shred"], Action.NONE, "example.com", id="unknown"
            ),
            pytest.param([], Action.NONE, "", id="none"),
        ],
    )
    def test_are_read_where_they_are_published(
        self, nameserver, look, records, action, domain
    ):
        del nameserver.records["_dmarc.example.com"]
        if records:
            nameserver.records["_dmarc.example.com"] = text(*records)

        found = look(MAIL).policy

        assert (found.action, found.domain) == (action, domain)

    @pytest.mark.parametrize(
        ("below", "home", "action"),
        [
            pytest.param("p=none", REJECT, Action.NONE, id="its own first"),
            pytest.param("", REJECT, Action.REJECT, id="else its organisation's"),
            pytest.param(
                "",
                REJECT + "; sp=none",
                Action.NONE,
                id="what is asked for those below",
            ),
            pytest.param(
                "p=reject; sp=none",
                "",
                Action.REJECT,
                id="which its own says for others",
            ),
        ],
    )
    def test_of_a_domain_below_another(self, nameserver, look, below, home, action):
        nameserver.records["_dmarc.example.com"] = text(home or "v=spf1")
        if below:
            name = "_dmarc.mail.example.com"
            nameserver.records[name] = text(f"v=DMARC1; {below}")

        found = look(MAIL.replace(b"s@example.com>", b"s@mail.example.com>", 1)).policy

        assert found.action is action

    def test_without_an_answer_are_unknown(self, nameserver, look):
        nameserver.records["_dmarc.example.com"] = refused("SERVFAIL")

        assert look(MAIL).policy == Policy(
            "example.com", Action.NONE, is_strict=False, outcome=Outcome.UNANSWERED
        )

    def test_may_ask_for_the_very_domain(self, nameserver, look):
        nameserver.records["_dmarc.example.com"] = text(REJECT + "; adkim=s")

        assert look(MAIL).policy.is_strict


@pytest.mark.parametrize(
    ("sender", "domain", "outcome"),
    [
        pytest.param(b"Nobody", "", Outcome.PASS, id="no address at all"),
        pytest.param(b"a@localhost", "localhost", Outcome.UNASKED, id="no public name"),
        pytest.param(
            b"a@reader.example.com",
            "reader.example.com",
            Outcome.UNASKED,
            id="the name of the reader",
        ),
    ],
)
def test_of_no_public_name_nothing_is_asked(nameserver, look, sender, domain, outcome):
    raw = MAIL.replace(b"Accounts <accounts@example.com>", sender, 1)

    found = look(raw).policy

    assert (found.domain, found.action, found.outcome) == (
        domain,
        Action.NONE,
        outcome,
    )
    assert nameserver.asked == []
