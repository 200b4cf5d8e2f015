"""Inviting somebody, and watching where people are signed in, in a browser."""

import pytest
from playwright.sync_api import expect

from dashboard.documents.connection import database as stored
from tests import factories

pytestmark = pytest.mark.chromium


def test_an_invitation_is_made_handed_over_and_accepted(visitor):
    keeper, guest = visitor(), visitor("phone")
    keeper.sign_in("admin")
    page = keeper.open("/users/new")
    page.fill("#username", "ada")
    page.fill("#email", "ada@example.org")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.input_value("#link")

    form = guest.page
    form.goto(link)
    form.fill("#full_name", "Ada")
    form.fill("#password", factories.PASSWORD)
    form.get_by_role("button", name="Accept and sign in").click()

    expect(form.get_by_role("heading", level=1)).to_be_visible()
    assert guest.fits()
    assert stored()["users"].find_one({"username": "ada"})["is_active"]


def test_the_list_of_sessions_shows_a_new_one_by_itself(visit):
    account = visit.sign_in()
    page = visit.open("/sessions")
    expect(page.locator("tr[id^='s-']")).to_have_count(1)

    factories.begin_session(account)

    expect(page.locator("tr[id^='s-']")).to_have_count(2)


def test_a_revoked_session_leaves_its_page_for_the_sign_in(visitor):
    one, keeper = visitor(), visitor()
    account = one.sign_in()
    page = one.open("/sessions")
    keeper.sign_in("admin")
    keeper.open(f"/users/{account.id}")

    keeper.page.get_by_role("button", name="Revoke all").click()

    expect(page).to_have_url(f"{one.address}/login?next=/sessions")


def test_sessions_can_be_ended_without_a_script(visitor):
    visit = visitor("phone", script=False)
    account = visit.sign_in()
    factories.begin_session(account)
    page = visit.open("/sessions")

    page.get_by_role("button", name="Revoke all but this one").click()

    expect(page.get_by_text("1 session has ended.")).to_be_visible()
    assert visit.fits()
