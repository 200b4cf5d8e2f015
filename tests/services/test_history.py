"""The history of senders: what is kept of whom, once, and what is never believed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from pymongo.errors import PyMongoError

from dashboard.documents.analysis import AnalysisReceipt
from dashboard.documents.connection import database as stored
from dashboard.documents.correspondent import Correspondent
from dashboard.domain.context import Context
from dashboard.domain.correspondents import like_keys
from dashboard.domain.parsing import parse
from dashboard.services import (
    analyses,
    bulk,
    deletions,
    examinations,
    history,
    integrity,
)
from dashboard.services.audit import Actor
from dashboard.services.bulk import Choice
from tests import factories
from tests.domain.detectors.mail import carrying, plain

OURS = Context(trusted_servers=("mx.example.org",), own_domains=("example.org",))
SENDER = "desk@supplier.test"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
_store = history.store
BILL = "Please transfer the outstanding invoice amount to our new account."


@pytest.fixture
def account(app, database):
    return factories.account("manager")


def mail(sender=SENDER, body="See you on Monday.", *, result="pass", **headers):
    told = f"mx.example.org; dmarc={result} header.from={sender.rpartition('@')[2]}"
    raw = plain(body, From=sender, **headers)
    return f"Authentication-Results: {told}\r\n".encode() + raw


def ours(to=SENDER, **headers):
    return mail("reader@example.org", To=to, **headers)


def submit(account, raw, day=0, source="upload"):
    at = NOON + timedelta(day)
    return factories.submitted(account, raw, received_at=at, source=source)


def run(identity, context=OURS):
    """Examine the message of an analysis that waits, as a worker would."""
    wanted = {"analysis_id": ObjectId(identity), "state": "queued"}
    job = stored()["analysis_jobs"].find_one(wanted)
    examinations.run(str(job["_id"]), "task", context)


def come(account, raw, day=0, **more):
    identity = submit(account, raw, day, **more)
    run(identity)
    return identity


def row_of(identity):
    return stored()["email_analyses"].find_one({"_id": ObjectId(identity)})


def known(raw, day):
    """What the record tells of a message that came in that day."""
    analysis = {
        "sha256": "f" * 64,
        "received_at": NOON + timedelta(day),
        "source": "upload",
    }
    message = parse(raw)
    return history.told(message, history.look_up(message, analysis), analysis)


def judge(account, identity, verdict):
    row = row_of(identity)
    analyses.judge(
        row,
        Actor(account.username, account.id),
        verdict=verdict,
        category=None,
        note="",
        version=row["version"],
    )


def correspond(account, days=4):
    """Proven mail of the sender on several days, the last one a month ago."""
    return [come(account, mail(body=f"Minutes {day}."), day) for day in range(days)]


def rules(identity):
    row = row_of(identity)
    record = AnalysisReceipt.of(row["_id"], row["run"])["record"]
    return {each["rule"] for each in record["assessment"]["findings"]}


class TestARecord:
    def test_counts_the_days_of_proven_mail(self, account):
        correspond(account)

        told = known(mail(), 20)
        assert (told.days, told.first_seen, told.since) == (4, NOON.date(), NOON.date())
        assert told.is_known

    def test_counts_a_day_once_and_the_same_bytes_once(self, account):
        come(account, mail(body="One."))
        come(account, mail(body="Two."))
        other = factories.account("analyst")
        come(other, mail(body="One."), 5)

        assert known(mail(), 20).days == 1

    def test_holds_no_more_than_a_dozen_days(self, account):
        correspond(account, history.MOST_DAYS + 3)

        row = stored()["correspondents"].find_one({"_id": f"address:{SENDER}"})
        assert len(row["seen"]) == history.MOST_DAYS

    def test_tells_of_earlier_mail_alone(self, account):
        correspond(account)

        assert known(mail(), 2).days == 2
        assert known(mail(), 0).first_seen is None

    def test_of_an_empty_database_is_empty(self, account):
        told = known(mail(body=BILL), 90)

        assert (told.since, told.days, told.is_first) == (None, 0, False)

    def test_knows_who_is_new_once_it_is_deep(self, account):
        correspond(account)
        identity = come(account, mail("a@newcomer.test", BILL), 40)

        assert "sender-first-seen" in rules(identity)

    def test_is_in_the_receipt_so_that_the_verdict_can_be_repeated(self, account):
        correspond(account)
        identity = come(account, mail(body="Again."), 20)
        receipt = AnalysisReceipt.of(ObjectId(identity), 1)["record"]

        assert receipt["context"]["history"]["days"] == 4
        assert "correspondent-known" in rules(identity)
        checks = {e["check"] for e in receipt["assessment"]["not_checked"]}
        assert "sender-history" not in checks


class TestForgers:
    """What is written in a message makes nobody known."""

    @pytest.mark.parametrize(
        "raw",
        [
            pytest.param(plain(From=SENDER), id="nobody checked"),
            pytest.param(mail(result="fail"), id="refuted"),
            pytest.param(mail(f"b@evil.test, {SENDER}"), id="beside another sender"),
            pytest.param(mail(f'"{SENDER}" <b@evil.test>'), id="only shown"),
            pytest.param(
                mail("b@evil.test").replace(b"mx.example.org; d", b"evil.test; d"),
                id="checked by a stranger",
            ),
        ],
    )
    def test_write_no_history_for_their_victim(self, account, raw):
        for day in range(4):
            come(account, raw + str(day).encode(), day)

        assert known(mail(), 20).days == 0
        assert not known(mail(), 20).is_known

    @pytest.mark.parametrize(
        "raw",
        [
            pytest.param(plain(From=SENDER), id="nobody checked"),
            pytest.param(mail(result="fail"), id="refuted"),
            pytest.param(mail(f'"{SENDER}" <b@evil.test>'), id="only shown"),
        ],
    )
    def test_gain_nothing_from_the_history_of_their_victim(self, account, raw):
        before = row_of(come(account, raw, 20))
        correspond(account)
        come(account, ours(), 5)
        after = row_of(come(account, raw + b"\r\n", 20))

        told = ("verdict", "threat_level", "confidence_score")
        assert [after[name] for name in told] == [before[name] for name in told]

    def test_answer_no_mail_of_ours_by_its_id_alone(self, account):
        come(account, ours("list@lists.test", Message_ID="<7@example.org>"))
        raw = mail("b@evil.test", In_Reply_To="<7@example.org>")

        assert known(raw, 20).held == ()
        assert "thread-held" not in rules(come(account, raw, 20))

    def test_are_not_answered_by_who_only_claims_to_be_one_of_us(self, account):
        come(account, plain(From="reader@example.org", To="b@evil.test"))

        assert known(mail("b@evil.test"), 20).answered == 0

    def test_gain_nothing_from_malicious_mail_of_their_own(self, account):
        for day in range(4):
            raw = mail("b@evil.test", f"{BILL} Tell nobody. Urgent! {day}")
            come(account, raw.replace(b"The minutes", b"Your account is locked"), day)
        row = stored()["correspondents"].find_one({"_id": "address:b@evil.test"})
        verdicts = {entry["verdict"] for entry in row["seen"].values()}

        assert "clean" not in verdicts
        assert known(mail("b@evil.test"), 20).days == 0


class TestAnswers:
    def test_make_the_addressee_known(self, account):
        come(account, ours(f"{SENDER}, other@elsewhere.test"))

        assert known(mail(), 3).is_known
        assert known(mail("other@elsewhere.test"), 3).answered == 1
        assert known(mail("third@elsewhere.test"), 3).answered == 0
        assert known(mail("third@elsewhere.test"), 3).is_domain_met

    def test_to_a_mail_of_ours_are_recognised(self, account):
        come(account, ours(Message_ID="<7@example.org>"))
        identity = come(account, mail(In_Reply_To="<7@example.org>"), 1)

        assert {"thread-held", "correspondent-known"} <= rules(identity)

    def test_keep_the_newest_threads(self, account):
        for number in range(history.MOST_WRITTEN + 2):
            come(account, ours(Message_ID=f"<{number}@example.org>"), number)

        old, new = (mail(In_Reply_To=f"<{n}@example.org>") for n in (1, 31))
        assert (known(old, 90).held, known(new, 90).held) == ((), ("31@example.org",))
        assert known(new, 90).answered == history.MOST_WRITTEN

    def test_that_are_dangerous_make_nobody_known(self, account):
        raw = carrying("bill.pdf.exe", b"MZ" + bytes(200))
        raw = raw.replace(b"Desk <desk@example.com>", b"reader@example.org")
        told = b"mx.example.org; dmarc=pass header.from=example.org"
        raw = raw.replace(b"To: reader@example.org", b"To: " + SENDER.encode())
        identity = come(account, b"Authentication-Results: " + told + b"\r\n" + raw)

        assert row_of(identity)["analysis_results"]["authenticated"]
        assert row_of(identity)["verdict"] == "malicious"
        assert known(mail(), 3).answered == 0


class TestDoubles:
    def test_of_somebody_known_are_recognised(self, account):
        come(account, ours("a@acme-supplies.test"))
        identity = come(account, mail("a@acme-supplles.test", BILL), 1)

        assert known(mail("a@acme-supplies.example"), 1).correspondents == (
            "acme-supplies.test",
        )
        assert "correspondent-lookalike" in rules(identity)

    def test_are_told_in_one_order_whoever_came_first(self, account):
        for host in ("acme-supplies.test", "acme-supplies.net"):
            come(account, ours(f"a@{host}"))
        found = Correspondent.known_as(like_keys("acme-supplies.example"))

        names = ["domain:acme-supplies.net", "domain:acme-supplies.test"]
        assert [row["_id"] for row in found] == names

    def test_of_somebody_met_once_are_not(self, account):
        come(account, mail("a@acme-supplies.test"))

        assert known(mail("a@acme-supplies.example"), 30).correspondents == ()


class TestOnce:
    def test_however_often_it_is_analysed(self, account):
        first, *_ = correspond(account)
        before = list(stored()["correspondents"].find({}).sort("_id", 1))
        analyses.repeat(row_of(first), Actor(account.username, account.id))
        run(first)

        assert list(stored()["correspondents"].find({}).sort("_id", 1)) == before

    def test_a_run_that_proves_it_no_more_takes_it_back(self, account):
        identity = come(account, mail())
        analyses.repeat(row_of(identity), Actor(account.username, account.id))
        run(identity, Context(trusted_servers=("mx.elsewhere.test",)))

        assert stored()["correspondents"].count_documents({}) == 0

    def test_a_worker_that_dies_before_the_end_leaves_nothing(
        self, account, monkeypatch
    ):
        identity = submit(account, mail())
        with monkeypatch.context() as broken:
            broken.setattr(history, "store", _store_and_die)
            with pytest.raises(PyMongoError):
                run(identity)
        assert stored()["correspondents"].count_documents({}) == 0

        stored()["analysis_jobs"].update_many({}, {"$set": {"state": "queued"}})
        run(identity)
        assert known(mail(), 20).days == 1

    def test_a_second_worker_that_met_him_first_is_no_failure(
        self, account, monkeypatch
    ):
        come(account, mail(body="One."))
        identity = submit(account, mail(body="Two."), 1)
        with monkeypatch.context() as blind:
            blind.setattr(history, "look_up", lambda *_: [])
            run(identity)

        assert row_of(identity)["status"] == "done"
        assert known(mail(), 20).days == 2

    def test_by_workers_that_meet_a_sender_at_once(self, account):
        ids = [submit(account, mail(body=f"Minutes {n}."), n // 2) for n in range(6)]
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(run, ids))

        assert {row_of(each)["status"] for each in ids} == {"done"}
        assert known(mail(), 20).days == 3


class TestDeletion:
    def test_leaves_nothing_of_it(self, account):
        ids = [*correspond(account), come(account, ours())]
        chosen = [Choice(ObjectId(i), 1) for i in ids]
        who = Actor(account.username, account.id)
        bulk.delete(chosen, account, who, reason="Sent by mistake.")
        deletions.tidy()

        assert stored()["correspondents"].count_documents({}) == 0

    def test_keeps_what_other_mail_proves(self, account):
        first, *_ = correspond(account)
        other = factories.account("analyst")
        come(other, mail(body="Minutes 1."), 1)
        who = Actor(account.username, account.id)
        bulk.delete([Choice(ObjectId(first), 1)], account, who, reason="Mistake.")

        told = known(mail(), 20)
        assert (told.days, told.first_seen) == (3, (NOON + timedelta(1)).date())
        assert list(integrity.orphans()) == []

    def test_of_the_bytes_alone_is_found_by_the_integrity_check(self, account):
        come(account, mail())
        stored()["messages"].delete_many({})

        found = [o for o in integrity.orphans() if o.collection == "correspondents"]
        assert {each.id for each in found} == {
            *("anybody", "domain:supplier.test", f"address:{SENDER}")
        }


def test_a_demonstration_neither_reads_the_record_nor_adds_to_it(account):
    identity = come(account, mail(), source="demo")
    record = AnalysisReceipt.of(ObjectId(identity), 1)["record"]

    assert stored()["correspondents"].count_documents({}) == 0
    assert record["context"]["history"] is None


def _store_and_die(*arguments):
    _store(*arguments)
    raise PyMongoError("gone")
