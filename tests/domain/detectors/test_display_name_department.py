"""Departments that lead to strangers."""

import pytest

from dashboard.domain.detectors.display_name_department import detect
from tests.domain.detectors.mail import OWN, discussing, linked, page, plain, rules

AWAY = "https://other.example/v/1"


def beside(text):
    return page(
        f'<a href="https://example.com/">Us</a><a href="{AWAY}">{text}</a>',
        From="HR Department <a@example.com>",
    )


def named(name, url=AWAY, host="example.com"):
    return linked(url, From=f'"{name}" <a@{host}>')


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(named("HR Department"), id="a department"),
        pytest.param(named("IT  Helpdesk - Ticket 7"), id="among other words"),
        pytest.param(named("Kundenservice"), id="in another language"),
        pytest.param(named("Mail Delivery System"), id="a server with a button"),
        pytest.param(beside("Click here"), id="calling away beside a link home"),
    ],
)
def test_reports_departments_that_lead_away(raw):
    assert rules(detect, raw, OWN) == ["display-name-department"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(named("HR Department", "https://example.com/"), id="home"),
        pytest.param(named("HR Department", host="example.org"), id="our own"),
        pytest.param(named("Helpdesker"), id="a longer word"),
        pytest.param(beside("The map"), id="one of several leads away"),
        pytest.param(named("Alder Food Bank"), id="a name with a bank"),
        pytest.param(named("Coast Survey"), id="a name with a survey"),
        pytest.param(named("Elm Rewards"), id="a name with rewards"),
        pytest.param(named("Alder and Elm"), id="another name"),
        pytest.param(plain(From="HR Department <a@example.com>"), id="no link"),
        pytest.param(
            plain(f"Why: {AWAY}", From="Mail Delivery <postmaster@example.com>"),
            id="a server that says where its reasons stand",
        ),
        pytest.param(
            discussing(
                plain(f"See {AWAY}\r\n> Where?\r\n", From="Helpdesk <a@example.com>")
            ),
            id="an answer",
        ),
    ],
)
def test_leaves_honest_departments_alone(raw):
    assert rules(detect, raw, OWN) == []
