"""The bytes of messages: kept once, read back whole or not at all."""

import hashlib
import random
import zlib
from concurrent.futures import ThreadPoolExecutor

import gridfs
import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import files as files_
from dashboard.services import messages
from dashboard.services.messages import MessageLost
from tests import factories


@pytest.fixture(autouse=True)
def empty(database):
    """Every test begins without a stored message."""


def files():
    return list(stored()["fs.files"].find({}))


def age(**delta):
    when = {"$set": {"uploadDate": factories.later(**delta)}}
    stored()["fs.files"].update_many({}, when)


def orphan():
    return gridfs.GridFS(stored()).put(
        zlib.compress(b"lost"), filename=messages.COLLECTION
    )


@pytest.fixture
def large(monkeypatch):
    """What is stored is too large to stand in its row."""
    monkeypatch.setattr(files_, "SMALL", -1)


@pytest.fixture(params=["small", "large"])
def either(request):
    """Bytes are stored in their row, and in a file."""
    if request.param == "large":
        request.getfixturevalue("large")


class TestStore:
    @pytest.mark.parametrize("size", [0, 1, 32 * 1024, 1_280_000])
    def test_gives_back_the_same_bytes(self, size):
        raw = random.Random(1).randbytes(size)  # noqa: S311 - no secret

        assert messages.load(messages.store(raw)) == raw

    @pytest.mark.parametrize(("more", "is_file"), [(0, False), (1, True)])
    def test_keeps_what_is_small_in_its_row(self, monkeypatch, more, is_file):
        raw = random.Random(1).randbytes(9000)  # noqa: S311
        bound = len(zlib.compress(raw, messages.LEVEL)) - more
        monkeypatch.setattr(files_, "SMALL", bound)
        messages.store(raw)

        (row,) = stored()["messages"].find({})
        assert ("file_id" in row, "content" in row) == (is_file, not is_file)
        assert len(files()) == is_file

    @pytest.mark.usefixtures("large")
    def test_names_them_by_their_hash_alone(self):
        sha256 = messages.store(b"Subject: ../../etc/passwd\r\n\r\n")

        assert (
            sha256 == hashlib.sha256(b"Subject: ../../etc/passwd\r\n\r\n").hexdigest()
        )
        assert {row["filename"] for row in files()} == {messages.COLLECTION}

    @pytest.mark.usefixtures("large")
    def test_keeps_the_same_bytes_once(self):
        assert messages.store(b"a") == messages.store(b"a")
        assert len(files()) == 1

    @pytest.mark.usefixtures("either")
    def test_keeps_them_once_when_ten_store_them_at_once(self):
        with ThreadPoolExecutor(10) as pool:
            assert len(set(pool.map(messages.store, [b"a" * 9000] * 10))) == 1

        assert len(files()) == (files_.SMALL < 0)
        assert messages.load(messages.digest(b"a" * 9000)) == b"a" * 9000

    @pytest.mark.usefixtures("either")
    def test_keeps_them_compressed(self):
        messages.store(b"a" * 1_000_000)

        (row,) = stored()["messages"].find({})
        assert len(files_.content_of(row)) < 10_000


class TestLoad:
    def test_of_what_nobody_stored_is_lost(self):
        with pytest.raises(MessageLost):
            messages.load("0" * 64)

    @pytest.mark.usefixtures("large")
    @pytest.mark.parametrize("name", ["fs.files", "fs.chunks"])
    def test_of_bytes_that_are_gone_is_lost(self, name):
        sha256 = messages.store(b"a")
        stored()[name].delete_many({})

        with pytest.raises(MessageLost):
            messages.load(sha256)

    @pytest.mark.parametrize(
        "found", [zlib.compress(b"b"), b"no archive", zlib.compress(b"a")[:-3], b""]
    )
    def test_of_bytes_that_are_not_the_same_is_lost(self, found):
        sha256 = messages.store(b"a")
        stored()["messages"].update_one({}, {"$set": {"content": found}})
        with pytest.raises(MessageLost):
            messages.load(sha256)
        other = {"file_id": gridfs.GridFS(stored()).put(found)}
        stored()["messages"].update_one({}, {"$set": other, "$unset": {"content": 1}})

        with pytest.raises(MessageLost):
            messages.load(sha256)


class TestSweep:
    def test_deletes_old_files_that_nothing_names(self):
        orphan()
        age(hours=-2)

        assert messages.sweep_orphans() == 1
        assert not files()
        assert not list(stored()["fs.chunks"].find({}))

    def test_counts_the_hour_to_the_millisecond(self, monkeypatch):
        orphan()
        at = now()
        monkeypatch.setattr(files_, "now", lambda: at)
        bound = {"$set": {"uploadDate": at - files_.ORPHAN_AFTER}}
        stored()["fs.files"].update_many({}, bound)

        assert messages.sweep_orphans() == 1
        assert not files()

    def test_leaves_a_file_that_may_still_be_named(self):
        orphan()
        age(minutes=-50)

        assert messages.sweep_orphans() == 0
        assert len(files()) == 1

    @pytest.mark.usefixtures("large")
    def test_leaves_every_file_a_message_names(self):
        sha256 = messages.store(b"a")
        age(days=-2)

        assert messages.sweep_orphans() == 0
        assert messages.load(sha256) == b"a"

    def test_deletes_the_pieces_of_a_file_whose_writing_was_cut_short(self):
        orphan()
        stored()["fs.files"].delete_many({})
        piece = stored()["fs.chunks"].find_one({})
        stored()["fs.chunks"].delete_many({})
        old = ObjectId.from_datetime(factories.later(hours=-2))
        stored()["fs.chunks"].insert_one({**piece, "_id": old})

        assert messages.sweep_orphans() == 1
        assert not list(stored()["fs.chunks"].find({}))

    def test_may_run_again(self):
        orphan()
        age(hours=-2)
        messages.sweep_orphans()

        assert messages.sweep_orphans() == 0
