"""Trying settings out: which messages would change, whoever is killed meanwhile."""

from datetime import timedelta

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.context import DEMO, Context
from dashboard.domain.organisation import Field
from dashboard.services import comparisons, organisation, previews, queue
from dashboard.services.audit import Actor, Event
from tests import factories
from tests.web.examined import examined

SERVERS = Context(own_domains=("example.org",))
NOTHING = dict.fromkeys(Field, ())
HARBOUR = {
    **NOTHING,
    Field.OWN_DOMAINS: ("example.org",),
    Field.PROTECTED: ("Harbour Trust: harbourtrust.example",),
}
BORROWED = factories.eml(
    "Your account",
    body="Dear customer, sign in now: https://harbourtrust.evil.test/login",
    From="Harbour Trust <service@harb0urtrust.test>",
)


@pytest.fixture(autouse=True)
def sent(database, monkeypatch):
    """What was asked of the broker; nothing is judged but by the test."""
    asked = []
    monkeypatch.setattr(
        queue.current_app, "send_task", lambda name, args, **_: asked.append(args[0])
    )
    return asked


@pytest.fixture
def owner(database):
    return factories.account("manager")


def begun(owner, said=HARBOUR):
    return str(previews.begin(said, Actor(owner.username, owner.id), version=0))


def row(preview_id):
    return stored()["previews"].find_one({"_id": ObjectId(preview_id)})


def worked_out(preview_id):
    while (found := row(preview_id))["state"] == "running":
        comparisons.advance(preview_id, SERVERS)
    return found


def test_names_the_messages_whose_level_would_change_and_why(owner):
    harmless, borrowed = examined(owner, factories.eml()), examined(owner, BORROWED)

    found = worked_out(begun(owner))

    (changed,) = found["changed"]
    assert (found["seen"], str(changed["id"])) == (2, borrowed)
    assert changed["before"] != changed["after"]
    assert {"display-name-brand", "lookalike-domain"} <= set(changed["gained"])
    assert harmless != borrowed


def test_settings_that_say_the_same_change_nothing(owner):
    examined(owner, BORROWED)

    same = {**NOTHING, Field.OWN_DOMAINS: ("example.org",)}
    assert worked_out(begun(owner, same))["changed"] == []


def test_a_preview_changes_neither_settings_nor_verdicts(owner):
    analysis_id = ObjectId(examined(owner, BORROWED))
    before = stored()["email_analyses"].find_one({"_id": analysis_id})

    worked_out(begun(owner))

    assert stored()["email_analyses"].find_one({"_id": analysis_id}) == before
    assert organisation.known().version == 0
    assert stored()["analysis_receipts"].count_documents({}) == 1


def test_compares_with_the_settings_in_force(owner):
    examined(owner, BORROWED)
    organisation.change(HARBOUR, SERVERS, Actor("ada", "1"), version=0)

    assert worked_out(begun(owner))["changed"] == []


def test_leaves_out_demonstrations_and_what_is_gone(owner):
    factories.examined(owner, source=DEMO)
    gone = examined(owner, BORROWED)
    preview = begun(owner)
    stored()["email_analyses"].delete_one({"_id": ObjectId(gone)})

    found = worked_out(preview)

    assert (found["left_out"], found["seen"], found["unread"]) == (1, 1, 1)
    assert found["changed"] == []


def test_takes_the_newest_messages_and_no_more(owner, monkeypatch):
    monkeypatch.setattr(previews, "MOST", 2)
    ages = [
        factories.examined(owner, received_at=now() - timedelta(hours=hours))
        for hours in range(3)
    ]

    assert [str(each) for each in row(begun(owner))["chosen"]] == ages[:2]


def test_is_worked_out_piece_by_piece(owner, sent, monkeypatch):
    monkeypatch.setattr(comparisons, "PIECE_MESSAGES", 1)
    examined(owner, BORROWED)
    examined(owner, factories.eml())
    preview = begun(owner)
    sent.clear()

    comparisons.advance(preview, SERVERS)

    assert (row(preview)["seen"], row(preview)["state"]) == (1, "running")
    assert sent == [preview]
    assert len(worked_out(preview)["changed"]) == 1


def test_a_piece_that_another_worker_was_faster_with_is_dropped(owner, monkeypatch):
    monkeypatch.setattr(comparisons, "PIECE_MESSAGES", 1)
    for raw in (BORROWED, factories.eml(), factories.eml()):
        examined(owner, raw)
    preview, compared = begun(owner), comparisons._compared

    def overtaken(*arguments):
        monkeypatch.setattr(comparisons, "_compared", compared)
        comparisons.advance(preview, SERVERS)
        comparisons.advance(preview, SERVERS)
        return compared(*arguments)

    monkeypatch.setattr(comparisons, "_compared", overtaken)
    comparisons.advance(preview, SERVERS)

    assert row(preview)["seen"] == 2
    assert len(worked_out(preview)["changed"]) == 1


def test_somebody_has_one_preview_and_it_is_on_the_trail(owner):
    first, second = begun(owner), begun(owner)

    assert row(first) is None
    assert row(second)["user_id"] == owner.id
    told = stored()["audit_logs"].find({"action": Event.PREVIEW_CREATED})
    assert [event["object_id"] for event in told] == [first, second]


def test_one_that_stands_still_is_asked_for_again_and_then_given_up(owner, sent):
    preview = begun(owner)
    sent.clear()
    for _ in range(previews.MAX_ATTEMPTS + 1):
        assert row(preview)["state"] == "running"
        silent = {"touched_at": now() - previews.SILENT_AFTER * 2}
        stored()["previews"].update_one({}, {"$set": silent})
        previews.sweep()

    assert sent == [preview] * previews.MAX_ATTEMPTS
    assert row(preview)["state"] == "failed"


def test_an_expired_one_is_deleted(owner):
    preview, other = begun(owner), begun(factories.account("admin"))
    over = {"$set": {"expires_at": now() - timedelta(seconds=1)}}
    stored()["previews"].update_one({"_id": ObjectId(preview)}, over)

    previews.sweep()

    assert row(preview) is None
    assert row(other) is not None


def test_one_that_is_gone_is_no_fault_of_the_worker():
    comparisons.advance(str(ObjectId()), SERVERS)
