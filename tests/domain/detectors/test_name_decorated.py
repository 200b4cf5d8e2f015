"""Names of signs and pictures."""

import pytest

from dashboard.domain.detectors.name_decorated import detect
from dashboard.domain.engine import examine
from tests.domain.detectors.mail import plain, rules


def named(name):
    return plain(From=f'"{name}" <a@example.com>')


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("_", id="one line"),
        pytest.param("✨", id="one picture"),
        pytest.param("~Post~", id="between signs"),
        pytest.param("**Storage**", id="a row of signs"),
        pytest.param("#Limited#", id="between hashes"),
        pytest.param("🎁 Your voucher 🎁", id="between pictures"),
        pytest.param("Winner 😍🎊", id="pictures behind"),
        pytest.param("Your voucher 🇩🇪 🇫🇷", id="two flags"),
        pytest.param("★★ Your voucher ★★", id="rows of stars"),
        pytest.param("★ Your voucher 🎁", id="a star and a picture"),
        pytest.param("⚠️ Express", id="a picture of alarm"),
    ],
)
def test_reports_what_is_made_to_be_seen(name):
    assert rules(detect, named(name)) == ["name-decorated"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="no name"),
        pytest.param("Desk", id="a word"),
        pytest.param("Fern Garden 🌿", id="one picture beside a name"),
        pytest.param("Desk Berlin 🇩🇪", id="a flag"),
        pytest.param("👩‍💻 Desk", id="a picture of two joined"),
        pytest.param("★ Hotel Stern ★", id="a sign board"),
        pytest.param("Acme® Storage™", id="trade marks"),
        pytest.param("first_last_99", id="a nickname"),
        pytest.param("C++ user group", id="a language of programs"),
        pytest.param("Robin | Sales | Acme", id="a divided title"),
        pytest.param("#cleanbeach", id="a hashtag"),
        pytest.param("Ada/Ben/Cy", id="three people"),
        pytest.param("Yahoo!", id="a name that ends in a mark"),
        pytest.param("??? ????", id="a name in lost letters"),
        pytest.param("★みどり市場★", id="stars around a Japanese shop"),
        pytest.param("Иван Петров", id="Cyrillic"),
        pytest.param("Nguyễn Thị Ánh", id="Vietnamese"),
        pytest.param("=?x-none?q?_?=", id="a name that cannot be decoded"),
    ],
)
def test_is_silent_about_names(name):
    assert rules(detect, named(name)) == []


def test_reads_the_beginning_of_an_endless_name():
    assert rules(detect, named("a" * 5000 + "**")) == []


def test_says_what_it_saw():
    findings = examine(named("_")).assessment.findings
    (said,) = (f.finding for f in findings if f.finding.rule == "name-decorated")

    assert said.summary == "The sender's name is “_”: not a single letter."
    assert said.evidence[0].value.strip('"') == "_"
