"""Accounts for programs: invited, changed, shut out and let in, in JSON."""

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.user import row_named, row_of
from tests import factories
from tests.factories import PASSWORD
from tests.web.test_api_indicators import send

HERE = "/api/v1/users"
ADA = {"username": "Ada", "email": "ada@example.org", "role": "analyst"}
WHY = {"reason": "as agreed"}


def there(account):
    return f"{HERE}/{account.id}"


def told(browser, path=HERE):
    answer = browser.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


class TestCycle:
    def test_invites_by_a_link_that_opens_the_account(self, admin, stranger):
        answer = send(admin, "POST", HERE, ADA, 201)
        made = answer.get_json()
        link = made.pop("link").removeprefix("http://localhost")
        stranger.post(link, data={"password": PASSWORD})

        assert made == {**made, **ADA, "username": "ada", "state": "invited"}
        known = told(admin, answer.headers["Location"])
        assert (known["state"], known["role"]) == ("active", "analyst")

    def test_changes_what_is_sent_and_nothing_else(self, admin):
        one = factories.account("viewer", full_name="Ada")
        before = told(admin, there(one))
        after = send(admin, "PATCH", there(one), {"role": "auditor", **WHY}, 200)

        changed = {**before, "role": "auditor", "version": 2}
        assert after.get_json() == changed

    def test_shuts_out_and_lets_in(self, admin):
        one = factories.account("viewer")
        out = send(admin, "POST", f"{there(one)}/deactivate", WHY, 200)
        assert out.get_json()["state"] == "inactive"
        send(admin, "POST", f"{there(one)}/deactivate", WHY, 409)

        back = send(admin, "POST", f"{there(one)}/reactivate", WHY, 200)
        assert back.get_json()["state"] == "active"

    def test_deletes_who_was_never_here(self, admin):
        made = send(admin, "POST", HERE, ADA, 201).get_json()
        one = f"{HERE}/{made['id']}"
        send(admin, "POST", f"{one}/deactivate", WHY, 200)
        send(admin, "DELETE", one, {}, 422)

        send(admin, "DELETE", one, WHY, 204)
        assert row_named("ada") is None
        send(admin, "DELETE", one, WHY, 404)

    @pytest.mark.parametrize("is_active", [True, False])
    def test_deletes_nobody_who_was_ever_here(self, admin, is_active):
        one = factories.account("viewer", is_active=is_active)

        refusal = send(admin, "DELETE", there(one), WHY, 409).get_json()
        assert "can only be deactivated" in refusal["message"]
        assert row_of(one.id)

    def test_lists_by_the_filters_of_the_page(self, admin):
        for number in range(3):
            factories.account("viewer", username=f"viewer-{number}")
        first = told(admin, f"{HERE}?role=viewer&limit=2")
        second = told(admin, f"{HERE}?{first['next']}")

        names = [row["username"] for row in first["users"] + second["users"]]
        assert names == ["viewer-2", "viewer-1", "viewer-0"]

    def test_tells_nothing_one_could_sign_in_with(self, admin):
        text = admin.client.get(HERE).text

        assert "hash" not in text
        assert "argon" not in text


class TestRefusal:
    @pytest.mark.parametrize(
        ("wrong", "named"),
        [
            ({"role": "root"}, "role"),
            ({"role": ["admin"]}, "role"),
            ({"email": {"$gt": ""}}, "email"),
            ({"username": ""}, "username"),
            ({"is_active": True}, "is_active"),
            ({"hashed_password": "x"}, "hashed_password"),
            ({"full_name": "Ada"}, "full_name"),
        ],
    )
    def test_names_the_field(self, admin, wrong, named):
        faults = send(admin, "POST", HERE, {**ADA, **wrong}, 422).get_json()

        assert list(faults["errors"]) == [named]
        assert row_named("ada") is None

    def test_of_a_name_somebody_has(self, admin):
        factories.account("viewer", username="ada")

        send(admin, "POST", HERE, {**ADA, "username": "\uff41da"}, 409)
        send(admin, "POST", HERE, {**ADA, "username": "a b"}, 422)

    def test_of_a_full_name_somebody_has(self, admin):
        one, other = factories.account("viewer"), factories.account("viewer")
        send(admin, "PATCH", there(one), {**WHY, "full_name": "Ada"}, 200)
        answer = send(admin, "PATCH", there(other), {**WHY, "full_name": "ADA"}, 409)

        assert "full name" in answer.get_json()["message"]

    def test_without_a_reason_changes_nothing(self, admin):
        one = factories.account("viewer")

        send(admin, "PATCH", there(one), {"role": "admin"}, 422)
        send(admin, "POST", f"{there(one)}/deactivate", {}, 422)
        assert (row_of(one.id)["role"], row_of(one.id)["is_active"]) == ("viewer", True)

    def test_of_flags_and_secrets(self, admin):
        one = factories.account("viewer")
        before = row_of(one.id)
        for name in ("is_verified", "hashed_password", "_id", "username"):
            send(admin, "PATCH", there(one), {**WHY, name: "x"}, 422)

        assert row_of(one.id) == before

    def test_of_an_old_version(self, admin):
        one = factories.account("viewer")
        send(admin, "PATCH", there(one), {**WHY, "full_name": "A", "version": 1}, 200)

        send(admin, "PATCH", there(one), {**WHY, "full_name": "B", "version": 1}, 409)

    def test_of_the_last_administrator(self, admin):
        send(admin, "PATCH", there(admin.account), {**WHY, "role": "viewer"}, 409)
        send(admin, "POST", f"{there(admin.account)}/deactivate", WHY, 409)

        assert stored()["users"].count_documents({"role": "admin"}) == 1
