"""Managers say what the organisation is: they try it out first, and then save it."""

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from dashboard.domain.context import Context
from dashboard.services import comparisons, organisation
from tests import factories
from tests.web.examined import examined

pytestmark = pytest.mark.chromium

HERE = "/settings/organisation"
HARBOUR = "Harbour Trust: harbourtrust.example"
BORROWED = factories.eml(
    "Your account",
    body="Dear customer, sign in now: https://harbourtrust.evil.test/login",
    From="Harbour Trust <service@harb0urtrust.test>",
)


def work_out():
    (row,) = stored()["previews"].find({"state": "running"})
    comparisons.advance(str(row["_id"]), Context())


def button(page, name):
    return page.get_by_role("main").get_by_role("button", name=name)


def test_settings_are_tried_out_saved_and_applied(visit):
    examined(visit.sign_in("manager"), BORROWED)
    page = visit.open(HERE)
    page.get_by_label("Protected names and brands").fill(HARBOUR)
    button(page, "Preview").click()
    expect(page.get_by_text("0 of 1 messages judged so far.")).to_be_visible()
    work_out()
    expect(page.locator("#changed tbody tr")).to_have_count(1)
    assert visit.fits()
    button(page, "Save these settings").click()
    expect(page.get_by_text("These settings are in force.")).to_be_visible()
    button(page, "Analyse this message again").click()

    expect(page.get_by_text("1 message is being analysed again.")).to_be_visible()
    assert organisation.known().said["protected"] == (HARBOUR,)


def test_without_a_script_a_preview_is_loaded_again(visitor):
    visit = visitor("phone", script=False)
    examined(visit.sign_in("manager"), BORROWED)
    page = visit.open(HERE)
    page.get_by_label("Protected names and brands").fill(HARBOUR)
    button(page, "Preview").click()
    work_out()
    page.get_by_role("link", name="Load again").click()

    expect(page.locator("#changed tbody tr")).to_have_count(1)
    assert visit.fits()


def test_keys_lead_from_the_last_field_to_what_can_be_done(visitor):
    visit = visitor("desktop")
    visit.sign_in("manager")
    page = visit.open(HERE)
    page.get_by_label("Trusted forwarders").focus()
    page.keyboard.press("Tab")
    expect(button(page, "Preview")).to_be_focused()
    page.keyboard.press("Tab")

    expect(button(page, "Save")).to_be_focused()


@pytest.mark.parametrize("width", [360, 390, 1440, 2560])
def test_a_wrong_line_is_named_beside_its_field_at_every_width(visitor, width):
    visit = visitor("desktop")
    visit.expected = ("422",)
    visit.sign_in("manager")
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(HERE)
    page.get_by_label("Own mail domains").fill(f"example.org\n{'very' * 30}.x y")
    button(page, "Save").click()

    field = page.get_by_label("Own mail domains")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Line 2: “very")).to_be_visible()
    assert visit.fits()
