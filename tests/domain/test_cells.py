"""Rows for other programs: no cell is a formula, and everything reads back."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.cells import cell, csv_line, json_line

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1"]
HIDDEN = [
    "＠SUM",
    " =1+1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "\x0b=1",
    "\t",
]
PLAIN = ["", "a=1", "1-2", "invoice", '"=1"', "mail@example.org", "'=1", "−1", "·=1"]
NUMBERS = [(-5, "-5"), (0, "0"), (2.5, "2.5"), (-0.5, "-0.5"), (True, "True")]


def read(line):
    (row,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    return row


class TestCell:
    @pytest.mark.parametrize("text", [*RISKY, *HIDDEN])
    def test_that_a_spreadsheet_may_calculate_gets_an_apostrophe(self, text):
        assert cell(text) == "'" + text.replace("\0", "")

    @pytest.mark.parametrize("text", PLAIN)
    def test_that_is_plain_text_stays_as_it_is(self, text):
        assert cell(text) == text

    @pytest.mark.parametrize(("number", "text"), NUMBERS)
    def test_of_a_number_is_the_number(self, number, text):
        assert cell(number) == text

    def test_of_nothing_is_empty(self):
        assert cell(None) == ""

    def test_of_a_time_is_in_utc_with_milliseconds(self):
        moment = datetime(2026, 11, 21, 9, 5, tzinfo=timezone(timedelta(hours=2)))

        assert cell(moment) == "2026-11-21T07:05:00.000Z"

    def test_of_words_is_the_words(self):
        assert cell(["auth-fail", "link-ip-host"]) == "auth-fail link-ip-host"

    def test_of_something_deeper_is_json(self):
        told = {"role": {"before": "viewer", "after": "analyst"}}

        assert json.loads(cell(told)) == told

    @given(st.text())
    def test_never_begins_as_a_formula_does(self, text):
        assert not cell(text).strip().startswith(("=", "+", "-", "@"))


class TestCsv:
    def test_quotes_what_would_break_a_line(self):
        hostile = ['a"b', "a,b", "a\nb", "a\r\nb", "a;b"]

        assert read(csv_line(hostile)) == hostile

    def test_ends_every_line_the_same_way(self):
        assert csv_line(["a", 1]) == "a,1\r\n"

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2))
    def test_reads_back_as_it_was_but_for_the_apostrophe(self, texts):
        back = read(csv_line(texts))

        assert back == [cell(text) for text in texts]


class TestJson:
    @given(
        st.dictionaries(
            st.text(),
            st.none()
            | st.booleans()
            | st.text()
            | st.floats(allow_nan=False)
            | st.integers(),
        )
    )
    def test_reads_back_as_it_was(self, row):
        line = json_line(row)

        assert json.loads(line) == row
        assert line.count("\n") == 1

    def test_writes_times_as_csv_does(self):
        moment = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)

        assert json.loads(json_line({"at": moment})) == {"at": cell(moment)}
