"""Where people are signed in, and ending it."""

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from tests import factories
from tests.web.test_costs import counting

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def actions():
    return [row["action"] for row in stored()["audit_logs"].find({})]


def rows(page):
    return page.select("tr[id^='s-']")


def of(account):
    """The sessions of an account, as they are stored, in the order they began."""
    found = stored()["persistent_sessions"].find({"user_id": account.id})
    return list(found.sort("_id", 1))


def another_browser(app, account):
    browser = factories.signed_in(app, "viewer")
    with browser.client.session_transaction() as session:
        session["sid"] = factories.begin_session(account)
    browser.token = ""
    return browser


class TestOwn:
    def test_shows_each_with_device_address_and_times(self, analyst):
        factories.begin_session(analyst.account, agent=FIREFOX)

        page = analyst.get("/sessions")

        texts = [row.text for row in rows(page)]
        assert "Firefox on Linux" in texts[0]
        for part in ("127.0.0.1", "Password", "just now"):
            assert part in texts[0]
        assert "This session" in texts[1]
        assert "This session" not in texts[0]

    def test_is_answered_at_the_name_other_systems_use(self, analyst):
        there, here = (analyst.get(url) for url in ("/auth/sessions", "/sessions"))

        assert (
            there.select_one("tr[id^='s-']")["id"]
            == here.select_one("tr[id^='s-']")["id"]
        )
        assert analyst.get("/overview").select_one("a[href='/sessions']")

    def test_shows_nobody_elses(self, app, analyst, viewer):
        page = analyst.get("/sessions")

        assert len(rows(page)) == 1

    def test_of_which_one_is_revoked_holds_at_the_next_request(self, app, analyst):
        other = another_browser(app, analyst.account)
        other.get("/analyses")

        analyst.post(f"/sessions/{of(analyst.account)[1]['_id']}/revoke")

        other.get("/analyses", status=303)
        analyst.get("/analyses")
        assert "session:end" in actions()

    def test_can_be_revoked_all_but_this_one(self, app, analyst):
        others = [another_browser(app, analyst.account) for _ in range(3)]

        analyst.post("/sessions/others/revoke")

        for other in others:
            other.get("/analyses", status=303)
        page = analyst.get("/sessions")
        assert "3 sessions have ended." in page.text
        assert len(rows(page.select_one("#mine-title").find_parent("section"))) == 1

    def test_that_ended_say_when_by_whom_and_why(self, analyst, admin):
        factories.begin_session(analyst.account)
        session = of(analyst.account)[1]["_id"]
        admin.post(f"/sessions/{session}/revoke")

        page = analyst.get("/sessions")

        ended = page.select_one("#ended-title").find_parent("section").text
        assert admin.account.username in ended
        assert "revoked" in ended

    def test_that_are_over_are_not_shown_as_live(self, analyst):
        for past in ({"expires_at": now()}, {"last_seen": factories.later(hours=-13)}):
            factories.begin_session(analyst.account, **past)

        assert len(rows(analyst.get("/sessions"))) == 1

    def test_hold_no_secret(self, analyst):
        with analyst.client.session_transaction() as session:
            secret = session["sid"]

        page = analyst.get("/sessions")

        assert secret not in str(page)
        assert of(analyst.account)[0]["session_id"] not in str(page)

    def test_are_two_commands_however_many_have_ended(self, analyst):
        for _ in range(12):
            factories.begin_session(analyst.account)
        analyst.post("/sessions/others/revoke")
        analyst.get("/sessions")  # learns how far back a page reaches
        with counting() as asked:
            analyst.get("/sessions")

        assert len(asked) == 4


