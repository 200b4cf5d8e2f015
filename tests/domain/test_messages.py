"""The demonstration messages: what the engine says of each, and its proof."""

import json
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

from dashboard.domain import evidence, rulesets
from dashboard.domain.aggregator import assess
from dashboard.domain.context import DEMONSTRATED
from dashboard.domain.engine import Examination, examine
from dashboard.domain.parsing import parse
from dashboard.domain.receipts import to_record
from tests.each import each

FOLDER = Path(__file__).parents[1] / "messages"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
VERDICTS = {"clean", "suspicious", "malicious", "cannot-judge"}
NO_MESSAGE_CAUSES = {
    "detector-failed",  # a defect of ours, not a deceit of theirs
    # What stands on record decides these, and a message alone has none.
    "known-indicator",
    "signature-broken",
    "yara-match",
    "correspondent-known",
    "thread-held",
    "sender-first-seen",
}
DUMP = """
import json, sys
from pathlib import Path
from dashboard.domain.engine import examine
from dashboard.domain.receipts import to_record
from tests.each import each
for path in sorted(Path(sys.argv[1]).glob("*.eml")):
    print(json.dumps(to_record(examine(path.read_bytes()))))
"""

each_message = each("name", sorted(EXPECTED))


@cache
def examined(name: str) -> Examination:
    return examine((FOLDER / name).read_bytes(), context=DEMONSTRATED)


def rules(name: str) -> set[str]:
    return {each.finding.rule for each in examined(name).assessment.findings}


def known_rules() -> set[str]:
    ruleset = rulesets.load()
    return set(ruleset.points_for) | set(ruleset.points_against)


class TestTheTable:
    def test_lists_exactly_the_messages_of_the_folder(self):
        assert set(EXPECTED) == {path.name for path in FOLDER.glob("*.eml")}

    def test_holds_at_least_eighty_messages_in_ten_languages(self):
        assert len(EXPECTED) >= 80
        assert len({entry["language"] for entry in EXPECTED.values()}) >= 10

    @each_message
    def test_says_the_same_things_of_each_message(self, name):
        entry = EXPECTED[name]
        assert set(entry) == {"title", "language", "verdict", "findings", "absent"}
        assert entry["title"]
        assert entry["verdict"] in VERDICTS

    @each_message
    def test_names_only_rules_that_exist(self, name):
        named = EXPECTED[name]["findings"] + EXPECTED[name]["absent"]
        assert set(named) <= known_rules()

    def test_expects_every_rule_somewhere(self):
        expected = {r for entry in EXPECTED.values() for r in entry["findings"]}
        assert known_rules() - expected == NO_MESSAGE_CAUSES

    def test_expects_silence_from_most_rules_somewhere(self):
        absent = {r for entry in EXPECTED.values() for r in entry["absent"]}
        assert len(absent) >= 40


class TestTheEngine:
    @each_message
    def test_reaches_the_verdict(self, name):
        assessment = examined(name).assessment
        assert assessment.verdict == EXPECTED[name]["verdict"], assessment.why

    @each_message
    def test_finds_what_is_there(self, name):
        assert set(EXPECTED[name]["findings"]) - rules(name) == set()

    @each_message
    def test_is_silent_about_what_is_not(self, name):
        assert set(EXPECTED[name]["absent"]) & rules(name) == set()

    def test_finds_every_rule_of_the_ruleset(self):
        found = set().union(*(rules(name) for name in EXPECTED))
        assert known_rules() - found == NO_MESSAGE_CAUSES

    def test_fails_in_no_detector(self):
        assert [name for name in EXPECTED if "detector-failed" in rules(name)] == []


class TestTheProof:
    @each_message
    def test_each_evidence_is_read_back_from_the_stored_bytes(self, name):
        stored = parse((FOLDER / name).read_bytes())
        shown = [
            piece
            for f in examined(name).assessment.findings
            for piece in f.finding.evidence
        ]
        assert [evidence.read(stored, piece.place) for piece in shown] == [
            piece.value for piece in shown
        ]

    @each_message
    def test_each_finding_for_phishing_points_at_a_place(self, name):
        silent = [
            each.finding.rule
            for each in examined(name).assessment.findings
            if each.points > 0 and not each.finding.evidence
        ]
        assert silent == []

    @each_message
    def test_the_points_sum_to_the_score(self, name):
        told = examined(name).assessment
        assert told.base + sum(each.points for each in told.findings) == told.score

    @each_message
    def test_scoring_without_a_finding_gives_what_is_shown(self, name):
        told = examined(name).assessment
        for gone in told.findings:
            rest = [f.finding for f in told.findings if f is not gone]
            other = assess(rest, told.not_checked, rulesets.load())
            assert (gone.without_score, gone.without_level, gone.without_verdict) == (
                other.score,
                other.level,
                other.verdict,
            )

    @each_message
    def test_a_second_examination_is_byte_identical(self, name):
        again = examine((FOLDER / name).read_bytes(), context=DEMONSTRATED)
        assert json.dumps(to_record(again)) == json.dumps(to_record(examined(name)))

    def test_another_process_says_the_same(self):
        def run(seed):
            return subprocess.run(
                [sys.executable, "-c", DUMP, str(FOLDER)],
                cwd=FOLDER.parents[1],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout

        first = run("1")
        assert first.count(b"\n") == len(EXPECTED)
        assert first == run("2")
