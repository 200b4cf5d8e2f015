"""The bytes of messages: kept once, read back whole or not at all."""

import hashlib
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


class TestStore:
    def test_gives_back_the_same_bytes(self):
        raw = bytes(range(256)) * 5000

        assert messages.load(messages.store(raw)) == raw

    def test_names_them_by_their_hash_alone(self):
        sha256 = messages.store(b"Subject: ../../etc/passwd\r\n\r\n")

        assert (
            sha256 == hashlib.sha256(b"Subject: ../../etc/passwd\r\n\r\n").hexdigest()
        )
        assert {row["filename"] for row in files()} == {messages.COLLECTION}

    def test_keeps_the_same_bytes_once(self):
        assert messages.store(b"a") == messages.store(b"a")
        assert len(files()) == 1

    def test_keeps_them_once_when_ten_store_them_at_once(self):
        with ThreadPoolExecutor(10) as pool:
            assert len(set(pool.map(messages.store, [b"a" * 9000] * 10))) == 1

        assert len(files()) == 1
        assert messages.load(messages.digest(b"a" * 9000)) == b"a" * 9000

    def test_keeps_them_compressed(self):
        messages.store(b"a" * 1_000_000)

        assert files()[0]["length"] < 10_000


class TestLoad:
    def test_of_what_nobody_stored_is_lost(self):
        with pytest.raises(MessageLost):
            messages.load("0" * 64)

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
        other = gridfs.GridFS(stored()).put(found)
        stored()["messages"].update_one({}, {"$set": {"file_id": other}})

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
