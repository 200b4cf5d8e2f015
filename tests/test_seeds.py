"""What once broke the engine, or nearly did, goes through it again: one file each."""

from pathlib import Path

import pytest

from dashboard.domain import engine
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.places import in_source
from dashboard.domain.sightings import sighting
from tests.quick import is_quick
from tools import fuzz, targets

SEEDS = sorted(path for path in fuzz.SEEDS.rglob("*") if path.is_file())


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SEEDS, ids=name_of)
def test_it_is_read_in_bounded_time(path):
    data, target = path.read_bytes(), targets.TARGETS[path.parent.name]

    assert is_quick(lambda: target(data), fuzz.SLOWEST)


def test_every_target_has_seeds_and_is_fuzzed():
    assert {path.parent.name for path in SEEDS} == set(targets.TARGETS)
    assert set(fuzz.NAMES) == set(targets.TARGETS)


def broken(message, context):
    raise RecursionError


def mistaken(message, context):
    seen = sighting(message, in_source(0, 4))
    lie = type(seen)(seen.place, "what does not stand there")
    yield Finding("image-only", Sentence("Seen."), (lie,))


@pytest.mark.parametrize("detector", [broken, mistaken])
def test_a_message_that_a_detector_fails_on_is_a_fault(monkeypatch, detector):
    def examine(raw):
        return engine.examine(raw, detectors=(detector,))

    monkeypatch.setattr(targets, "examine", examine)
    with pytest.raises(targets.Fault):
        targets.message(b"Subject: one\n\ntext")


def test_a_safe_view_with_anything_active_in_it_is_a_fault(monkeypatch):
    shown = "<html><body><p onclick=x()>text</p></body></html>"
    monkeypatch.setattr(targets, "render", lambda _message: shown)
    with pytest.raises(targets.Fault):
        targets.page(b"<p>text</p>")
