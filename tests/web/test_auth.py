"""Signing in and out, and the first administrator."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.documents.connection import database, now
from dashboard.domain import passwords
from dashboard.services import accounts
from dashboard.services.audit import Actor
from tests import factories
from tests.factories import PASSWORD

FIRST = {
    "username": "Keeper",
    "email": "keeper@example.org",
    "full_name": "",
    "password": PASSWORD,
}


def actions():
    return [row["action"] for row in database()["audit_logs"].find({})]


class TestSignIn:
    def test_leads_a_stranger_there_and_back(self, stranger):
        factories.account("analyst", username="ada")
        stranger.get("/analyses?level=high", status=303)
        there = stranger.response.location
        form = stranger.get(there)

        wanted = form.select_one("[name=next]")["value"]
        data = {"login": "ada", "password": PASSWORD, "next": wanted}
        stranger.post("/login", data=data)

        assert stranger.response.location == "/analyses?level=high"

    @pytest.mark.parametrize(
        "login", ["ada", "ADA", " ada ", "ada@example.org", "ａda"]
    )
    def test_knows_every_spelling_of_a_name(self, stranger, login):
        factories.account("analyst", username="ada")

        stranger.post("/login", data={"login": login, "password": PASSWORD})

        stranger.get("/analyses")

    @pytest.mark.parametrize("login", ["ada", "nobody"])
    def test_says_the_same_of_a_wrong_password_and_an_unknown_name(
        self, stranger, login
    ):
        factories.account("analyst", username="ada")

        page = stranger.post(
            "/login", status=422, data={"login": login, "password": "wrong"}
        )

        assert "That name and password do not match." in page.text
        assert actions()[-1] == "session:sign-in:failure"

    def test_refuses_an_inactive_account(self, stranger):
        factories.account("analyst", username="ada", is_active=False)

        stranger.post("/login", status=422, data={"login": "ada", "password": PASSWORD})

    def test_of_an_unverified_account_opens_nothing_but_the_way_out(self, stranger):
        factories.account("admin", username="ada", is_verified=False)
        factories.sign_in(stranger, "ada")

        page = stranger.get("/analyses", status=403)
        assert "An administrator has yet to verify your address." in page.text
        stranger.get("/health/detailed", status=403)
        stranger.post("/logout")

    @pytest.mark.parametrize("login", ["ada", "nobody"])
    def test_hashes_once_whether_or_not_somebody_has_the_name(
        self, stranger, monkeypatch, login
    ):
        factories.account("analyst", username="ada")
        hashed = []
        verify = passwords.matches
        monkeypatch.setattr(
            passwords,
            "matches",
            lambda known, given: hashed.append(known[:9]) or verify(known, given),
        )
        stranger.post("/login", status=422, data={"login": login, "password": "wrong"})

        assert hashed == ["$argon2id"]

    def test_writes_no_password_into_any_log(self, stranger, caplog):
        caplog.set_level("DEBUG")
        factories.account("analyst", username="ada")
        wrong = {"login": "ada", "password": "a wrong canary"}
        stranger.post("/login", status=422, data=wrong)
        stranger.post("/login", data={"login": "ada", "password": PASSWORD})

        assert caplog.records
        for secret in (PASSWORD, "a wrong canary"):
            assert secret not in caplog.text

    def test_gives_the_browser_a_new_session_id(self, stranger):
        owner = factories.account("analyst", username="ada")
        planted = factories.begin_session(owner)
        for _turn in range(2):
            with stranger.client.session_transaction() as session:
                session["sid"] = planted
            stranger.token = ""
            stranger.post("/logout")
            stranger.token = ""

            factories.sign_in(stranger, "ada")

            with stranger.client.session_transaction() as session:
                assert session["sid"] != planted
                planted = session["sid"]

    def test_stores_only_a_hash_of_the_session_id(self, stranger):
        factories.account("analyst", username="ada")
        factories.sign_in(stranger, "ada")

        with stranger.client.session_transaction() as session:
            secret = session["sid"]
        stored = database()["persistent_sessions"].find_one({})
        assert secret not in str(stored)

    def test_one_client_is_signed_in_and_another_is_a_stranger(self, analyst, stranger):
        analyst.get("/analyses")

        stranger.get("/analyses", status=303)

    @pytest.mark.parametrize(
        "target",
        [
            "//evil.test",
            "////evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/%09/evil.test",
            "/\t/evil.test",
            " //evil.test",
            "https:evil.test",
            "javascript:alert(1)",
            "https://host@evil.test",
            "/analyses\r\nX: y",
            "/nowhere",
        ],
    )
    def test_goes_home_instead_of_following_a_foreign_target(self, stranger, target):
        factories.account("analyst", username="ada")

        stranger.post(
            "/login", data={"login": "ada", "password": PASSWORD, "next": target}
        )

        assert stranger.response.location == "/overview"

    def test_is_limited_before_the_password_is_looked_at(
        self, app, stranger, monkeypatch
    ):
        monkeypatch.setitem(
            app.extensions,
            "settings",
            app.extensions["settings"].model_copy(update={"SIGN_IN_LIMIT": "2/minute"}),
        )
        monkeypatch.setattr(accounts, "authenticate", lambda *_: None)
        data = {"login": "ada", "password": "wrong"}
        for _ in range(2):
            stranger.post("/login", status=422, data=data)

        stranger.post("/login", status=429, data=data)

        assert int(stranger.response.headers["Retry-After"]) > 0
        assert actions()[-1] == "session:sign-in:limited"


class TestSession:
    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param({"active": False}, id="ended in the database"),
            pytest.param({"expires_at": now()}, id="past its absolute life"),
            pytest.param(
                {"last_seen": factories.later(hours=-13)}, id="unused too long"
            ),
        ],
    )
    def test_is_over_at_the_next_request(self, analyst, fields):
        analyst.get("/analyses")
        database()["persistent_sessions"].update_many({}, {"$set": fields})

        analyst.get("/analyses", status=303)

    def test_is_over_when_the_account_is_deactivated(self, analyst):
        database()["users"].update_many({}, {"$set": {"is_active": False}})

        analyst.get("/analyses", status=303)

    def test_costs_no_write_within_a_minute(self, analyst):
        before = database()["persistent_sessions"].find_one({})["last_seen"]
        analyst.get("/analyses")

        assert database()["persistent_sessions"].find_one({})["last_seen"] == before

    def test_notes_once_a_minute_that_it_is_used(self, analyst):
        old = factories.later(minutes=-2)
        database()["persistent_sessions"].update_many({}, {"$set": {"last_seen": old}})
        analyst.get("/analyses")

        assert database()["persistent_sessions"].find_one({})["last_seen"] > old

    def test_is_over_after_signing_out_and_cannot_be_replayed(self, analyst):
        with analyst.client.session_transaction() as session:
            secret = session["sid"]
        analyst.post("/logout")
        with analyst.client.session_transaction() as session:
            session["sid"] = secret

        analyst.get("/analyses", status=303)
        assert "session:sign-out" in actions()

    def test_cannot_be_ended_by_a_link(self, analyst):
        analyst.get("/logout", status=405)

    def test_sends_htmx_to_the_sign_in_page_as_a_whole(self, stranger):
        stranger.get("/analyses", status=200, htmx=True)

        assert stranger.response.headers["HX-Redirect"].startswith("/login")


class TestFirstAdministrator:
    def test_is_made_once_by_a_link_and_signed_in(self, stranger):
        link = f"/first/{accounts.new_first_link()}"
        stranger.get(link)

        stranger.post(link, data=FIRST)
        stranger.get("/analyses")

        stored = database()["users"].find_one({})
        assert (stored["username"], stored["role"]) == ("keeper", "admin")
        assert stored["hashed_password"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        stranger.get(link, status=404)

    def test_is_made_once_by_two_requests_at_once(self, app, database):
        secret = accounts.new_first_link()

        def make(name):
            try:
                accounts.create_first(
                    secret,
                    username=name,
                    email=f"{name}@example.org",
                    full_name="",
                    password=PASSWORD,
                    actor=Actor("first administrator link"),
                )
            except accounts.LinkSpent:
                return 0
            return 1

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(make, ["ada", "bob", "cleo", "dora"])) == 1

    def test_needs_a_long_password(self, stranger):
        link = f"/first/{accounts.new_first_link()}"

        page = stranger.post(link, status=422, data=FIRST | {"password": "short"})

        assert "Use at least 15 characters." in page.text

    def test_a_guessed_link_is_no_page(self, stranger):
        accounts.new_first_link()

        stranger.get("/first/guess", status=404)

    def test_there_is_no_link_once_there_are_users(self, app, database):
        factories.account("viewer")

        assert accounts.new_first_link() is None

    def test_there_is_no_default_account(self, app, database):
        assert accounts.authenticate("admin", "admin") is None
