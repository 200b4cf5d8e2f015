"""Threat indicators for programs: told, changed and removed in JSON."""

import pytest

from dashboard.documents.connection import database as stored
from dashboard.domain.indicators import Kind
from tests.web import examined as engine
from tests.web.test_costs import ACCESS, counting
from tests.web.test_indicators import add, only

HERE = "/api/v1/indicators"
EVIL = {
    "indicator": "hxxps://Login.evil[.]test/a",
    "threat_type": "phishing",
    "threat_level": "high",
    "confidence_score": 0.75,
    "description": "Seen twice.",
    "source": "Partner list",
    "tags": ["bank", "call-back"],
    "metadata": {"registrar": "Example Names"},
}


def send(browser, method, path, told, status):
    headers = {"X-CSRFToken": browser.csrf()}
    answer = browser.client.open(path, method=method, json=told, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


def told(browser, path=HERE, status=200):
    answer = browser.client.get(path)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def there(row):
    return f"{HERE}/{row['id']}"


class TestCycle:
    def test_gives_back_what_was_put_on_record(self, analyst):
        answer = send(analyst, "POST", HERE, EVIL, 201)

        row = told(analyst, answer.headers["Location"])
        assert row == answer.get_json()
        kept = {"indicator": "https://login.evil.test/a", "indicator_type": "url"}
        assert {name: row[name] for name in {**EVIL, **kept}} == {**EVIL, **kept}

    def test_changes_what_is_sent_and_nothing_else(self, analyst):
        before = send(analyst, "POST", HERE, EVIL, 201).get_json()
        change = {"threat_level": "low", "version": 1}
        after = send(analyst, "PATCH", there(before), change, 200).get_json()

        different = {name for name in after if after[name] != before[name]}
        assert different - {"updated_at"} == {"threat_level", "version"}

    def test_removes_with_a_reason(self, analyst):
        here = f"{HERE}/{add()}"
        send(analyst, "DELETE", here, {"reason": " "}, 422)
        send(analyst, "DELETE", here, {"reason": "Harmless."}, 204)

        told(analyst, here, status=404)
        event = stored()["audit_logs"].find_one({"action": "indicator:remove"})
        assert event["metadata"]["reason"] == "Harmless."

    def test_lists_by_the_filters_of_the_page(self, analyst):
        for number in range(3):
            add(f"evil{number}.test", tags=("bank",))
        add("quiet.test")
        first = told(analyst, f"{HERE}?tag=bank&limit=2")
        second = told(analyst, f"{HERE}?{first['next']}")

        names = [row["indicator"] for row in first["indicators"] + second["indicators"]]
        assert names == ["evil2.test", "evil1.test", "evil0.test"]
        assert second["next"] is None
        told(analyst, f"{HERE}?nope=1", status=400)

    def test_a_list_is_a_few_commands(self, analyst):
        for number in range(30):
            add(f"evil{number}.test")
        with counting() as asked:
            told(analyst, f"{HERE}?limit=20")

        assert len([name for name in asked if name not in ACCESS]) <= 4


class TestRefusal:
    @pytest.mark.parametrize(
        ("wrong", "named"),
        [
            ({"confidence_score": 1.5}, "confidence_score"),
            ({"confidence_score": "banana"}, "confidence_score"),
            ({"confidence_score": True}, "confidence_score"),
            ({"threat_level": "banana"}, "threat_level"),
            ({"threat_type": {"$gt": ""}}, "threat_type"),
            ({"indicator": "no indicator"}, "indicator"),
            ({"indicator": ["evil.test"]}, "indicator"),
            ({"indicator_type": "ip"}, "indicator"),
            ({"source": "analysis"}, "source"),
            ({"tags": "bank"}, "tags"),
            ({"tags": ["a,b"]}, "tags"),
            ({"metadata": {"a": "b\nc: d"}}, "notes"),
            ({"user_id": "1"}, "user_id"),
        ],
    )
    def test_names_the_field(self, analyst, wrong, named):
        faults = send(analyst, "POST", HERE, {**EVIL, **wrong}, 422).get_json()

        assert list(faults["errors"]) == ["metadata" if named == "notes" else named]
        assert not list(stored()["threat_intelligence"].find({}))

    @pytest.mark.parametrize("body", [[], "text", None, [EVIL]])
    def test_meets_what_is_no_object(self, analyst, body):
        send(analyst, "POST", HERE, body, 422)

    def test_names_what_is_on_record(self, analyst):
        first = add("http://EXAMPLE.com/", Kind.URL)
        same = {**EVIL, "indicator": "http://example.com:80"}
        other = send(analyst, "POST", HERE, same, 409).get_json()

        assert (other["id"], other["url"]) == (first, f"{HERE}/{first}")
        second = add("http://example.com/b", Kind.URL)
        again = {"indicator": "http://example.com/"}
        send(analyst, "PATCH", f"{HERE}/{second}", again, 409)

    def test_meets_an_old_version(self, analyst):
        here = f"{HERE}/{add()}"
        send(analyst, "PATCH", here, {"description": "Mine.", "version": 1}, 200)
        send(analyst, "PATCH", here, {"description": "Late.", "version": 1}, 409)
        send(analyst, "DELETE", here, {"reason": "Late.", "version": 1}, 409)

        assert only()["description"] == "Mine."

    def test_of_another_name_for_what_a_message_held(self, analyst):
        engine.examined(analyst.account)
        row = stored()["threat_intelligence"].find_one({})
        rate = {"source": "desk", "threat_level": "high"}
        here = f"{HERE}/{row['_id']}"

        send(analyst, "PATCH", here, {**rate, "indicator": "a.test"}, 422)
        assert send(analyst, "PATCH", here, rate, 200).get_json()["source"] == "desk"

    def test_of_who_may_not(self, viewer, auditor):
        for browser in (viewer, auditor):
            told(browser, status=403)
            send(browser, "POST", HERE, EVIL, 403)

    @pytest.mark.parametrize("identity", ["1", "0" * 24, '{"$gt":""}'])
    def test_of_an_id_that_is_none(self, analyst, identity):
        assert told(analyst, f"{HERE}/{identity}", status=404)["error"] is True
