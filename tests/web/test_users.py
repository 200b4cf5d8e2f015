"""The pages on which administrators look after accounts."""

import re

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.user import row_named, row_of
from tests import factories
from tests.factories import PASSWORD
from tests.web.test_costs import counting

ADA = {"username": "ada", "email": "ada@example.org", "role": "analyst"}


def actions():
    return [row["action"] for row in stored()["audit_logs"].find({})]


def names(page):
    return [link.text.split()[0] for link in page.select("#users tbody a.pn-open")]


def decide(browser, verb, account, *, status=303, **fields):
    version = row_of(account.id)["version"]
    data = {"reason": "as agreed", "version": version, **fields}
    return browser.post(f"/users/{account.id}/{verb}", status=status, data=data)


def change(browser, account, *, status=303, **fields):
    row = row_of(account.id)
    known = {name: row[name] for name in ("email", "full_name", "role", "version")}
    data = {**known, "reason": "as agreed", **fields}
    return browser.post(f"/users/{account.id}", status=status, data=data)


def link_of(page):
    return re.sub(r"^http://[^/]+", "", page.select_one("#link")["value"])


class TestIndex:
    def test_lists_the_newest_first(self, admin):
        factories.account("viewer", username="older")
        factories.account("viewer", username="newer")

        assert names(admin.get("/users"))[:2] == ["newer", "older"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("role=auditor", ["eve"]),
            ("state=inactive", ["bob"]),
            ("q=eve", ["eve"]),
            ("q=EVE+role:auditor", ["eve"]),
            ("q=example", ["eve", "bob"]),
            ("q=eve&role=viewer", []),
            ("role=viewer&state=inactive", ["bob"]),
        ],
    )
    def test_is_narrowed_by_role_state_and_words(self, admin, query, found):
        everybody = {"email": "keeper@elsewhere.org", "facets": []}
        stored()["users"].update_many({}, {"$set": everybody})
        factories.account("viewer", username="bob", is_active=False)
        factories.account("auditor", username="eve")

        assert names(admin.get(f"/users?{query}")) == found

    def test_answers_htmx_with_the_table_alone(self, admin):
        fragment = admin.get("/users", htmx=True)

        assert fragment.select_one("html") is None
        assert fragment.select_one("#users")

    def test_leads_from_page_to_page_and_shows_each_once(self, admin):
        for _ in range(7):
            factories.account("viewer")
        seen, url = [], "/users?limit=3"
        while url:
            page = admin.get(url)
            seen += names(page)
            older = page.select_one("a[rel=next]")
            url = older and older["href"]

        assert len(seen) == len(set(seen)) == 8

    @pytest.mark.parametrize("query", ["", "?q=example", "?role=viewer&state=active"])
    def test_costs_a_few_commands(self, admin, query):
        for _ in range(30):
            factories.account("viewer")
        with counting() as asked:
            admin.get(f"/users{query}")

        assert len(asked) <= 6

    def test_says_what_to_do_when_nobody_matches(self, admin):
        page = admin.get("/users?q=nobody")

        assert "No user matches" in page.text

    def test_shows_a_name_as_text(self, admin):
        factories.account("viewer", full_name="<b id=x>bold</b>\u202e")

        page = admin.get("/users")

        assert page.select_one("#x") is None
        assert "\u202e" not in page.text


