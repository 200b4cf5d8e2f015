"""Seals of servers that passed a mail on: all of them hold, or none counts."""

import re

import pytest

from dashboard.domain.verification import Chain, Outcome
from tests.nameserver import text
from tests.signing import changed, record, rsa, sealed, signed


class TestSeals:
    def test_of_every_server_must_hold(self, look):
        once = sealed(signed(), domain="example.net")
        twice = sealed(once, domain="forward.example.org", results="arc=pass")

        assert look(signed()).chain is None
        assert look(once).chain == Chain(("example.net",), Outcome.PASS)
        assert look(twice).chain == Chain(
            ("example.net", "forward.example.org"), Outcome.PASS
        )

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(b"is ready", b"was ready", id="the body"),
            pytest.param(b"Your  st", b"My  st", id="the subject"),
            pytest.param(b"spf=pass", b"spf=fail", id="the results"),
            pytest.param(b"i=1; a=", b"i=1; t=9; a=", id="a seal"),
            pytest.param(b"cv=none", b"cv=pass", id="what a seal says"),
        ],
    )
    def test_break_when_something_is_changed(self, look, old, new):
        told = "arc=none; spf=pass smtp.mailfrom=example.com"
        once = sealed(signed(), domain="example.net", results=told)
        twice = sealed(once, domain="forward.example.org", results="arc=pass")

        assert look(twice).chain.outcome is Outcome.PASS
        assert look(changed(old, new, twice)).chain.outcome is Outcome.BROKEN

    def test_that_tell_of_a_broken_chain_are_broken(self, look):
        once = sealed(signed(), domain="example.net")
        twice = sealed(once, domain="forward.example.org", results="arc=fail")

        assert b"cv=fail" in twice
        assert look(twice).chain.outcome is Outcome.BROKEN

    def test_may_not_be_covered_by_what_is_sealed(self, look):
        once = sealed(signed(), domain="example.net")
        listed = re.sub(
            rb"(ARC-Message-Signature:[^=]*i=1;.*?h=)",
            rb"\1arc-seal:",
            once,
            flags=re.DOTALL,
        )

        assert listed != once
        assert look(listed).chain.outcome is Outcome.MALFORMED

    def test_with_a_gap_are_none(self, look):
        once = sealed(signed(), domain="example.net")
        twice = sealed(once, domain="forward.example.org", results="arc=pass")

        for gone in (b"ARC-Seal", b"ARC-Message-Signature"):
            torn = twice.replace(gone, b"X-Gone", 1)
            assert look(torn).chain == Chain((), Outcome.MALFORMED)

    def test_that_another_key_made_are_broken(self, nameserver, look):
        nameserver.records["arc._domainkey.example.net"] = text(record(rsa(1024)))
        once = sealed(signed(), domain="example.net")

        assert look(once).chain.outcome is Outcome.BROKEN

    def test_in_great_number_are_asked_nothing_about(self, nameserver, look):
        raw = sealed(signed(), domain="example.net")
        for _ in range(6):
            raw = sealed(raw, domain="example.net", results="arc=pass")

        assert look(raw).chain.outcome is Outcome.MALFORMED
        assert "arc._domainkey.example.net" not in nameserver.asked
