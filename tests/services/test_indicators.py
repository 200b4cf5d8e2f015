"""What people put on record, what analyses meet, and what neither can overwrite."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.indicator import Indicator, Sighting
from dashboard.documents.transactions import transact
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat, normalised
from dashboard.services import analyses, demo, indicators
from dashboard.services.analyses import Submission
from dashboard.services.audit import Actor
from dashboard.services.indicators import Changed, Exists, Told
from tests import factories
from tests.domain.detectors.mail import linked
from tests.web import examined as engine

WHO = Actor("desk")
BAD = Told(Threat.PHISHING, Level.HIGH, 0.9, "desk", "Seen twice.", ("bank",))
FIELDS = {
    *("indicator", "indicator_type", "threat_type", "threat_level"),
    *("confidence_score", "description", "source", "tags", "metadata"),
    *("created_at", "updated_at"),
}


def add(value="evil.test", kind=Kind.DOMAIN, told=BAD):
    return indicators.add(kind, normalised(kind, value), told, WHO)


def row(indicator_id):
    found = Indicator.by_id(str(indicator_id))
    assert found is not None
    return found


def events():
    return [e["action"] for e in stored()["audit_logs"].find({"actor": "desk"})]


def met_in(analysis):
    return list(stored()["sightings"].find({"analysis_id": analysis}))


@pytest.fixture
def someone(app, database):
    return factories.account("analyst")


class TestPeople:
    def test_put_every_field_on_record(self, someone):
        assert row(add()).keys() >= FIELDS

    def test_get_one_row_for_two_spellings(self, someone):
        first = add("HTTP://EXAMPLE.com.", Kind.URL)

        with pytest.raises(Exists) as known:
            add("http://example.com/", Kind.URL)
        assert known.value.indicator_id == first
        assert stored()["threat_intelligence"].count_documents({}) == 1

    def test_may_call_a_host_and_its_page_two_things(self, someone):
        assert add("evil.test") != add("http://evil.test/", Kind.URL)

    def test_cannot_overwrite_each_other(self, someone):
        before = row(add())
        indicators.change(before, BAD, WHO, version=1)

        with pytest.raises(Changed):
            indicators.change(before, BAD, WHO, version=1)
        with pytest.raises(Changed):
            indicators.remove(before, "Wrong.", WHO, version=1)
        assert row(before["_id"])["version"] == 2

    def test_give_one_name_once_however_many_do_at_once(self, someone):
        rows = [row(add(f"evil{number}.test")) for number in range(6)]

        def respell(each):
            try:
                name = (Kind.DOMAIN, "same.test")
                indicators.change(each, BAD, WHO, version=1, spelled=name)
            except Exists:
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(respell, rows)) == 1
        named = {"indicator": "same.test"}
        assert stored()["threat_intelligence"].count_documents(named) == 1

    def test_change_nothing_of_what_is_gone(self, someone):
        before = row(add())
        indicators.remove(before, "Wrong.", WHO, version=1)

        with pytest.raises(Changed):
            indicators.change(before, BAD, WHO, version=1)
        assert Indicator.by_id(str(before["_id"])) is None

    def test_leave_a_trail_with_before_and_after(self, someone):
        first = row(add())
        better = Told(Threat.PHISHING, Level.LOW, 0.1, "desk", "Seen twice.", ("bank",))
        indicators.change(first, better, WHO, version=1)
        indicators.remove(first, "Harmless.", WHO, version=2)

        added, changed, removed = stored()["audit_logs"].find({"actor": "desk"})
        assert added["metadata"]["after"]["threat_level"] == "high"
        told = changed["metadata"]["changes"]
        assert told["threat_level"] == {"before": "high", "after": "low"}
        assert set(told) == {"threat_level", "confidence_score"}
        assert removed["metadata"]["reason"] == "Harmless."
        assert removed["metadata"]["before"]["threat_level"] == "low"


class TestAnalyses:
    def test_of_dangerous_messages_yield_observations(self, someone):
        engine.examined(someone)

        rows = list(stored()["threat_intelligence"].find({}))
        assert rows
        assert {r["source"] for r in rows} == {"analysis"}
        assert all(r.keys() >= FIELDS for r in rows)
        assert not [f for r in rows for f in r["facets"] if f.startswith("level:")]

    def test_of_harmless_messages_yield_nothing(self, someone):
        engine.examined(someone, linked("https://portal.quiet.test/"))

        assert not list(stored()["threat_intelligence"].find({}))
        assert not list(stored()["sightings"].find({}))

    def test_leave_sightings_that_lead_both_ways(self, someone):
        analysis = ObjectId(engine.examined(someone))

        met = met_in(analysis)
        known = {r["key"] for r in Indicator.known_as(s["key"] for s in met)}
        assert known == {s["key"] for s in met}
        here = factories.later()
        for sighting in met:
            page = Sighting.of_indicator(
                sighting["key"], someone, size=5, after=None, at=here
            )
            assert [r["analysis_id"] for r in page.rows] == [analysis]

    def test_run_twice_meet_everything_once(self, someone):
        analysis = engine.examined(someone)
        before = {s["key"] for s in met_in(ObjectId(analysis))}
        analyses.repeat(engine.stored(analysis), WHO)
        engine.run(analysis)

        after = [s["key"] for s in met_in(ObjectId(analysis))]
        assert sorted(after) == sorted(before)
        keys = [r["key"] for r in stored()["threat_intelligence"].find({})]
        assert len(keys) == len(set(keys))

    def test_recognise_what_people_recorded(self, someone):
        add("quiet.test")
        raw = linked("https://portal.quiet.test/", "The minutes")
        analysis = engine.examined(someone, raw)

        found = engine.stored(analysis)
        assert found["detected_threats"][0] == "known-indicator"
        assert found["verdict"] == "suspicious"
        seen = {s["key"]: s["places"] for s in met_in(found["_id"])}
        assert seen["domain:quiet.test"] == ["link"]

    def test_are_not_moved_by_what_analyses_met(self, someone):
        first = engine.examined(someone)
        again = engine.examined(factories.account("analyst"))

        assert (
            engine.stored(first)["detected_threats"]
            == (engine.stored(again)["detected_threats"])
        )

    def test_keep_what_they_were_judged_by(self, someone):
        add("quiet.test")
        analysis = engine.examined(someone, linked("https://portal.quiet.test/"))

        receipt = stored()["analysis_receipts"].find_one({})
        assert receipt["record"]["context"]["indicators"] == [
            ["domain:quiet.test", "high", "phishing"]
        ]
        assert receipt["analysis_id"] == ObjectId(analysis)

    def test_do_not_change_what_people_said(self, someone):
        engine.examined(someone)
        key = stored()["sightings"].find_one({})["key"]
        kind, _colon, value = key.partition(":")
        rated = add(value, Kind(kind))
        engine.examined(factories.account("analyst"))

        assert row(rated)["source"] == "desk"
        assert row(rated)["threat_level"] == "high"
        assert events()[-1] == "indicator:change"

    def test_of_others_are_hidden_from_who_may_not_see_them(self, someone):
        engine.examined(someone)
        key = stored()["sightings"].find_one({})["key"]
        viewer, at = factories.account("viewer"), factories.later()

        page = Sighting.of_indicator(key, viewer, size=5, after=None, at=at)
        assert page.rows == []

    def test_that_are_forgotten_leave_no_observation(self, someone):
        analysis = ObjectId(engine.examined(someone))

        keys = transact(lambda session: indicators.forget(analysis, session))
        indicators.drop_unseen(keys)
        assert not list(stored()["threat_intelligence"].find({}))

    def test_of_the_demonstration_go_with_it(self, someone):
        kept = engine.examined(someone, engine.SMUGGLER)
        ours = list(stored()["threat_intelligence"].find({}))
        sample = Submission(engine.message(engine.SPOOF), demo.DEMO, "spoof.eml")
        told = analyses.submit(sample, demo.OWNER, max_bytes=factories.LIMIT)
        engine.run(told.analysis_id)
        list(demo.clear())

        assert list(stored()["threat_intelligence"].find({})) == ours
        left = {row["analysis_id"] for row in stored()["sightings"].find({})}
        assert left == {ObjectId(kept)}
