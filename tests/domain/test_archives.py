"""Directories of archives are read without unpacking anything."""

import struct

import pytest

from dashboard.domain.archives import MOST_MEMBERS, is_locked, members
from tests.domain.detectors.archives import RAR5_LOCKED, zipped
from tests.quick import is_quick


def test_lists_names_and_sizes():
    found = members(zipped("a.txt", "ü/b.txt"))

    assert [(m.name, m.size, m.is_encrypted) for m in found] == [
        ("a.txt", 7, False),
        ("ü/b.txt", 7, False),
    ]


def test_finds_the_directory_behind_other_bytes():
    assert [m.name for m in members(b"MZ" + bytes(99) + zipped("a.txt"))] == ["a.txt"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x05\x06", id="an end without a beginning"),
        pytest.param(b"PK\x01\x02", id="an entry cut short"),
        pytest.param(zipped("a.txt")[:-30], id="no end"),
        pytest.param(b"PK\x05\x06" + b"\xff" * 18, id="an end that points nowhere"),
    ],
)
def test_broken_archives_hold_what_can_be_read(content):
    assert len(members(content)) <= 1


def test_a_directory_without_end_is_read_up_to_the_cap():
    entry = b"PK\x01\x02" + bytes(42)
    content = entry * 300_000 + struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, 46 * 300_000, 0, 0
    )

    assert len(members(content)) == MOST_MEMBERS
    assert is_quick(lambda: members(content), 0.5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(zipped("a"), False, id="open zip"),
        pytest.param(zipped("a", locked=True), True, id="locked zip"),
        pytest.param(RAR5_LOCKED, True, id="locked rar 5"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(30), False, id="open rar 5"),
        pytest.param(
            b"Rar!\x1a\x07\x00" + bytes(3) + b"\x80\x00\x00", True, id="rar 4"
        ),
        pytest.param(b"Rar!\x1a\x07\x00" + bytes(6), False, id="open rar 4"),
        pytest.param(b"Rar!\x1a\x07\x01\x00", False, id="cut short"),
    ],
)
def test_knows_locked_archives(content, expected):
    assert is_locked(content) is expected
