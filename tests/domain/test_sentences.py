"""What the engine says, in English and in what another language is made from."""

import ast
import pickle

import pytest

from dashboard.domain.aggregator import assess
from dashboard.domain.engine import examine
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.receipts import told
from dashboard.domain.rulesets import load
from tests.domain.test_messages import EXPECTED, examined
from tests.factories import eml
from tools import messages

OPENS = Sentence("A link shows %(shown)s but opens %(host)s.", shown="a", host="b")


@pytest.fixture(scope="module")
def catalogue():
    return messages.collected([("dashboard/**.py", "python")])


def made(root):
    """Every place where a sentence is made, and what of."""
    for path in (root / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_call = isinstance(node, ast.Call)
            is_made = is_call and ast.unparse(node.func) == "Sentence"
            # `filled` makes a sentence of one that was written elsewhere.
            if is_made and ast.unparse(node.args[0]) != "self.template":
                yield f"{path.name}:{node.lineno}", node.args[0]


def every_template(record):
    """Every template in a stored sentence."""
    yield record["template"]
    for value in record["values"].values():
        if isinstance(value, dict):
            yield from every_template(value)


def said(assessment):
    """Every sentence of an assessment."""
    yield assessment.summary
    yield assessment.why
    yield from (each.finding.summary for each in assessment.findings)
    yield from (each.reason for each in assessment.not_checked)


class TestSentence:
    def test_is_plain_english_wherever_text_is_wanted(self):
        assert OPENS == "A link shows a but opens b."
        assert f"{OPENS}" == OPENS
        assert type(OPENS.strip()) is str

    def test_without_values_is_said_as_it_is_written(self):
        assert Sentence("100% free.") == "100% free."

    def test_keeps_what_it_was_made_of_when_it_is_reworded(self):
        other = OPENS.worded("a link shows a but opens b")

        assert other == "a link shows a but opens b"
        assert told(other) == told(OPENS)

    def test_comes_whole_out_of_another_process(self):
        nested = Sentence("In the attached mail: %(told)s", told=OPENS)
        other = pickle.loads(pickle.dumps(nested))  # noqa: S301 - our own

        assert other == nested
        assert told(other) == told(nested)

    def test_is_stored_with_the_sentences_inside_of_it(self):
        nested = Sentence("In the attached mail: %(told)s", told=OPENS)

        assert told(nested)["values"]["told"] == {
            "template": "A link shows %(shown)s but opens %(host)s.",
            "values": {"host": "b", "shown": "a"},
        }

    def test_made_harmless_still_tells_what_it_was_made_of(self):
        found = Finding(
            "link-text-mismatch", OPENS.filled(shown="\u202ea", host=""), ()
        )
        (weighed,) = assess([found], (), load()).findings

        assert weighed.finding.summary == "A link shows a but opens ."
        assert weighed.finding.summary.template == OPENS.template


class TestCatalogue:
    def test_holds_every_sentence_that_can_be_made(self, root, catalogue):
        written = dict(made(root))

        assert len(written) > 100
        for place, template in written.items():
            assert isinstance(template, ast.Constant), place
            assert template.value in catalogue, place

    @pytest.mark.parametrize("name", sorted(EXPECTED))
    def test_holds_all_that_is_said_of_a_message(self, catalogue, name):
        for sentence in said(examined(name).assessment):
            for template in every_template(told(sentence)):
                assert template in catalogue

    def test_holds_what_is_said_of_a_detector_that_breaks(self, catalogue):
        def broken(_message, _context):
            raise RecursionError

        assessment = examine(eml(), detectors=[broken]).assessment
        assert all(each.template in catalogue for each in said(assessment))
