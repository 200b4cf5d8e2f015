"""Sentences name hosts so that no program makes a link of them."""

import pytest

from dashboard.domain.context import DEMONSTRATED
from dashboard.domain.engine import examine
from dashboard.domain.indicators import spoken
from tests.domain.detectors.mail import linked, plain


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param("It opens evil.example.", "It opens evil[.]example.", id="host"),
        pytest.param("to www.bank.com,", "to www[.]bank[.]com,", id="every dot"),
        pytest.param("to a.b@evil.test,", "to a.b@evil[.]test,", id="mail address"),
        pytest.param("at 203.0.113.9.", "at 203[.]0[.]113[.]9.", id="number"),
        pytest.param("https://a.test/", "hxxps://a[.]test/", id="URL"),
        pytest.param("see “Bücher.рф”", "see “Bücher[.]рф”", id="other letters"),
        pytest.param("'list.zip'", "'list[.]zip'", id="a file that is a host too"),
        pytest.param("'invoice.pdf.exe'", "'invoice.pdf.exe'", id="a file"),
        pytest.param("1.99 EUR, e.g. now.", "1.99 EUR, e.g. now.", id="no name"),
    ],
)
def test_names_are_shown_unlinked(told, expected):
    assert spoken(told) == expected
    assert spoken(expected) == expected


def test_a_long_sentence_is_read_in_linear_time():
    assert spoken("ab." * 100_000).count("[.]") == 99_999


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked("https://evil.example/", "www.bank.com"), id="hosts"),
        pytest.param(plain(Reply_To="x.y@evil.example"), id="a mail address"),
        pytest.param(plain(From="a@evil.top"), id="the sender"),
    ],
)
def test_findings_and_summary_name_no_bare_host(raw):
    told = examine(raw, context=DEMONSTRATED).assessment
    spoke = [each.finding for each in told.findings]

    assert "[.]" in told.summary
    assert ".example" not in told.summary.replace("[.]example", "")
    assert all(f.summary == spoken(f.summary) for f in spoke)
    assert any("." in seen.observed for f in spoke for seen in f.evidence)
