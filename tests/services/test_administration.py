"""Deleting accounts: those nobody ever opened, and no other."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.user import row_named, row_of
from dashboard.domain.permissions import Role
from dashboard.services import administration, analyses, integrity, invitations
from dashboard.services.accounts import Edited
from dashboard.services.administration import NotPossible
from dashboard.services.analyses import Decision
from dashboard.services.audit import Actor
from dashboard.services.links import LinkSpent
from tests import factories
from tests.factories import PASSWORD

KEEPER = Actor("keeper", "", "203.0.113.9")
ADA = {"username": "ada", "email": "ada@example.org", "role": Role.ANALYST}


def remove(account_id, by=KEEPER, **fields):
    version = row_of(account_id)["version"]
    told = {"reason": "a mistake", "version": version, **fields}
    administration.remove(ObjectId(account_id), by, **told)


def accept(secret):
    given = {"full_name": "Ada", "password": PASSWORD, "actor": KEEPER}
    return invitations.accept(secret, **given)


def outcome(work, *arguments):
    """What was done, or the class of what was raised."""
    try:
        work(*arguments)
    except (Edited, LinkSpent, NotPossible) as error:
        return type(error)
    return work


def judged(by):
    """A message that this account judges now."""
    found = {"_id": ObjectId(factories.examined())}
    row = stored()["email_analyses"].find_one(found)
    who, said = Actor(by.username, by.id), Decision.PHISHING
    analyses.judge(row, who, verdict=said, category=None, note="", version=1)


@pytest.fixture
def unopened(database):
    return factories.account("analyst", is_active=False, hashed_password="")


class TestRemove:
    def test_frees_the_names_of_an_invitation_made_by_mistake(self, database):
        user_id, secret = invitations.invite(**ADA, actor=KEEPER)

        remove(user_id)

        assert row_named("ada") is None
        assert invitations.invited(secret) is None
        assert invitations.invite(**ADA, actor=KEEPER)

    def test_leaves_nothing_that_names_the_account(self, database):
        user_id, _secret = invitations.invite(**ADA, actor=KEEPER)

        remove(user_id)

        assert list(integrity.orphans()) == []
        assert not stored()["one_time_tokens"].count_documents({})

    def test_tells_the_trail_who_it_was_and_why(self, unopened):
        remove(unopened.id)

        (event,) = stored()["audit_logs"].find({})
        assert event["action"] == "account:delete"
        assert (event["object_id"], event["description"]) == (unopened.id, "a mistake")
        assert event["metadata"]["username"] == unopened.username

    def test_of_an_old_page_is_refused(self, unopened):
        with pytest.raises(Edited):
            remove(unopened.id, version=2)
        assert row_of(unopened.id)

    def test_by_who_was_demoted_meanwhile_is_refused(self, unopened):
        other = factories.account("viewer")

        with pytest.raises(NotPossible):
            remove(unopened.id, by=Actor(other.username, other.id))
        assert row_of(unopened.id)


class TestOpened:
    """An account somebody ever had the password of."""

    @pytest.mark.parametrize("is_active", [True, False])
    @pytest.mark.parametrize("act", [judged, factories.submitted, lambda by: None])
    def test_stays_whatever_was_done_with_it(self, database, act, is_active):
        one = factories.account("analyst", is_active=is_active)
        act(one)

        with pytest.raises(NotPossible, match="can only be deactivated"):
            remove(one.id)
        assert row_named(one.username)
        assert not stored()["audit_logs"].count_documents({"action": "account:delete"})

    def test_stays_when_who_has_it_judges_at_the_same_moment(self, database):
        """The request began before the account was shut out, and ends after."""
        one = factories.account("analyst", is_active=False)
        with ThreadPoolExecutor(2) as pool:
            deleted = pool.submit(outcome, remove, one.id)
            pool.submit(judged, one).result()

        assert deleted.result() is NotPossible
        (decision,) = stored()["email_analyses"].distinct("decision")
        assert decision["user_id"] == str(row_named(decision["by"])["_id"])

    def test_after_it_was_read_as_unopened_stays(self, database, monkeypatch):
        user_id, secret = invitations.invite(**ADA, actor=KEEPER)
        read = administration.current

        def slowly(*asked):
            row = read(*asked)
            with suppress(LinkSpent), ThreadPoolExecutor(1) as meanwhile:
                meanwhile.submit(accept, secret).result()
            return row

        monkeypatch.setattr(administration, "current", slowly)
        with pytest.raises(Edited):
            remove(user_id)
        assert row_named("ada")["is_active"]

    def test_or_deleted_is_one_of_the_two_when_both_come_at_once(self, database):
        user_id, secret = invitations.invite(**ADA, actor=KEEPER)
        version = row_of(user_id)["version"]
        with ThreadPoolExecutor(2) as pool:
            opened = pool.submit(outcome, accept, secret)
            gone = pool.submit(outcome, lambda: remove(user_id, version=version))

        is_gone = row_named("ada") is None
        assert (opened.result() is LinkSpent) == is_gone
        assert (gone.result() in (Edited, NotPossible)) != is_gone
