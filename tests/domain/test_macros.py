"""Programs in documents are found by where they are kept."""

import pytest

from dashboard.domain.macros import macro_storage
from tests.domain.detectors.archives import ole, zipped


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(zipped("word/document.xml"), None, id="a document"),
        pytest.param(zipped("xl/vbaProject.bin"), "xl/vbaProject.bin", id="a project"),
        pytest.param(
            zipped("xl/macrosheets/s.xml"), "xl/macrosheets/s.xml", id="sheet"
        ),
        pytest.param(ole("WordDocument"), None, id="an old document"),
        pytest.param(ole("Macros"), "Macros", id="an old one with a project"),
        pytest.param(ole("VBA")[:600], None, id="cut short"),
        pytest.param(ole("VBA")[:40], None, id="cut very short"),
    ],
)
def test_names_the_storage(content, name):
    found = macro_storage(content)

    assert (found[0] if found else None) == name


def test_points_at_the_name():
    content = ole("WordDocument", "_VBA_PROJECT")
    _, start, end = macro_storage(content)

    assert content[start:end].decode("utf-16-le") == "_VBA_PROJECT"


def test_a_directory_that_runs_in_a_circle_ends():
    content = bytearray(ole("WordDocument"))
    content[516:520] = (1).to_bytes(4, "little")  # sector 1 is followed by itself

    assert macro_storage(bytes(content)) is None
