"""Writing long exports: every row once, whoever is killed or comes twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import gridfs
import pytest
from pymongo.errors import AutoReconnect, NetworkTimeout

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.indicator import Indicator
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat
from dashboard.services import exports, files, indicators, messages, queue
from dashboard.services.audit import Actor, Event
from dashboard.services.columns import SHEETS
from dashboard.services.exports import Format, Order, TooMany
from dashboard.services.indicators import Told
from tests.factories import examined

WHO = Actor("ada", "1")
ROWS = 7
TOLD = Told(Threat.PHISHING, Level.HIGH, 0.9, "desk")


@pytest.fixture(autouse=True)
def sent(database, monkeypatch):
    """What was asked of the broker; nothing is written but by the test."""
    asked = []
    monkeypatch.setattr(
        queue.current_app, "send_task", lambda name, args, **_: asked.append(args[0])
    )
    monkeypatch.setattr(exports, "STEP_ROWS", 2)
    monkeypatch.setattr(exports, "PIECE_ROWS", 2)
    return asked


@pytest.fixture
def names():
    """The subjects of stored messages, newest first and days apart."""
    at = now()
    made = [f"Message {number}" for number in range(ROWS)]
    for number, name in enumerate(made):
        examined(subject=name, received_at=at - timedelta(days=number**2))
    return made


def order(**fields):
    given = {"since": BEGINNING, "until": now(), "facets": (), **fields}
    return Order(**{"listed": "analyses", "format": Format.CSV, **given})


def begun():
    return str(exports.begin(order(), WHO))


def row():
    return stored()["exports"].find_one({})


def subjects(text, column=2):
    return [line.split(",")[column] for line in text.splitlines()[1:]]


def finish(export_id, column=2):
    while row()["state"] == "running":
        exports.advance(export_id)
    return subjects(b"".join(exports.content(row(), 5)).decode(), column)


def row_of(host):
    return Indicator.by_key(f"domain:{host}")


class TestOrder:
    def test_counts_no_further_than_it_must(self, names):
        assert exports.count(order(), ROWS) == ROWS
        assert exports.count(order(), 3) == 4

    def test_counts_what_its_filters_leave(self, names):
        examined(subject="Bad", threat_level="critical", verdict="malicious")
        facets = ("level:critical", "verdict:malicious")

        assert exports.count(order(facets=facets), ROWS) == 1
        later = order(since=now() + timedelta(days=1))
        assert exports.count(later, ROWS) == 0

    def test_that_cannot_be_counted_in_time_is_long(self, monkeypatch):
        def time_out(*_given):
            raise NetworkTimeout("too slow")

        monkeypatch.setattr(exports, "_count", time_out)
        assert exports.count(order(), ROWS) > ROWS

    def test_keeps_between_its_times(self, names):
        narrow = order(
            since=now() - timedelta(days=5), until=now() - timedelta(hours=1)
        )

        written = b"".join(exports.written(narrow, 5)).decode()
        assert subjects(written) == ["Message 1", "Message 2"]

    def test_leaves_out_what_came_after_it(self, names):
        export = begun()
        examined(subject="Too late", received_at=now() + timedelta(seconds=5))

        assert finish(export) == names


class TestPiece:
    def test_follows_piece_without_a_gap(self, names):
        assert finish(begun()) == names
        assert row()["rows"] == ROWS
        assert len(row()["parts"]) == 4

    def test_asks_for_the_next_one(self, names, sent):
        export = begun()
        exports.advance(export)

        assert sent == [export, export]

    def test_is_written_once_by_two_at_once(self, names):
        export, together = begun(), Barrier(2)

        def write(_):
            together.wait()
            exports.advance(export)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, range(2)))
        kept = stored()["fs.files"].count_documents({"filename": "exports"})
        assert kept == len(row()["parts"])
        assert finish(export) == names

    def test_that_fails_leaves_the_export_where_it_was(self, names, monkeypatch):
        export = begun()
        exports.advance(export)
        before = row()
        with monkeypatch.context() as broken:
            broken.setattr(exports, "transact", self.fail)
            with pytest.raises(AutoReconnect):
                exports.advance(export)

        assert row() == before
        assert finish(export) == names

    def fail(self, _work):
        raise AutoReconnect

    def test_of_a_finished_or_unknown_export_is_nothing(self, names):
        export = begun()
        finish(export)
        before = row()
        exports.advance(export)
        exports.advance("0" * 24)

        assert row() == before

    def test_fits_into_the_time_of_a_task(self, names, monkeypatch):
        monkeypatch.setattr(exports, "PIECE_ROWS", 100)
        monkeypatch.setattr(exports, "PIECE_SECONDS", -1.0)
        exports.advance(begun())

        assert row()["rows"] == 2


class TestMeanwhile:
    """What people do to indicators while a list of them is written."""

    @pytest.fixture
    def hosts(self, names):
        """Indicators, the newest first."""
        made = [f"evil{number}.test" for number in range(ROWS)]
        for host in reversed(made):
            indicators.add(Kind.DOMAIN, host, TOLD, WHO)
        return made

    def test_no_row_is_written_twice_and_none_that_stayed_is_missing(self, hosts):
        export = str(exports.begin(order(listed="indicators"), WHO))
        exports.advance(export)
        read, unread = row_of(hosts[0]), row_of(hosts[-1])
        indicators.change(read, TOLD, WHO, version=1)
        indicators.change(unread, TOLD, WHO, version=1)
        indicators.remove(row_of(hosts[3]), "Harmless.", WHO, version=1)

        found = finish(export, column=1)
        assert len(found) == len(set(found))
        assert set(hosts) - {hosts[-1], hosts[3]} <= set(found) <= set(hosts)


class TestSlots:
    def test_are_three_even_for_many_at_once(self):
        def ask(_):
            try:
                return begun()
            except TooMany:
                return ""

        with ThreadPoolExecutor(6) as pool:
            made = [export for export in pool.map(ask, range(6)) if export]
        assert len(made) == stored()["exports"].count_documents({}) == 3


class TestSweep:
    def stand_still(self, **fields):
        silent = {"touched_at": now() - exports.SILENT_AFTER * 2, **fields}
        stored()["exports"].update_one({}, {"$set": silent})

    def test_goes_on_with_what_stands_still(self, names, sent):
        export = begun()
        self.stand_still()
        exports.sweep()

        assert sent == [export, export]

    def test_leaves_alone_what_moves(self, names, sent):
        export = begun()
        exports.sweep()

        assert sent == [export]

    def test_gives_up_what_never_moves(self, names, sent):
        begun()
        self.stand_still(attempts=exports.MAX_ATTEMPTS)
        exports.sweep()

        assert row()["state"] == "failed"
        assert [begun() for _ in exports.SLOTS]

    def test_deletes_what_has_expired_with_its_files(self, names):
        finish(begun())
        stored()["exports"].update_one({}, {"$set": {"expires_at": now()}})
        exports.sweep()

        assert row() is None
        assert not list(stored()["fs.files"].find({"filename": "exports"}))
        assert not list(stored()["fs.chunks"].find({}))

    def test_of_orphans_spares_pieces_that_are_named(self, names):
        finish(begun())
        orphan = gridfs.GridFS(stored()).put(b"left behind", filename="exports")
        old = {"$set": {"uploadDate": now() - files.ORPHAN_AFTER * 2}}
        stored()["fs.files"].update_many({}, old)
        messages.sweep_orphans()

        kept = [file["_id"] for file in stored()["fs.files"].find({})]
        assert sorted(kept) == sorted(row()["parts"])
        assert orphan not in kept


class TestSheets:
    @pytest.mark.parametrize("name", SHEETS)
    def test_hold_no_secret(self, name):
        told = {*SHEETS[name].columns, *SHEETS[name].fields}

        assert not [c for c in told if "password" in c or c in {"session_id", "token"}]

    @pytest.mark.parametrize("name", SHEETS)
    def test_fill_every_column_from_what_they_read(self, name):
        sheet = SHEETS[name]

        class Watched(dict):
            def get(self, key, default=None):
                return self[key] if key in read else self.__missing__(key)

            def __missing__(self, key):
                raise AssertionError(f"{key} is not read")

        read = {field.partition(".")[0] for field in (*sheet.fields, sheet.by)}
        row = Watched(dict.fromkeys(read) | {"_id": "1"})
        for value in sheet.columns.values():
            value(row)


def test_events_are_those_of_an_export(names):
    finish(begun())

    actions = [event["action"] for event in stored()["audit_logs"].find({})]
    assert actions == [Event.EXPORT_CREATED, Event.EXPORT_FINISHED]
