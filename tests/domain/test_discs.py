"""Directories of disc images are read without mounting anything."""

import struct

import pytest

from dashboard.domain.archives import MOST_MEMBERS
from dashboard.domain.discs import SECTOR, files
from tests.domain.detectors.archives import disc
from tests.quick import is_quick


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(disc("A.TXT;1", "B.EXE;1"), id="plain"),
        pytest.param(disc("A.TXT;1", "B.EXE;1", folder="DOCS"), id="in a folder"),
        pytest.param(disc("A.TXT", "B.EXE", joliet=True), id="long names"),
    ],
)
def test_lists_files_where_they_are_named(image):
    found = files(image)

    assert [file.name for file in found] == ["A.TXT", "B.EXE"]
    named = [image[file.start : file.end].replace(b"\0", b"") for file in found]
    assert named == [b"A.TXT", b"B.EXE"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(disc("A.EXE")[: 17 * SECTOR], id="no directory"),
        pytest.param(bytes(16 * SECTOR) + b"\x01CD001", id="cut in the volume"),
        pytest.param(disc("A.EXE")[: 18 * SECTOR + 80], id="cut in an entry"),
    ],
)
def test_a_broken_image_ends_the_list(content):
    assert files(content) == ()


def test_a_directory_that_holds_itself_is_visited_once():
    image = bytearray(disc("A.EXE", folder="LOOP"))
    entry = image.find(b"LOOP") - 33
    struct.pack_into("<I", image, entry + 2, 18)

    assert files(bytes(image)) == ()


@pytest.mark.parametrize("fill", [b"\0", b"\x22", b"\xff"])
def test_hostile_images_are_read_in_bounded_time(fill):
    image = bytearray(disc("A.EXE").ljust(20_000_000, fill))
    struct.pack_into("<I", image, 16 * SECTOR + 156 + 10, 0xFFFFFFFF)

    assert len(files(bytes(image))) <= MOST_MEMBERS
    assert is_quick(lambda: files(bytes(image)), 1)
