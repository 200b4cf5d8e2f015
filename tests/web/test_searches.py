"""Searches that look through so much and no more say how far they came."""

from datetime import timedelta

import pytest

from dashboard.documents import base
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.services.audit import Actor, Event, record
from tests import factories

NEVER_TOGETHER = "/analyses?q=invoice+parcel"
FURTHER = "Search further back"


@pytest.fixture
def many(analyst, monkeypatch):
    """Messages about invoices and others about parcels, of which few are looked at."""
    monkeypatch.setattr(base, "enough", lambda _looked, _seconds: 20)
    monkeypatch.setattr("dashboard.documents.analysis.SEARCHED_ROWS", 10)
    for number in range(80):
        subject = ("An invoice", "Your parcel")[number % 2]
        at = now() - timedelta(hours=number)
        factories.examined(analyst.account, subject=subject, received_at=at)
    histogram.forget()


def older(page):
    return page.select_one("a[rel=next]")


def test_a_search_that_found_nothing_so_far_says_so_and_goes_on(analyst, many):
    page = analyst.get(NEVER_TOGETHER)

    assert "Nothing found so far" in page.text
    assert FURTHER in older(page).text


def test_a_search_comes_to_its_end(analyst, many):
    page, turns = analyst.get(NEVER_TOGETHER), 0
    while link := older(page):
        page, turns = analyst.get(link["href"]), turns + 1

    assert 1 < turns < 10
    assert "Nothing older" in page.text


def test_what_lies_far_back_is_found_in_the_end(analyst, many):
    far = now() - timedelta(hours=79)
    both = factories.examined(
        analyst.account, subject="An invoice with a parcel", received_at=far
    )
    page = analyst.get(NEVER_TOGETHER)
    while not page.select_one(f"#a-{both}"):
        page = analyst.get(older(page)["href"])


def test_the_trail_says_how_far_a_search_came(auditor, monkeypatch):
    monkeypatch.setattr(base, "enough", lambda _looked, _seconds: 20)
    monkeypatch.setattr("dashboard.documents.pace.MIN_LOOKED", 10)
    for number in range(60):
        said = ("signed out", "refused entry")[number % 2]
        record(Event.SIGN_OUT, Actor("somebody"), description=said)

    page = auditor.get("/audit?q=signed+entry")

    assert "Nothing found so far" in page.text
    assert FURTHER in older(page).text
