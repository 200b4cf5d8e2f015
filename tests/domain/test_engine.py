"""Detectors run over a message; their failures are contained and said."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.domain import receipts
from dashboard.domain.aggregator import Verdict
from dashboard.domain.context import Context
from dashboard.domain.engine import FAILED, examine, examine_each
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from tests.domain.letters import html, parts, plain

MESSAGES = sorted((Path(__file__).parents[1] / "messages").glob("*.eml"))
HARMLESS = plain("See you on Monday.", "Message-ID: <1@example.org>")


def silent(message: Message, context: Context) -> Iterator[Finding]:
    yield from ()


def broken(message: Message, context: Context) -> Iterator[Finding]:
    yield Finding("image-only", Sentence("Seen before the fault."), ())
    raise RecursionError("a secret of the message")


def rules(raw: bytes, *detectors: object) -> list[str]:
    found = examine(raw, detectors=detectors).assessment.findings  # type: ignore[arg-type]
    return [weighed.finding.rule for weighed in found]


def test_a_failing_detector_is_a_finding() -> None:
    assert rules(HARMLESS, broken) == [FAILED]


def test_a_failing_detector_does_not_silence_the_others() -> None:
    def other(message: Message, context: Context) -> Iterator[Finding]:
        yield Finding("form-in-body", Sentence("Seen."), ())

    assert sorted(rules(HARMLESS, broken, other)) == [FAILED, "form-in-body"]


def test_a_failing_detector_makes_clean_impossible() -> None:
    assert examine(HARMLESS, detectors=[silent]).assessment.verdict is Verdict.CLEAN
    failed = examine(HARMLESS, detectors=[broken]).assessment
    assert failed.verdict is not Verdict.CLEAN
    assert "test-engine" in [entry.check for entry in failed.not_checked]


def test_a_failure_is_logged_without_what_the_message_says(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        examine(HARMLESS, detectors=[broken])
    assert "RecursionError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        pytest.param(parts(*[b"\r\nx"] * 600), "parts", id="parts"),
        pytest.param(html("x" * 600_000), "html-size", id="page"),
        pytest.param(html("<div>" * 1000), "html-depth", id="depth"),
    ],
)
def test_what_stayed_unread_makes_clean_impossible(raw: bytes, check: str) -> None:
    assessment = examine(raw, detectors=[silent]).assessment
    assert assessment.verdict is Verdict.CANNOT_JUDGE
    assert check in [entry.check for entry in assessment.not_checked]


@pytest.mark.parametrize("path", MESSAGES[::6], ids=lambda path: path.stem)
def test_one_message_gives_one_record(path: Path) -> None:
    raw = path.read_bytes()
    records = {
        json.dumps(receipts.to_record(examine(raw)), sort_keys=False) for _ in range(4)
    }
    assert len(records) == 1


def test_a_hundred_examinations_give_one_record() -> None:
    raw = MESSAGES[0].read_bytes()
    first = json.dumps(receipts.to_record(examine(raw)))

    for _ in range(99):
        assert json.dumps(receipts.to_record(examine(raw))) == first


def test_several_at_once_are_examined_as_if_each_were_alone() -> None:
    raws = [path.read_bytes() for path in MESSAGES]
    alone = [receipts.to_record(examine(raw)) for raw in raws]
    assert [*map(receipts.to_record, examine_each(raws))] == alone


def test_a_record_is_json_with_sorted_keys() -> None:
    record = receipts.to_record(examine(html("<a href='https://1.2.3.4/'>bank</a>")))
    assert json.loads(json.dumps(record)) == record
    assert json.dumps(record) == json.dumps(record, sort_keys=True)


def test_a_record_cuts_long_evidence_and_says_so() -> None:
    raw = plain("x" * 100, f"Authentication-Results: {'a' * 9000}; spf=pass")
    found = receipts.to_record(examine(raw))["assessment"]
    for finding in found["findings"]:  # type: ignore[index]
        for evidence in finding["evidence"]:
            assert len(evidence["value"]) <= receipts.MAX_VALUE


def test_a_summary_names_what_a_list_shows() -> None:
    summary = receipts.summary(examine(HARMLESS))
    assert (summary["sender"], summary["subject"]) == ("desk@example.org", "Hello")
    assert summary["recipient"] == "you@example.com"
    assert summary["threat_level"] == "safe"
