"""A detector that is not asked about a message would have nothing to say of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors import DETECTORS
from dashboard.domain.engine import examine
from dashboard.domain.parsing import parse
from dashboard.domain.subjects import OF_FILES, OF_LINKS
from tests.domain.detectors.mail import linked, plain

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.eml"))


@pytest.mark.parametrize(
    ("detectors", "without"),
    [(OF_LINKS, {"links": ()}), (OF_FILES, {"attachments": (), "nested": ()})],
    ids=["links", "files"],
)
def test_they_say_nothing_where_there_is_none(detectors, without):
    heard = {
        (path.name, found.rule)
        for path in MESSAGES
        for detect in detectors
        for found in detect(replace(parse(path.read_bytes()), **without), Context())
    }

    assert not heard


def test_every_one_of_them_is_a_detector():
    assert set(DETECTORS) >= OF_LINKS | OF_FILES
    assert OF_LINKS.isdisjoint(OF_FILES)


@pytest.mark.parametrize(
    ("raw", "are_asked"),
    [
        pytest.param(plain(), False, id="no link"),
        pytest.param(linked("https://other.example/"), True, id="a link"),
    ],
)
def test_they_are_asked_where_there_is_one(raw, are_asked):
    rules = {each.finding.rule for each in examine(raw).assessment.findings}

    assert ("link-unrelated-single" in rules) is are_asked
