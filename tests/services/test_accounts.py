"""Accounts: invited once, changed by one at a time, never without an administrator."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from dashboard.documents.connection import database as stored
from dashboard.documents.user import facets_of, row_named, row_of
from dashboard.domain.names import BadName
from dashboard.domain.permissions import Role
from dashboard.services import accounts, administration, invitations
from dashboard.services.accounts import Edited
from dashboard.services.administration import LastAdministrator, NotPossible
from dashboard.services.audit import Actor
from dashboard.services.links import LinkSpent
from tests import factories
from tests.factories import PASSWORD

KEEPER = Actor("keeper", "", "203.0.113.9")
SPELLINGS = ["Admin", "admin ", "ａdmin", "ADMIN", "ad​min"]


def actions():
    return [row["action"] for row in stored()["audit_logs"].find({})]


def invite(username="ada", role=Role.ANALYST):
    email = f"{username.strip()}@example.org"
    return invitations.invite(username=username, email=email, role=role, actor=KEEPER)


def accept(secret, password=PASSWORD, full_name="Ada"):
    return invitations.accept(
        secret, full_name=full_name, password=password, actor=Actor("anonymous")
    )


def demote(account, by=KEEPER):
    row = row_of(account.id)
    administration.edit(
        row["_id"],
        by,
        email=row["email"],
        full_name="",
        role=Role.VIEWER,
        reason="leaves",
        version=row["version"],
    )


def deactivate(account):
    row = row_of(account.id)
    administration.deactivate(
        row["_id"], KEEPER, reason="leaves", version=row["version"]
    )


def administrators():
    found = {"role": "admin", "is_active": True}
    return stored()["users"].count_documents(found)


def outcome(work, *arguments):
    """The result, or the class of what was raised."""
    try:
        return work(*arguments)
    except (LastAdministrator, LinkSpent, DuplicateKeyError, Edited) as error:
        return type(error)


class TestNames:
    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_are_one_however_they_are_spelled(self, database, spelling):
        invite("admin")

        with pytest.raises(DuplicateKeyError):
            invitations.invite(
                username=spelling, email="b@x.org", role=Role.ADMIN, actor=KEEPER
            )

    @pytest.mark.parametrize("spelling", ["ada@example.org", " ADA@Example.ORG "])
    def test_of_addresses_are_one_as_well(self, database, spelling):
        invite("ada")

        with pytest.raises(DuplicateKeyError):
            invitations.invite(
                username="other", email=spelling, role=Role.VIEWER, actor=KEEPER
            )

    @pytest.mark.parametrize("name", ["", "a", "a b", "аdmin", "<b>", "x" * 64])
    def test_that_mislead_are_refused(self, database, name):
        with pytest.raises(BadName):
            invitations.invite(
                username=name, email="b@x.org", role=Role.VIEWER, actor=KEEPER
            )

    def test_asked_for_by_twenty_at_once_are_given_once(self, database):
        def ask(number):
            email = f"ada.{number}@example.org"
            return invitations.invite(
                username="ada", email=email, role=Role.VIEWER, actor=KEEPER
            )

        with ThreadPoolExecutor(20) as pool:
            made = list(pool.map(lambda number: outcome(ask, number), range(20)))

        assert made.count(DuplicateKeyError) == 19
        assert stored()["users"].count_documents({"username": "ada"}) == 1


class TestFullNames:
    @pytest.fixture
    def taken(self, database):
        """The full name that somebody has, and the link of somebody else."""
        accept(invite("ada")[1], full_name="Ada Example")
        return invite("other")[1]

    @pytest.mark.parametrize(
        "spelling",
        [
            "Ada Example",
            "ADA example ",
            "Ada  Example",
            "Ａda Example",
            "Ada\u200b Example",
        ],
    )
    def test_are_one_however_they_are_spelled(self, taken, spelling):
        with pytest.raises(DuplicateKeyError):
            accept(taken, full_name=spelling)

        assert row_named("other")["full_name"] == ""
        accept(taken, full_name="Ada Example, Lisbon")

    def test_may_be_left_empty_by_everybody(self, taken):
        accept(taken, full_name="")
        accept(invite("third")[1], full_name=" \u200b ")

        assert row_named("other")["is_active"]
        assert row_named("third")["is_active"]

    def test_given_up_may_be_taken_by_somebody_else(self, taken):
        row = row_named("ada")
        given = {"email": row["email"], "role": Role.ANALYST, "reason": "married"}
        administration.edit(
            row["_id"], KEEPER, full_name="Ada Other", version=row["version"], **given
        )

        accept(taken, full_name="Ada Example")

    def test_taken_by_twenty_at_once_are_given_once(self, database):
        secrets = [invite(f"person{number}")[1] for number in range(20)]

        def take(secret):
            return accept(secret, full_name="Ada Example")

        with ThreadPoolExecutor(20) as pool:
            made = list(pool.map(lambda secret: outcome(take, secret), secrets))

        assert made.count(DuplicateKeyError) == 19
        assert stored()["users"].count_documents({"full_name": "Ada Example"}) == 1


class TestInvitation:
    def test_opens_an_account_with_the_role_that_was_given(self, database):
        _user_id, secret = invite(role=Role.AUDITOR)

        accept(secret)

        account = accounts.authenticate("ada", PASSWORD)
        assert (account.role, account.full_name) == (Role.AUDITOR, "Ada")
        assert actions() == ["invitation:create", "invitation:accept"]

    def test_signs_nobody_in_before_it_is_accepted(self, database):
        invite()

        assert accounts.authenticate("ada", "") is None
        assert not row_named("ada")["is_active"]

    def test_works_once(self, database):
        secret = invite()[1]
        accept(secret)

        with pytest.raises(LinkSpent):
            accept(secret, "another password for her")
        assert accounts.authenticate("ada", PASSWORD)

    def test_is_accepted_by_one_of_many_at_once(self, database):
        secret = invite()[1]
        wanted = [f"{number} horses and a battery" for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda p: outcome(accept, secret, p), wanted))

        (won,) = [p for p, what in zip(wanted, done, strict=True) if what != LinkSpent]
        assert accounts.authenticate("ada", won)

    def test_is_replaced_by_a_newer_one(self, database):
        user_id, older = invite()
        newer = invitations.renew(ObjectId(user_id), KEEPER)

        assert invitations.invited(older) is None
        assert invitations.invited(newer)["username"] == "ada"

    def test_ends_after_seven_days(self, database):
        secret = invite()[1]
        past = {"$set": {"expires_at": factories.later(seconds=-1)}}
        stored()["one_time_tokens"].update_one({}, past)

        assert invitations.invited(secret) is None
        with pytest.raises(LinkSpent):
            accept(secret)

    def test_lasts_seven_days(self, database):
        invite()

        row = stored()["one_time_tokens"].find_one({})
        assert (row["expires_at"] - row["created_at"]).days == 7

    def test_that_was_withdrawn_opens_nothing(self, database):
        user_id, secret = invite()
        row = row_of(user_id)
        administration.deactivate(
            row["_id"], KEEPER, reason="a mistake", version=row["version"]
        )

        with pytest.raises(LinkSpent):
            accept(secret)
        assert actions()[-1] == "invitation:withdraw"

    def test_is_not_made_for_who_has_a_password(self, database):
        with pytest.raises(NotPossible):
            invitations.renew(ObjectId(factories.account().id), KEEPER)

    def test_is_stored_as_a_hash_alone(self, database):
        user_id, secret = invite()

        tokens = list(stored()["one_time_tokens"].find({}))
        assert secret not in str(tokens) + str(list(stored()["audit_logs"].find({})))
        assert tokens[0]["user_id"] == user_id


class TestLastAdministrator:
    @pytest.mark.parametrize("leave", [demote, deactivate])
    def test_stays(self, database, leave):
        only = factories.account("admin")
        factories.account("admin", is_active=False)
        factories.account("admin", is_verified=False)

        with pytest.raises(LastAdministrator):
            leave(only)
        assert row_of(only.id)["role"] == "admin"
        assert row_of(only.id)["is_active"]
        assert not actions()

    @pytest.mark.parametrize("leave", [demote, deactivate])
    def test_stays_when_all_leave_at_once(self, database, leave):
        every = [factories.account("admin") for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda account: outcome(leave, account), every))

        assert administrators() == 1
        assert done.count(LastAdministrator) == 1
        assert len(actions()) == 5

    def test_stays_when_two_leave_in_two_ways_at_once(self, database):
        for _turn in range(5):
            stored()["users"].delete_many({})
            one, other = factories.account("admin"), factories.account("admin")
            with ThreadPoolExecutor(2) as pool:
                left = [
                    pool.submit(outcome, demote, one),
                    pool.submit(outcome, deactivate, other),
                ]
            assert [done.result() for done in left].count(LastAdministrator) == 1
            assert administrators() == 1


class TestActing:
    """The role is read again in the transaction that changes something."""

    @pytest.fixture
    def demoted(self, database):
        """Who was an administrator when their request began."""
        one = factories.account("admin")
        demote(factories.account("admin"), by=Actor(one.username, one.id))
        factories.account("admin")
        demote(one)
        return Actor(one.username, one.id)

    def test_of_who_was_demoted_meanwhile_changes_nothing(self, demoted):
        other = factories.account("admin")

        with pytest.raises(NotPossible):
            demote(other, by=demoted)
        assert row_of(other.id)["role"] == "admin"

    def test_of_who_was_demoted_meanwhile_invites_nobody(self, demoted):
        with pytest.raises(NotPossible):
            invitations.invite(
                username="ada", email="a@x.org", role=Role.ADMIN, actor=demoted
            )
        assert row_named("ada") is None

    def test_of_who_was_shut_out_meanwhile_changes_nothing(self, database):
        one, other = factories.account("admin"), factories.account("admin")
        deactivate(one)

        with pytest.raises(NotPossible):
            demote(other, by=Actor(one.username, one.id))


class TestChange:
    def test_made_from_an_old_page_is_refused(self, database):
        one = factories.account("analyst")
        row = row_of(one.id)
        demote(one)

        with pytest.raises(Edited):
            administration.deactivate(
                row["_id"], KEEPER, reason="leaves", version=row["version"]
            )

    def test_tells_before_after_and_why(self, database):
        one = factories.account("analyst")

        demote(one)

        (event,) = stored()["audit_logs"].find({"action": "account:role"})
        assert event["metadata"]["changes"]["role"] == {
            "before": "analyst",
            "after": "viewer",
        }
        assert (event["description"], event["object_id"]) == ("leaves", one.id)

    def test_keeps_what_lists_ask_for_in_step(self, database):
        one = factories.account("analyst")

        demote(one)
        deactivate(one)

        row = row_of(one.id)
        assert row["facets"] == facets_of(row)
        assert {"role:viewer", "state:inactive"} <= set(row["facets"])

    def test_of_an_account_made_by_an_earlier_version_works(self, database):
        one = factories.account("analyst")
        gone = dict.fromkeys(("version", "facets", "invited_at", "density"), "")
        stored()["users"].update_one({}, {"$unset": gone})
        row = row_of(one.id)

        administration.deactivate(row["_id"], KEEPER, reason="leaves", version=1)

        row = row_of(one.id)
        assert (row["is_active"], row["version"]) == (False, 2)
        assert row["facets"] == facets_of(row)

    def test_of_nothing_writes_nothing(self, database):
        one = factories.account("viewer")
        before = row_of(one.id)

        demote(one)

        assert (row_of(one.id), actions()) == (before, [])

    def test_shuts_somebody_out_and_lets_them_in_again(self, database):
        one = factories.account("analyst", username="ada")
        deactivate(one)
        assert accounts.authenticate("ada", PASSWORD) is None

        row = row_of(one.id)
        administration.reactivate(
            row["_id"], KEEPER, reason="is back", version=row["version"]
        )
        assert accounts.authenticate("ada", PASSWORD)
        assert actions() == ["account:deactivate", "account:reactivate"]

    def test_cannot_activate_who_has_no_password(self, database):
        row = row_of(invite()[0])

        with pytest.raises(NotPossible):
            administration.reactivate(
                row["_id"], KEEPER, reason="x", version=row["version"]
            )
