"""Mailboxes, archives and Outlook's files, also those made to do harm."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain import containers
from dashboard.domain.containers import Cursor, Unreadable, unpack
from dashboard.domain.intake import Kind, kind_of
from tests import factories, outlook
from tests.containers import ENVELOPE, archive, locked, mbox

LIMIT = 100_000
START = Cursor()


def entries(content, kind=None, *, limit=LIMIT, begin=START):
    source = io.BytesIO(content)
    found = kind or kind_of(content[:4096])
    return list(unpack(source, found, limit=limit, begin=begin))


def readable(content, kind):
    """The entries, or none where there is no beginning."""
    try:
        return entries(content, kind, limit=500)
    except Unreadable:
        return []


def subjects(found):
    return [each.raw.partition(b"Subject: ")[2].splitlines()[0] for each in found]


class TestKind:
    @pytest.mark.parametrize(
        ("head", "name", "kind"),
        [
            pytest.param(b"PK\x03\x04..", "a.zip", Kind.ARCHIVE, id="zip"),
            pytest.param(b"PK\x03\x04..", "a.eml", Kind.ARCHIVE, id="name-lies"),
            pytest.param(outlook.msg()[:64], "", Kind.OUTLOOK, id="outlook"),
            pytest.param(ENVELOPE, "Inbox", Kind.MAILBOX, id="mailbox"),
            pytest.param(ENVELOPE, "one.EML", None, id="one-message-says-its-name"),
            pytest.param(b"From: a@example.org", "a.mbox", None, id="a-header"),
            pytest.param(b"", "a.zip", None, id="empty"),
        ],
    )
    def test_is_told_by_the_first_bytes(self, head, name, kind):
        assert kind_of(head, name) is kind


class TestMailbox:
    def test_yields_every_message_in_order(self):
        found = entries(mbox(*(factories.eml(f"number {n}") for n in range(20))))

        assert subjects(found) == [f"number {n}".encode() for n in range(20)]

    def test_gives_back_the_bytes_that_were_put_in(self):
        raw = factories.eml(body="one\nFrom here on\n").replace(b"\r\n", b"\n")

        assert entries(mbox(raw))[0].raw.rstrip() == raw.rstrip()

    def test_does_not_cut_where_a_sentence_begins_with_from(self):
        raw = factories.eml(body="Hello.\r\n\r\nFrom tomorrow on we are closed.")

        assert len(entries(ENVELOPE + raw + b"\n" + mbox(raw))) == 2

    @pytest.mark.parametrize("size", [1, 7, 100, 513])
    def test_is_read_the_same_in_pieces_of_any_size(self, monkeypatch, size):
        content = mbox(*(factories.eml(f"number {n}") for n in range(5)))
        whole = entries(content)
        monkeypatch.setattr(containers, "CHUNK", size)

        assert entries(content) == whole

    def test_goes_on_from_any_entry(self):
        content = mbox(*(factories.eml(f"number {n}") for n in range(5)))
        whole = entries(content)

        for n, each in enumerate(whole):
            assert entries(content, begin=each.after) == whole[n + 1 :]

    def test_leaves_out_what_is_too_large_and_goes_on(self, monkeypatch):
        monkeypatch.setattr(containers, "CHUNK", 4096)
        large = factories.eml("large", body="x\r\n" * 100_000)
        found = entries(mbox(factories.eml("a"), large, factories.eml("b")))

        assert [each.reason for each in found] == ["", containers.TOO_LARGE, ""]
        assert subjects(found[2:]) == [b"b"]

    def test_needs_no_memory_for_its_length(self):
        one = mbox(factories.eml(body="x" * 10_000))
        source = io.BytesIO(one * 2000)
        tracemalloc.start()
        assert sum(1 for _ in unpack(source, Kind.MAILBOX, limit=LIMIT)) == 2000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert peak < 8 * 1024 * 1024


class TestArchive:
    def test_yields_messages_mailboxes_and_outlook_files(self):
        two = mbox(factories.eml("b"), factories.eml("c"))
        files = {"a.eml": factories.eml("a"), "box": two, "d.msg": _msg("d")}

        assert subjects(entries(archive(files))) == [b"a", b"b", b"c", b"d"]

    def test_goes_on_from_any_entry(self):
        two = mbox(factories.eml("b"), factories.eml("c"))
        content = archive({"a": factories.eml("a"), "b": two, "c": two})
        whole = entries(content)

        for n, each in enumerate(whole):
            assert entries(content, begin=each.after) == whole[n + 1 :]

    def test_is_opened_with_the_password_analysts_use(self):
        files = {"a.eml": factories.eml("a"), "b": mbox(factories.eml("b"))}

        assert subjects(entries(locked(files))) == [b"a", b"b"]

    def test_with_another_password_says_so(self):
        found = entries(locked({"a.eml": factories.eml()}, b"other"))

        assert [each.reason for each in found] == [containers.BROKEN]

    def test_leaves_large_encrypted_files_alone(self, monkeypatch):
        monkeypatch.setattr(containers, "MAX_ENCRYPTED", 100)
        found = entries(locked({"a.eml": factories.eml(body="x" * 200)}))

        assert [each.reason for each in found] == [containers.ENCRYPTED]

    def test_opens_no_archive_inside(self):
        found = entries(archive({"in.zip": archive({"a.eml": factories.eml()})}))

        assert [each.reason for each in found] == [containers.NESTED]

    def test_that_unpacks_to_far_more_is_refused(self):
        found = entries(archive({"a.eml": b"\0" * 50_000_000}))

        assert [each.reason for each in found] == [containers.BOMB]

    def test_that_holds_too_much_together_is_unpacked_in_part(self, monkeypatch):
        monkeypatch.setattr(containers, "MAX_UNPACKED", 1500)
        files = {f"{n}.eml": factories.eml(str(n), body="x" * 500) for n in range(4)}
        found = entries(archive(files))

        assert [each.reason for each in found] == ["", "", *[containers.FULL] * 2]

    def test_that_lists_too_many_files_is_not_listed(self, monkeypatch):
        monkeypatch.setattr(containers, "MAX_MEMBERS", 3)
        with pytest.raises(Unreadable, match="more files"):
            entries(archive({str(n): b"" for n in range(4)}))

    def test_forgets_the_litter_of_file_managers(self):
        found = entries(archive({"__MACOSX/._a": b"x", "a/.DS_Store": b"x", "d/": b""}))

        assert found == []

    def test_a_damaged_file_does_not_hold_up_the_next(self):
        files = {"a.eml": factories.eml("a"), "b.eml": factories.eml("b")}
        content = bytearray(archive(files, zipfile.ZIP_STORED))
        content[content.index(b"See you")] ^= 0xFF
        found = entries(bytes(content))

        assert [each.reason for each in found] == [containers.BROKEN, ""]

    def test_without_its_list_cannot_be_read(self):
        with pytest.raises(Unreadable):
            entries(archive({"a.eml": factories.eml()})[:-30])

    def test_that_lies_about_a_size_yields_no_more_than_it_says(self):
        content = archive({"a.eml": b"From: a\n\n" + b"\0" * 90_000})
        lie = content.replace(struct.pack("<I", 90_009), struct.pack("<I", 100))
        found = entries(lie)

        assert [each.reason for each in found] == [containers.BROKEN]


class TestHostile:
    @given(st.binary(max_size=2000), st.sampled_from(Kind))
    @settings(max_examples=200, deadline=None)
    def test_bytes_of_any_kind_end_in_entries_or_a_reason(self, content, kind):
        assert all(len(each.raw) <= 500 for each in readable(content, kind))

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_a_container_broken_anywhere_raises_nothing_else(self, data):
        whole = data.draw(st.sampled_from(WHOLE))
        at = data.draw(st.integers(0, len(whole) - 1))
        broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + 4 :]
        found = readable(broken, kind_of(whole))

        assert all(each.raw or each.reason for each in found)


def _msg(subject="Lunch"):
    return outlook.msg(SUBJECT=subject, SENDER="a@example.org", BODY="See you.")


WHOLE = [
    mbox(factories.eml("a"), factories.eml("b")),
    archive({"a.eml": factories.eml(), "b.msg": _msg()}),
    locked({"a.eml": factories.eml()}),
    _msg(),
]