class TestInvitation:
    def test_is_a_link_shown_once_that_opens_the_account(self, admin, stranger):
        link = link_of(admin.post("/users", status=201, data=ADA))
        page = stranger.get(link)
        assert "ada@example.org" in page.text

        stranger.post(link, data={"full_name": "Ada", "password": PASSWORD})

        stranger.get("/analyses")
        account = row_named("ada")
        assert (account["full_name"], account["role"]) == ("Ada", "analyst")
        assert actions()[-3:] == [
            "invitation:create",
            "invitation:accept",
            "session:sign-in:success",
        ]

    def test_leads_an_auditor_to_the_trail(self, admin, stranger):
        data = {**ADA, "role": "auditor"}
        link = link_of(admin.post("/users", status=201, data=data))

        stranger.post(link, data={"full_name": "", "password": PASSWORD})

        assert stranger.response.location == "/audit"

    def test_cannot_be_used_twice(self, admin, stranger):
        link = link_of(admin.post("/users", status=201, data=ADA))
        stranger.post(link, data={"full_name": "", "password": PASSWORD})

        stranger.token = ""  # a new session has a new one
        stranger.get(link, status=404)
        stranger.post(link, status=404, data={"password": PASSWORD})

    def test_works_again_after_a_full_name_that_somebody_has(self, admin, stranger):
        change(admin, factories.account("viewer"), full_name="Ada")
        link = link_of(admin.post("/users", status=201, data=ADA))
        page = stranger.post(
            link, status=409, data={"full_name": "ADA", "password": PASSWORD}
        )
        assert "Somebody else has this full name." in page.text

        stranger.post(link, data={"full_name": "Ada B", "password": PASSWORD})
        assert row_named("ada")["full_name"] == "Ada B"

    def test_of_a_newer_link_makes_the_older_useless(self, admin, stranger):
        older = link_of(admin.post("/users", status=201, data=ADA))
        user_id = row_named("ada")["_id"]
        newer = link_of(admin.post(f"/users/{user_id}/invitation", status=201))

        stranger.get(older, status=404)
        stranger.get(newer)

    def test_wants_a_password_that_is_long_enough(self, admin, stranger):
        link = link_of(admin.post("/users", status=201, data=ADA))

        page = stranger.post(link, status=422, data={"password": "short"})

        assert "Use at least 15 characters." in page.text
        stranger.get(link)

    def test_takes_no_role_and_no_flag_from_whoever_accepts(self, admin, stranger):
        link = link_of(admin.post("/users", status=201, data=ADA))
        more = {"role": "admin", "username": "root", "is_verified": "0"}
        stranger.post(link, data={"password": PASSWORD, **more})

        account = row_named("ada")
        assert (account["role"], account["is_verified"]) == ("analyst", True)

    @pytest.mark.parametrize("name", ["Admin", "admin ", "ａdmin", "ADMIN"])
    def test_of_a_name_somebody_has_is_refused_with_what_was_typed(self, admin, name):
        factories.account("viewer", username="admin")

        page = admin.post("/users", status=409, data={**ADA, "username": name})

        assert "That name or address is taken." in page.text
        assert page.select_one("#email")["value"] == "ada@example.org"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"username": "a b"},
            {"email": "nowhere"},
            {"role": "root"},
            {"username": "ada\r\nBcc: all@evil.test"},
            {"email": "ada@example.org\r\nBcc: all@evil.test"},
            {"email": "ada@example.org\nall@evil.test"},
        ],
    )
    def test_of_what_there_is_not_is_refused(self, admin, wrong):
        admin.post("/users", status=422, data={**ADA, **wrong})

        assert row_named("ada") is None
        assert not stored()["users"].count_documents({"email": {"$regex": "evil"}})

    def test_keeps_no_line_break_of_a_name(self, admin):
        one = factories.account("viewer")
        change(admin, one, full_name="Ada\r\nBcc: all@evil.test\x00")

        assert row_of(one.id)["full_name"] == "AdaBcc: all@evil.test"

    def test_secret_is_in_no_log_and_no_event(self, admin, stranger, caplog):
        caplog.set_level("DEBUG")
        link = link_of(admin.post("/users", status=201, data=ADA))
        stranger.get(link)

        secret = link.rpartition("/")[2]
        assert secret not in caplog.text
        assert secret not in str(list(stored()["audit_logs"].find({})))


class TestShow:
    def test_holds_what_can_be_done(self, admin):
        one = factories.account("analyst", username="ada")

        page = admin.get(f"/users/{one.id}")

        assert page.select_one("#email")["value"] == "ada@example.org"
        assert page.select_one("#role option[selected]")["value"] == "analyst"
        assert page.select_one(f"a[href='/audit?object={one.id}']")

    @pytest.mark.parametrize("identity", ["nonsense", "0" * 24, "[$ne]"])
    def test_of_nobody_is_not_found(self, admin, identity):
        admin.get(f"/users/{identity}", status=404)


