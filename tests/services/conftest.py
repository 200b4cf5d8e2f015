"""Servers that a test of the use cases asks."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.parsing import parse
from dashboard.services.dns import Resolver
from dashboard.services.verification import verify
from tests.nameserver import serving, text
from tests.signing import record

AT = datetime.now(UTC)  # the program that signs does so as of now


@pytest.fixture
def nameserver():
    with serving() as known:
        known.records["s1._domainkey.example.com"] = text(record())
        known.records["_dmarc.example.com"] = text("v=DMARC1; p=reject")
        for host in ("example.net", "forward.example.org"):
            known.records[f"arc._domainkey.{host}"] = text(record())
        yield known


@pytest.fixture
def look(nameserver):
    def looked(raw: bytes, at: datetime = AT):
        return verify(parse(raw), Resolver((nameserver.address,)), at=at)

    return looked