class TestAgain:
    @pytest.mark.parametrize("url", ["/sessions", "/sessions/all"])
    def test_is_304_while_nothing_has_changed(self, admin, url):
        admin.get(url)
        tag = {"If-None-Match": admin.response.headers["ETag"]}

        admin.get(url, status=304, headers=tag, htmx=True)
        factories.begin_session(admin.account)
        admin.get(url, headers=tag, htmx=True)

    @pytest.mark.parametrize("url", ["/sessions", "/sessions/all?state=ended"])
    def test_asks_with_the_tag_of_what_is_shown(self, admin, url):
        page = admin.get(url)

        asking = page.select_one("[hx-trigger='every 5s']")
        tag = admin.response.headers["ETag"].strip('"')
        assert tag in asking["hx-headers"]
        assert page.select_one(asking["hx-target"]).select_one("[hx-trigger]")

    def test_leads_to_sign_in_once_this_session_is_revoked(self, analyst, admin):
        admin.post(f"/sessions/{of(analyst.account)[0]['_id']}/revoke")

        analyst.get("/sessions", status=200, htmx=True)

        assert analyst.response.headers["HX-Redirect"].startswith("/login")


class TestEverybodys:
    def test_are_shown_to_administrators_alone(self, admin, analyst):
        page = admin.get("/sessions/all")

        assert len(rows(page)) == 2
        analyst.get("/sessions/all", status=403)

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("who=ada", 1),
            ("q=firefox", 1),
            ("q=ada+who:ada", 1),
            ("who=nobody", 0),
            ("state=ended", 0),
            ("q=127", 3),
            ("since=-1d", 3),
            ("until=-1d", 0),
        ],
    )
    def test_are_narrowed(self, admin, viewer, query, count):
        ada = factories.account("analyst", username="ada")
        factories.begin_session(ada, agent=FIREFOX)

        assert len(rows(admin.get(f"/sessions/all?{query}"))) == count

    def test_that_ended_are_a_list_of_their_own(self, admin, viewer):
        viewer.post("/logout")

        page = admin.get("/sessions/all?state=ended")

        (row,) = rows(page)
        assert "signed out" in row.text
        assert len(rows(admin.get("/sessions/all"))) == 1

    def test_lead_from_page_to_page(self, admin):
        for _ in range(5):
            factories.begin_session(admin.account)
        seen, url = [], "/sessions/all?limit=2"
        while url:
            page = admin.get(url)
            seen += [row["id"] for row in rows(page)]
            older = page.select_one("a[rel=next]")
            url = older and older["href"]

        assert len(seen) == len(set(seen)) == 6

    def test_revoked_lead_back_to_the_list(self, admin, viewer):
        session = of(viewer.account)[0]["_id"]
        data = {"back": "/sessions/all?q=viewer"}

        admin.post(f"/sessions/{session}/revoke", data=data)

        assert admin.response.location == "/sessions/all?q=viewer"
        viewer.get("/analyses", status=303)

    @pytest.mark.parametrize("query", ["", "?who=me", "?state=ended", "?q=werkzeug"])
    def test_cost_a_few_commands(self, admin, query):
        for _ in range(30):
            factories.begin_session(admin.account)
        admin.get(f"/sessions/all{query}")  # learns how many there are in how long
        with counting() as asked:
            admin.get(f"/sessions/all{query}")

        assert len(asked) <= 6


class TestOwnership:
    @pytest.mark.parametrize("role", ["viewer", "analyst", "auditor", "manager"])
    def test_hides_the_sessions_of_others(self, app, analyst, role):
        other = factories.signed_in(app, role)
        session = of(analyst.account)[0]["_id"]

        other.post(f"/sessions/{session}/revoke", status=404)

        analyst.get("/analyses")

    @pytest.mark.parametrize("identity", ["nonsense", "0" * 24, "[$ne]"])
    def test_makes_a_bad_id_look_the_same(self, analyst, identity):
        analyst.post(f"/sessions/{identity}/revoke", status=404)


class TestBinding:
    def test_of_a_cookie_replayed_elsewhere_ends_it_everywhere(self, analyst):
        analyst.get("/analyses", status=303, headers={"User-Agent": FIREFOX})

        analyst.get("/analyses", status=303)
        assert "session:refuse" in actions()
        (session,) = of(analyst.account)
        assert session["ended_why"] == "used with another browser"
