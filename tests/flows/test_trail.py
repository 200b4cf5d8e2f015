"""Reading the trail and taking it along, as somebody does it."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.services import exports
from dashboard.services.audit import Actor, Event, changes, record
from tests import factories

pytestmark = pytest.mark.chromium

ADA = Actor("ada", "1", "203.0.113.9", "Browser/1", "req_1")


@pytest.fixture
def auditor_visit(visit):
    """The browser of an auditor, with a change of a role in the trail."""
    visit.sign_in("auditor")
    told = {"changes": changes({"role": "viewer"}, {"role": "analyst"})}
    record(Event.ROLE_CHANGED, ADA, of=("account", "1" * 24), metadata=told)
    record(Event.ACCESS_REFUSED, ADA, description="GET /users")
    return visit


def test_a_change_is_found_and_read(auditor_visit):
    page = auditor_visit.open("/audit")
    page.select_option("#filter-type", "account")
    expect(page).to_have_url(re.compile("type=account"))
    expect(page.locator("tbody .pn-open")).to_have_text(["Role changed"])
    page.click("tbody .pn-open")

    expect(page.locator(".pn-diff del")).to_have_text("viewer")
    expect(page.locator(".pn-diff ins")).to_have_text("analyst")
    assert auditor_visit.fits()


def test_what_the_filters_show_is_taken_along(auditor_visit, tmp_path):
    page = auditor_visit.open("/audit?type=account")
    page.click("summary:has-text('Export')")
    with page.expect_download() as download:
        page.click("button[value=csv]")
    target = Path(tmp_path / "trail.csv")
    download.value.save_as(target)

    with target.open(newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["action"] == Event.ROLE_CHANGED
    assert download.value.suggested_filename.endswith(".csv")


def test_a_long_list_shows_its_progress_until_it_is_ready(desk, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT_ROWS", 1)
    for number in range(3):
        factories.examined(subject=f"Message {number}")
    page = desk.open("/analyses")
    page.click("summary:has-text('Export')")
    page.click("button[value=jsonl]")
    expect(page.locator("progress")).to_be_visible()
    exports.advance(page.url.rpartition("/")[2])

    with page.expect_download() as download:
        page.click("#progress .btn-primary")
    assert len(Path(download.value.path()).read_text().splitlines()) == 3