class TestUpdate:
    def test_changes_the_role_at_the_next_request(self, app, admin):
        other = factories.signed_in(app, "viewer")
        other.get("/users", status=403)

        change(admin, other.account, role="admin")
        other.get("/users")

        change(admin, other.account, role="auditor")
        other.get("/users", status=403)
        assert "account:role" in actions()

    def test_from_an_old_page_is_refused_and_shows_the_new_one(self, admin):
        one = factories.account("viewer")
        change(admin, one, full_name="Newer")

        page = change(admin, one, status=409, full_name="Older", version=1)

        assert "Somebody changed this account meanwhile." in page.text
        assert page.select_one("#full_name")["value"] == "Newer"

    @pytest.mark.parametrize("missing", ["reason", "email", "version"])
    def test_without_a_reason_changes_nothing(self, admin, missing):
        one = factories.account("viewer")

        change(admin, one, status=422, role="admin", **{missing: ""})

        assert row_of(one.id)["role"] == "viewer"

    def test_cannot_take_an_address_somebody_has(self, admin):
        one, other = factories.account("viewer"), factories.account("viewer")
        email = row_of(other.id)["email"].upper()

        page = change(admin, one, status=409, email=email)

        assert "That name or address is taken." in page.text

    def test_cannot_give_a_full_name_somebody_has(self, admin):
        one, other = factories.account("viewer"), factories.account("viewer")
        change(admin, other, full_name="Ada Example")

        page = change(admin, one, status=409, full_name="ada EXAMPLE")

        assert "Somebody else has this full name." in page.text
        assert page.select_one("#full_name")["value"] == "ada EXAMPLE"
        assert row_of(one.id)["full_name"] == ""

    def test_takes_nothing_but_what_the_form_has(self, admin):
        one = factories.account("viewer")
        before = row_of(one.id)
        more = {"is_active": "0", "is_verified": "0", "hashed_password": "x"}

        change(admin, one, full_name="Ada", **more)

        after = row_of(one.id)
        for name in more:
            assert after[name] == before[name]


class TestState:
    def test_of_who_is_shut_out_holds_at_the_next_request(self, app, admin):
        other = factories.signed_in(app, "analyst")
        other.get("/analyses")

        decide(admin, "deactivate", other.account)

        other.get("/analyses", status=303)
        session = stored()["persistent_sessions"].find_one(
            {"user_id": other.account.id}
        )
        assert session["ended_why"] == "the account was deactivated"
        assert "account:deactivate" in actions()

    def test_can_be_turned_back(self, app, admin):
        one = factories.account("analyst", username="ada")
        decide(admin, "deactivate", one)

        decide(admin, "reactivate", one)

        browser = factories.signed_in(app, "viewer")
        browser.post("/logout")
        browser.token = ""
        factories.sign_in(browser, "ada")
        browser.get("/analyses")

    @pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
    def test_is_not_changed_without_a_reason(self, admin, verb):
        one = factories.account("analyst", is_active=verb == "deactivate")

        decide(admin, verb, one, status=422, reason=" ")

        assert row_of(one.id)["is_active"] == (verb == "deactivate")

    def test_of_the_last_administrator_stays(self, admin):
        page = decide(admin, "deactivate", admin.account, status=409)
        assert "the last administrator" in page.text

        change(admin, admin.account, status=409, role="viewer")
        admin.get("/users")

    def test_of_one_of_two_administrators_can_change(self, app, admin):
        other = factories.signed_in(app, "admin")

        decide(admin, "deactivate", other.account)

        decide(admin, "deactivate", admin.account, status=409)

    def test_change_twice_is_refused(self, admin):
        one = factories.account("analyst", is_active=False)

        page = decide(admin, "deactivate", one, status=409)

        assert "This account is not active." in page.text


class TestRemoval:
    def test_leads_back_to_a_list_without_the_account(self, admin):
        nobody = {"is_active": False, "hashed_password": ""}
        one = factories.account("analyst", username="ada", **nobody)
        page = admin.get(f"/users/{one.id}")
        assert page.select_one(f"button[formaction='/users/{one.id}/delete']")

        decide(admin, "delete", one)

        assert admin.response.location == "/users"
        assert "ada" not in names(admin.get("/users"))
        admin.get(f"/users/{one.id}", status=404)

    @pytest.mark.parametrize("is_active", [True, False])
    def test_is_not_offered_for_who_was_ever_here_and_refused(self, admin, is_active):
        one = factories.account("analyst", is_active=is_active)
        page = admin.get(f"/users/{one.id}")
        assert page.select_one("button[formaction]") is None

        page = decide(admin, "delete", one, status=409)
        assert "can only be deactivated" in page.select_one("[role=alert]").text
        assert row_of(one.id)

    def test_without_a_reason_deletes_nothing(self, admin):
        one = factories.account("analyst", is_active=False, hashed_password="")

        decide(admin, "delete", one, status=422, reason=" ")

        assert row_of(one.id)


class TestSessions:
    def test_of_somebody_end_together(self, app, admin):
        other = factories.signed_in(app, "analyst")
        factories.begin_session(other.account)
        page = admin.get(f"/users/{other.account.id}")
        assert len(page.select("tr[id^='s-']")) == 2

        admin.post(f"/users/{other.account.id}/sessions/revoke")

        other.get("/analyses", status=303)
        assert actions().count("session:end") == 2
        admin.get("/users")
