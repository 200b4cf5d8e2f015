"""Counters that went wrong are found and counted anew."""

from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.counters import by_day
from dashboard.services import counting
from tests import factories


def bend(**change):
    share = stored()["daily_counters"].find_one({})
    stored()["daily_counters"].update_one({"_id": share["_id"]}, change)


def test_what_is_right_has_no_difference(app, database):
    for _ in range(3):
        factories.examined()

    assert counting.differences() == []
    assert counting.rebuild() == 0


def test_a_wrong_number_is_named_and_put_right(app, database):
    factories.examined()
    bend(**{"$inc": {"facets.level:safe": 4, "received": 1}})

    named = {each.name: (each.counted, each.found) for each in counting.differences()}
    assert named == {"level:safe": (5, 1), "received": (2, 1)}
    assert counting.rebuild() == 1
    assert counting.differences() == []


def test_a_day_without_rows_is_cleared(app, database):
    factories.examined()
    stored()["email_analyses"].delete_many({})

    assert counting.rebuild() == 1
    assert by_day() == {}


def test_a_day_without_counters_gets_them(app, database):
    factories.examined(threat_level="critical", detected_threats=["link-ip-host"])
    stored()["daily_counters"].delete_many({})

    counting.rebuild()
    (day,) = by_day().values()
    assert day["facets"]["worst:link-ip-host"] == 1
    assert day["received"] == 1


def test_rows_of_an_earlier_version_get_the_facets_of_this_one(app, database):
    identity = ObjectId(factories.examined(verdict="malicious"))
    old = {"$pull": {"facets": {"$in": ["open:yes", "flagged:yes"]}}}
    stored()["email_analyses"].update_one({"_id": identity}, old)

    counting.rebuild()
    row = stored()["email_analyses"].find_one({"_id": identity})
    assert "open:yes" in row["facets"]
    assert counting.differences() == []
