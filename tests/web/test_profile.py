"""What people change about their own account."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.user import row_of
from dashboard.domain import passwords
from dashboard.services import accounts, profiles
from dashboard.services.audit import Actor
from dashboard.services.profiles import WrongPassword
from tests import factories
from tests.factories import PASSWORD

CHOSEN = {
    "full_name": "Ada",
    "time_zone": "Europe/Lisbon",
    "language": "en",
    "theme": "dark",
    "density": "compact",
}
NEXT = "quite another battery staple"


def actions():
    return [row["action"] for row in stored()["audit_logs"].find({})]


def row(browser):
    return row_of(browser.account.id)


def change(browser, *, status=303, **fields):
    data = {"known": PASSWORD, "wanted": NEXT, "again": NEXT, **fields}
    return browser.post("/profile/password", status=status, data=data)


class TestProfile:
    def test_keeps_what_was_chosen(self, analyst):
        analyst.post("/profile", data=CHOSEN)

        kept = row(analyst)
        assert {name: kept[name] for name in CHOSEN} == CHOSEN
        page = analyst.get("/profile")
        assert page.html["data-bs-theme"] == "dark"
        assert page.html["data-density"] == "compact"
        assert "Europe/Lisbon" in page.select_one(".pn-navfoot").text

    def test_is_found_by_its_new_name(self, analyst, admin):
        analyst.post("/profile", data=CHOSEN)

        assert "Ada" in admin.get("/users?q=ada").select_one("tbody").text

    def test_tells_the_trail_before_and_after(self, analyst):
        analyst.post("/profile", data=CHOSEN)

        (event,) = stored()["audit_logs"].find({"action": "account:change"})
        theme = event["metadata"]["changes"]["theme"]
        assert theme == {"before": "system", "after": "dark"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"time_zone": "Mars/Olympus"},
            {"language": "xx"},
            {"theme": "pink"},
            {"density": "none"},
            {"full_name": "x" * 201},
        ],
    )
    def test_refuses_what_there_is_not(self, analyst, wrong):
        before = row(analyst)

        analyst.post("/profile", status=422, data={**CHOSEN, **wrong})

        assert row(analyst) == before

    def test_refuses_a_name_somebody_has_and_keeps_what_was_typed(self, app, analyst):
        factories.signed_in(app, "viewer").post("/profile", data=CHOSEN)
        before = row(analyst)
        page = analyst.post("/profile", status=409, data={**CHOSEN, "full_name": "ADA"})

        assert "Somebody else has this full name." in page.text
        assert page.select_one("#full_name")["value"] == "ADA"
        assert row(analyst) == before

    def test_takes_no_role_flag_or_password_from_extra_fields(self, analyst):
        before = row(analyst)
        more = {
            "role": "admin",
            "is_active": "false",
            "is_verified": "false",
            "hashed_password": "x",
            "username": "root",
            "email": "root@example.org",
            "_id": "0" * 24,
            "metadata[role]": "admin",
        }
        analyst.post("/profile", data={**CHOSEN, **more})

        after = row(analyst)
        unchanged = set(before) - {*CHOSEN, "facets", "version", "updated_at"}
        assert {n: after[n] for n in unchanged} == {n: before[n] for n in unchanged}
        analyst.get("/users", status=403)

    def test_takes_nothing_from_json(self, analyst):
        token = analyst.csrf()
        answer = analyst.client.post(
            "/profile",
            json={**CHOSEN, "role": "admin"},
            headers={"X-CSRFToken": token},
        )

        assert answer.status_code == 422
        assert row(analyst)["role"] == "analyst"

    def test_drops_what_nobody_can_see_from_a_name(self, analyst):
        name = "  A\u202ed\u200ba \x00 B  "
        analyst.post("/profile", data={**CHOSEN, "full_name": name})

        assert row(analyst)["full_name"] == "Ada B"

    @pytest.mark.parametrize("role", ["viewer", "auditor", "admin"])
    def test_is_there_for_everybody(self, app, database, role):
        page = factories.signed_in(app, role).get("/profile")

        hrefs = [link["href"] for link in page.select(".pn-menu a")]
        assert hrefs == ["/profile", "/sessions"]


class TestPassword:
    def test_is_the_new_one_afterwards(self, analyst):
        change(analyst)

        name = analyst.account.username
        assert accounts.authenticate(name, NEXT)
        assert accounts.authenticate(name, PASSWORD) is None
        assert actions()[-1] == "account:password:success"

    def test_wants_the_current_one(self, analyst):
        page = change(analyst, status=400, known="a guess that is wrong")

        assert "This is not your current password." in page.text
        assert accounts.authenticate(analyst.account.username, PASSWORD)
        assert actions()[-1] == "account:password:failure"

    @pytest.mark.parametrize(
        "wrong",
        [{"wanted": "short", "again": "short"}, {"again": "something else"}],
    )
    def test_wants_a_good_new_one_twice(self, analyst, wrong):
        change(analyst, status=422, **wrong)

        assert accounts.authenticate(analyst.account.username, PASSWORD)

    def test_ends_the_other_sessions_and_goes_on_here(self, analyst, app):
        other = factories.signed_in(app, "viewer")
        with other.client.session_transaction() as session:
            session["sid"] = factories.begin_session(analyst.account)
        other.get("/analyses")

        change(analyst)

        other.get("/analyses", status=303)
        analyst.get("/analyses")
        ended = stored()["persistent_sessions"].find_one({"active": False})
        assert ended["ended_why"] == "the password was changed"

    def test_changed_twice_at_once_is_changed_once(self, analyst):
        wanted = [f"{number} horses and a battery" for number in range(4)]

        def turn(password):
            try:
                who = Actor(analyst.account.username)
                account = analyst.account
                profiles.change_password(account, who, known=PASSWORD, wanted=password)
            except WrongPassword:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(turn, wanted))
        assert sum(done) == 1
        stored_hash = row(analyst)["hashed_password"]
        assert passwords.matches(stored_hash, wanted[done.index(True)])

    def test_is_written_nowhere(self, analyst, caplog):
        caplog.set_level("DEBUG")
        change(analyst)

        everything = caplog.text + str(list(stored()["audit_logs"].find({})))
        assert NEXT not in everything
        assert PASSWORD not in everything
