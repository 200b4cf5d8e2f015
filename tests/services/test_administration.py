"""Deleting accounts: those nobody uses and that have left nothing behind."""

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.user import row_named, row_of
from dashboard.domain.permissions import Role
from dashboard.services import administration, integrity, invitations
from dashboard.services.accounts import Edited
from dashboard.services.administration import NotPossible
from dashboard.services.audit import Actor
from tests import factories

KEEPER = Actor("keeper", "", "203.0.113.9")
ADA = {"username": "ada", "email": "ada@example.org", "role": Role.ANALYST}


def remove(account_id, by=KEEPER, **fields):
    version = row_of(account_id)["version"]
    told = {"reason": "a mistake", "version": version, **fields}
    administration.remove(ObjectId(account_id), by, **told)


class TestRemove:
    def test_frees_the_names_of_an_invitation_made_by_mistake(self, database):
        user_id, secret = invitations.invite(**ADA, actor=KEEPER)

        remove(user_id)

        assert row_named("ada") is None
        assert invitations.invited(secret) is None
        assert invitations.invite(**ADA, actor=KEEPER)

    def test_leaves_nothing_that_names_the_account(self, database):
        gone = factories.account("analyst", is_active=False)
        factories.begin_session(gone)

        remove(gone.id)

        assert list(integrity.orphans()) == []
        assert not stored()["persistent_sessions"].count_documents({})

    def test_tells_the_trail_who_it_was_and_why(self, database):
        gone = factories.account("analyst", is_active=False)

        remove(gone.id)

        (event,) = stored()["audit_logs"].find({})
        assert event["action"] == "account:delete"
        assert (event["object_id"], event["description"]) == (gone.id, "a mistake")
        assert event["metadata"]["username"] == gone.username

    def test_of_who_can_sign_in_is_refused(self, database):
        one = factories.account("analyst")

        with pytest.raises(NotPossible, match="Deactivate this account"):
            remove(one.id)
        assert row_of(one.id)

    def test_of_who_handed_something_in_is_refused(self, database):
        one = factories.account("analyst")
        factories.submitted(one)
        stored()["users"].update_one({}, {"$set": {"is_active": False}})

        with pytest.raises(NotPossible, match="would be nobody's"):
            remove(one.id)
        assert row_of(one.id)

    def test_of_an_old_page_is_refused(self, database):
        one = factories.account("analyst", is_active=False)

        with pytest.raises(Edited):
            remove(one.id, version=2)
        assert row_of(one.id)

    def test_by_who_was_demoted_meanwhile_is_refused(self, database):
        one = factories.account("analyst", is_active=False)
        other = factories.account("viewer")

        with pytest.raises(NotPossible):
            remove(one.id, by=Actor(other.username, other.id))
        assert row_of(one.id)
