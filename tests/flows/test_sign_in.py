"""Signing in and out, in a browser."""

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from dashboard.services import accounts
from tests import factories

pytestmark = pytest.mark.chromium


def sign_in(page, name, password=factories.PASSWORD):
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("button[type=submit]")


def test_a_name_and_a_password_lead_to_the_page_that_was_wanted(visit):
    factories.account("analyst", username="ada")
    page = visit.open("/analyses?level=high")
    sign_in(page, "ada")

    expect(page).to_have_url(f"{visit.address}/analyses?level=high")
    assert visit.fits()


def test_a_wrong_password_is_said_on_the_form(visit):
    visit.expected = ("422",)
    page = visit.open("/login")
    sign_in(page, "nobody", "wrong horse")

    expect(page.get_by_role("alert")).to_contain_text("do not match")


def test_the_sign_in_page_tells_the_time_zone(visitor):
    factories.account("analyst", username="ada")
    page = visitor().open("/login")
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    sign_in(page, "ada")
    page.wait_for_url("**/overview")

    assert stored()["users"].find_one({"username": "ada"})["time_zone"] == zone


def test_signing_out_ends_it_everywhere(desk):
    page = desk.open("/analyses")
    page.click(".pn-user summary")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    desk.open("/analyses")

    assert "/login" in page.url


def test_a_session_ended_elsewhere_leads_to_the_sign_in(desk):
    page = desk.open("/analyses")
    stored()["persistent_sessions"].update_many({}, {"$set": {"active": False}})
    page.fill("#filter", "level:high")
    page.keyboard.press("Enter")

    page.wait_for_url("**/login**")


def test_the_first_administrator_is_made_by_the_link(visit):
    page = visit.open(f"/first/{accounts.new_first_link()}")
    page.fill("[name=username]", "keeper")
    page.fill("[name=email]", "keeper@example.org")
    page.fill("[name=password]", factories.PASSWORD)
    page.get_by_role("button", name="Create").click()

    page.wait_for_url("**/overview")


def test_the_theme_is_chosen_without_a_flash_and_kept(desk):
    page = desk.open("/analyses")
    page.click(".pn-user summary")
    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(15, 19, 23)"


def test_it_works_without_a_script(visitor):
    factories.account("analyst", username="ada")
    visit = visitor(script=False)
    page = visit.open("/login")
    sign_in(page, "ada")

    expect(page).to_have_url(f"{visit.address}/overview")
