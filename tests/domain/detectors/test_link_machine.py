"""Links made by the thousand."""

import pytest

from dashboard.domain.detectors.link_machine import detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import OWN, discussing, linked, plain, rules
from tests.quick import is_quick

TOKEN = "4k1b9c2d7w8a4b3c9d0e1r2a3b4c5d6e"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://go.example/cl/8812_md/14/3302/77/1", id="a counter"),
        pytest.param("https://go.example/page?aff_id=7&x=1", id="a seller's number"),
        pytest.param("https://go.example/?x=1&SUB1=mail", id="in capitals"),
        pytest.param(f"https://go.example/{TOKEN}", id="one long token"),
        pytest.param(f"https://go.example/in/{TOKEN}/", id="at the end of a path"),
    ],
)
def test_reports_links_of_machines(url):
    assert rules(detect, linked(url)) == ["link-machine-made"]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"https://my.example.com/{TOKEN}", id="home"),
        pytest.param(f"https://www.example.org/{TOKEN}", id="our house"),
        pytest.param("https://other.example/archive/2026/11/22", id="a date"),
        pytest.param("https://other.example/t/slug/2026/11/05", id="a dated topic"),
        pytest.param("https://other.example/project/" + "4f1b9c2d" * 3, id="a project"),
        pytest.param("https://other.example/rev/" + "4f1b9c2d" * 5, id="a revision"),
        pytest.param("https://other.example/?campaign_id=9", id="a campaign"),
        pytest.param("https://other.example/?oc=9", id="two letters of anything"),
        pytest.param("https://other.example/c/12/34", id="a short row of numbers"),
        pytest.param(
            "https://other.example/minutes-of-the-board-of-november", id="words"
        ),
        pytest.param("https://other.example/a?offered=1", id="a longer name"),
        pytest.param(f"https://other.example/{TOKEN}?x=1", id="a token and a question"),
        pytest.param(f"https://other.example/a/b/c/{TOKEN}", id="deep in an archive"),
        pytest.param("https://other.example/the-2026-minutes-of-november", id="pieces"),
        pytest.param(f"https://other.example/{TOKEN}/report.html", id="a token inside"),
        pytest.param("https://other.example/" + "a1" * 200, id="longer than is read"),
    ],
)
def test_leaves_other_links_alone(url):
    assert rules(detect, linked(url), OWN) == []


def test_leaves_what_an_answer_speaks_of_alone():
    raw = discussing(plain(f"See https://go.example/{TOKEN}\r\n\r\n> Where is it?\r\n"))

    assert rules(detect, raw) == []


def test_takes_no_longer_for_hostile_paths():
    paths = (f"https://go.example{'/c/a/1' * 600}{n}" for n in range(300))
    message = parse(plain("\r\n".join(paths)))

    assert is_quick(lambda: list(detect(message, OWN)), 0.2)
