"""What a worker asks beside its database: nobody, unless the settings allow it."""

import socket

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.domain.context import Context
from dashboard.domain.parsing import parse
from dashboard.services import examinations, outside
from dashboard.services.outside import NOBODY, Outside
from tests import factories
from tests.nameserver import silent
from tests.services.conftest import AT
from tests.signing import MAIL, changed, signed

OFF = {"dns_checks": False, "dns_servers": (), "rules_dir": ""}
RULE = 'rule statement { strings: $a = "statement of this" condition: $a }'


@pytest.fixture
def account(app, database):
    return factories.account("manager")


@pytest.fixture
def asking(nameserver, tmp_path):
    """Everything that may be allowed, with a DNS server on loopback."""
    (tmp_path / "own.yar").write_text(RULE)
    outside._resolver.cache_clear()
    return outside.allowed(
        dns_checks=True,
        dns_servers=[nameserver.address],
        rules_dir=str(tmp_path),
    )


def receipt(account, raw, beside, **more):
    """What a worker stores of a message."""
    identity = ObjectId(factories.submitted(account, raw, **more))
    job = stored()["analysis_jobs"].find_one({"analysis_id": identity})
    examinations.run(str(job["_id"]), "task", Context(), beside)
    return stored()["analysis_receipts"].find_one({"analysis_id": identity})["record"]


def rules(record):
    return [each["rule"] for each in record["assessment"]["findings"]]


def unchecked(record):
    return [each["check"] for each in record["assessment"]["not_checked"]]


def test_nobody_is_asked_by_default():
    assert outside.allowed(**OFF) == NOBODY == Outside(None, None)


def test_by_default_no_socket_is_opened(monkeypatch):
    opened = []
    monkeypatch.setattr(socket.socket, "__init__", lambda *a, **k: opened.append(a))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: opened.append(a))
    beside, message = outside.allowed(**OFF), parse(signed())

    assert outside.verify(message, beside, at=None) is None
    assert outside.scan(message, beside) is None
    assert opened == []


def test_a_worker_that_may_ask_nobody_says_so(account, nameserver):
    record = receipt(account, signed(), NOBODY)

    assert {"dns", "yara"} <= set(unchecked(record))
    assert record["context"]["verified"] is record["context"]["scanned"] is None
    assert nameserver.asked == []


def test_a_worker_keeps_what_it_was_told_with_the_receipt(account, asking):
    record = receipt(account, signed(), asking)

    assert "auth-pass-aligned" in rules(record)
    assert "yara-match" in rules(record)
    assert not {"dns", "yara"} & set(unchecked(record))
    assert record["context"]["verified"]["signatures"][0]["outcome"] == "pass"
    assert record["context"]["scanned"]["matches"][0]["rule"] == "statement"


def test_a_worker_sees_that_a_mail_was_changed(account, asking):
    record = receipt(account, changed(b"is ready", b"is late"), asking)

    assert "signature-broken" in rules(record)
    assert "auth-pass-aligned" not in rules(record)


def test_a_server_that_is_silent_stops_no_analysis(account, asking, nameserver):
    nameserver.records = dict.fromkeys(nameserver.records, silent)

    record = receipt(account, signed(), asking)

    assert {"dkim", "dmarc"} <= set(unchecked(record))
    assert "signature-broken" not in rules(record)


def test_nobody_is_asked_about_the_demonstration_set(account, asking, nameserver):
    record = receipt(account, signed(), asking, source="demo")

    assert nameserver.asked == []
    assert "dns" in unchecked(record)


def test_the_same_answers_give_the_same_receipt(asking):
    message = parse(changed(b"is ready", b"is late"))

    first, again = (outside.verify(message, asking, at=AT) for _ in range(2))

    assert first == again


def test_a_broken_file_of_rules_is_named_in_the_receipt(account, tmp_path):
    (tmp_path / "bad.yar").write_text("no rule")
    beside = outside.allowed(dns_checks=False, dns_servers=(), rules_dir=str(tmp_path))

    record = receipt(account, MAIL, beside)

    (told,) = [
        each for each in record["assessment"]["not_checked"] if each["check"] == "yara"
    ]
    assert "bad.yar" in told["reason"]
