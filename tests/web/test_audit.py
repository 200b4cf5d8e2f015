"""The audit trail: what a line says, what narrows it, and that reading it is known."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import audit
from dashboard.services.audit import Actor, Event, changes, record
from dashboard.web.trail_words import EVENTS, KINDS
from tests import factories
from tests.test_pages_cost import commands, listed

TRAIL = "/audit"
ADA = Actor("Ada", "1", "203.0.113.9", "Browser/1", "req_1")
BOB = Actor("bob of the desk", "2", "2001:db8::7", "Browser/2", "req_2")


def rows(page):
    return [link.text for link in page.select("tbody .pn-open")]


def line(page):
    """The words of the newest event that was not made by the test's own reading."""
    return [" ".join(cell.text.split()) for cell in page.select("tbody tr")[0]("td")]


def readings(**fields):
    return list(stored()["audit_logs"].find({"action": Event.TRAIL_READ, **fields}))


def asked(browser, **tokens):
    return rows(browser.get(f"{TRAIL}?{urlencode(tokens)}"))


class TestLine:
    def test_says_who_did_what_and_what_it_changed(self, auditor):
        told = {"changes": changes({"role": "viewer"}, {"role": "analyst"})}
        record(Event.ACCOUNT_CHANGED, ADA, description="bob", metadata=told)

        _when, who, what, change, request = line(auditor.get(TRAIL))
        assert (who, what) == ("Ada", "Account changed bob")
        assert change == "role: viewer role: analyst"
        assert request == "req_1"

    def test_marks_what_was_and_what_is(self, auditor):
        told = {"changes": changes({"role": "viewer"}, {"role": "analyst"})}
        record(Event.ACCOUNT_CHANGED, ADA, metadata=told)
        page = auditor.get(TRAIL)

        assert page.select_one("tbody del").text == "role: viewer"
        assert page.select_one("tbody ins").text == "role: analyst"

    @pytest.mark.parametrize(
        "told",
        [
            {"theme": {"before": "dark", "after": "light"}},
            {"changes": {"theme": {"before": "dark", "after": "light"}}, "note": "n"},
            {"before": {"theme": "dark"}, "after": {"theme": "light"}},
        ],
    )
    def test_finds_changes_wherever_an_event_tells_them(self, auditor, told):
        record(Event.ACCOUNT_CHANGED, ADA, metadata=told)

        assert line(auditor.get(TRAIL))[3] == "theme: dark theme: light"

    def test_of_what_is_new_or_gone_says_all_of_it(self, auditor):
        record(Event.INDICATOR_ADDED, ADA, metadata={"after": {"tags": ["a", "b"]}})
        added = line(auditor.get(TRAIL))[3]
        record(Event.INDICATOR_REMOVED, ADA, metadata={"before": {"level": "low"}})
        page = auditor.get(f"{TRAIL}?type=indicator")

        assert added == "tags: a, b"
        assert page.select_one("tbody del").text == "level: low"

    @pytest.mark.parametrize("kind", ["indicator", "analysis", "upload", "list"])
    def test_shows_hosts_of_senders_defanged(self, auditor, kind):
        host = "https://evil.test/a"
        told = {"changes": changes({"source": host}, {"source": "b@evil.test"})}
        told |= {"reason": "see evil.test"}
        of = (kind, "1")
        record(Event.INDICATOR_CHANGED, ADA, of=of, description=host, metadata=told)
        event = stored()["audit_logs"].find_one({"description": host})

        assert "hxxps://evil[.]test/a" in auditor.get(TRAIL).text
        shown = auditor.get(f"{TRAIL}/{event['_id']}").text
        assert "see evil[.]test" in shown
        for place in (shown, auditor.get(TRAIL).text):
            assert "evil.test" not in place

    def test_says_when_nothing_was_changed(self, auditor):
        record(Event.ACCESS_REFUSED, ADA, description="GET /audit")

        assert line(auditor.get(TRAIL))[3] == "nothing changed"

    def test_shows_what_others_wrote_as_text(self, auditor):
        evil = Actor("<img src=x onerror=alert(1)>\u202e", user_agent="<script>")
        record(Event.SIGN_IN_FAILED, evil, description="<b>bold</b>")
        page = auditor.get(TRAIL)

        assert "<img src=x onerror=alert(1)>[U+202E]" in page.text
        assert not page.select("tbody img, tbody b, tbody script")
        assert page.select_one("tbody").has_attr("hx-disable")

    def test_has_words_for_every_event(self):
        assert [event.name for event in Event if event not in EVENTS] == []

    def test_has_words_for_every_kind_of_event(self):
        kinds = {event.partition(":")[0] for event in Event}

        assert kinds - set(KINDS) == set()


class TestFilters:
    @pytest.fixture(autouse=True)
    def events(self, database):
        record(Event.SIGN_OUT, ADA, of=("session", "a" * 24))
        record(Event.ANALYSIS_JUDGED, BOB, of=("analysis", "b" * 24))
        record(Event.SIGN_IN_FAILED, BOB, description="wrong password")

    @pytest.mark.parametrize(
        ("tokens", "found"),
        [
            ({"who": "Ada"}, ["Signed out"]),
            ({"who": "bob of the desk"}, ["Sign-in failed", "Verdict recorded"]),
            ({"action": "session:sign-in:failure"}, ["Sign-in failed"]),
            ({"type": "analysis"}, ["Verdict recorded"]),
            ({"object": "a" * 24}, ["Signed out"]),
            ({"ip": "2001:db8::7"}, ["Sign-in failed", "Verdict recorded"]),
            ({"ip": "203.0.113.9"}, ["Signed out"]),
            ({"request": "req_1"}, ["Signed out"]),
            ({"who": "ada", "request": "req_2"}, []),
            ({"q": "password"}, ["Sign-in failed"]),
            ({"q": "ip:2001:db8::7 type:session"}, ["Sign-in failed"]),
            ({"q": "action:session:sign-out"}, ["Signed out"]),
            ({"type": "analysis", "until": "-1d"}, []),
            ({"type": "analysis", "since": "-1d"}, ["Verdict recorded"]),
        ],
    )
    def test_find_what_a_direct_query_finds(self, auditor, tokens, found):
        assert asked(auditor, **tokens) == found

    def test_stay_in_the_address_as_tokens(self, auditor):
        page = auditor.get(f"{TRAIL}?ip=2001:db8::7&type=session")

        shown = [token.text.strip() for token in page.select(".pn-token")]
        assert shown == ["type:session", "ip:2001:db8::7"]

    def test_offer_kinds_and_events_in_words(self, auditor):
        page = auditor.get(f"{TRAIL}?action=session:sign-out")

        assert page.select_one("#filter-action [selected]").text == "Signed out"
        assert page.select_one("#filter-type option[value=access]").text == "Refusals"

    @pytest.mark.parametrize(
        "query", ["nonsense=1", "ip=a%00b", "who=" + "x" * 300, "since=yesterday"]
    )
    def test_that_no_event_can_match_are_400(self, auditor, query):
        auditor.get(f"{TRAIL}?{query}", status=400)

    @pytest.mark.parametrize("value", ['{"$gt":""}', "$ne", "[$regex]=.*"])
    def test_are_values_and_never_operators(self, auditor, value):
        assert asked(auditor, who=value) == []

    def test_are_kept_from_page_to_page(self, auditor):
        for number in range(6):
            record(Event.SIGN_OUT, ADA, of=("session", str(number)))
        page = auditor.get(f"{TRAIL}?who=ada&limit=4")
        older = auditor.get(page.select_one("a[rel=next]")["href"])

        assert rows(page) == ["Signed out"] * 4
        assert rows(older) == ["Signed out"] * 3

    def test_answer_htmx_with_the_table_alone(self, auditor):
        part = auditor.get(f"{TRAIL}?type=session", htmx=True)

        assert [child["id"] for child in part(recursive=False)] == ["audit"]


class TestEvent:
    def test_shows_before_and_after_of_each_field(self, auditor):
        told = {"changes": changes({"a": 1, "b": ""}, {"a": 2, "b": "x"}), "why": "w"}
        record(Event.ACCOUNT_CHANGED, ADA, metadata=told)
        page = auditor.get(f"{TRAIL}/{self.newest()}")

        cells = [cell.text for cell in page.select(".pn-diff tbody tr > *")]
        assert cells == ["a", "1", "2", "b", "nothing", "x"]
        assert "why" in page.select_one("dl.pn-facts").text

    def test_links_its_object_and_the_history_of_it(self, admin):
        identity = factories.examined()
        record(Event.ANALYSIS_JUDGED, ADA, of=("analysis", identity))
        page = admin.get(f"{TRAIL}/{self.newest()}")

        assert page.select_one(f'a[href="/analyses/{identity}"]')
        assert page.select_one(f'a[href="/audit?object={identity}"]')

    def test_links_no_object_its_reader_may_not_see(self, auditor):
        identity = factories.examined()
        record(Event.ANALYSIS_JUDGED, ADA, of=("analysis", identity))
        page = auditor.get(f"{TRAIL}/{self.newest()}")

        assert not page.select('a[href^="/analyses/"]')
        assert identity in page.text

    @pytest.mark.parametrize(
        ("event", "kind"),
        [
            (Event.ACCOUNT_DELETED, "account"),
            (Event.ANALYSIS_DELETED, "analysis"),
            (Event.INDICATOR_REMOVED, "indicator"),
        ],
    )
    def test_of_what_is_gone_leads_to_its_history_alone(self, admin, event, kind):
        record(event, ADA, of=(kind, "0" * 24))
        page = admin.get(f"{TRAIL}/{self.newest()}")

        leads = {link["href"] for link in page.select(f"a[href*='{'0' * 24}']")}
        assert leads == {f"/audit?object={'0' * 24}"}

    def test_shows_what_the_same_request_did(self, auditor):
        record(Event.SIGN_OUT, ADA)
        record(Event.ACCOUNT_CHANGED, ADA)
        page = auditor.get(f"{TRAIL}/{self.newest()}")

        together = page.select("[aria-labelledby=together-title] td.pn-full")
        assert [cell.text for cell in together] == ["Signed out", "Account changed"]

    def test_that_does_not_exist_is_404(self, auditor):
        auditor.get(f"{TRAIL}/{'0' * 24}", status=404)

    def newest(self):
        return stored()["audit_logs"].find_one({}, sort=[("_id", -1)])["_id"]


class TestHistory:
    def test_of_an_analysis_is_linked_for_those_who_read_the_trail(self, admin):
        identity = factories.examined()
        page = admin.get(f"/analyses/{identity}")

        assert page.select_one(f'a[href="/audit?object={identity}"]')

    def test_of_an_analysis_is_not_offered_to_others(self, analyst):
        page = analyst.get(f"/analyses/{factories.examined()}")

        assert not page.select('a[href^="/audit"]')


class TestReading:
    def test_is_an_event_that_says_what_was_asked_for(self, auditor):
        auditor.get(f"{TRAIL}?who=ada")

        (row,) = readings()
        assert row["actor"] == auditor.account.username
        assert row["metadata"] == {"filter": "who=ada"}
        assert (row["object_type"], row["object_id"]) == ("list", "audit")

    def test_again_and_page_by_page_is_one_event(self, auditor):
        for number in range(6):
            record(Event.SIGN_OUT, ADA, of=("session", str(number)))
        page = auditor.get(f"{TRAIL}?who=ada&limit=4")
        auditor.get(page.select_one("a[rel=next]")["href"])
        auditor.get(f"{TRAIL}?who=ada&limit=4")

        assert len(readings()) == 1

    def test_of_something_else_is_another_event(self, auditor, admin):
        auditor.get(TRAIL)
        auditor.get(f"{TRAIL}?who=ada")
        admin.get(TRAIL)

        assert len(readings()) == 3

    def test_a_quarter_of_an_hour_later_is_another_event(self, auditor, monkeypatch):
        auditor.get(TRAIL)
        later = now() + timedelta(seconds=audit.READING_SECONDS)
        monkeypatch.setattr(audit, "now", lambda: later)
        auditor.get(TRAIL)

        assert len(readings()) == 2

    def test_of_one_event_is_one_too(self, auditor):
        record(Event.SIGN_OUT, ADA)
        event = stored()["audit_logs"].find_one({})["_id"]
        for _ in range(2):
            auditor.get(f"{TRAIL}/{event}")

        (row,) = readings()
        assert (row["object_type"], row["object_id"]) == ("event", str(event))

    def test_that_cannot_be_noted_is_refused(self, auditor, monkeypatch):
        def fail(*_given):
            raise OSError

        monkeypatch.setattr(audit, "insert_once", fail)
        page = auditor.get(TRAIL, status=500)

        assert not page.select("tbody tr")


class TestCost:
    def test_is_a_few_commands_however_many_events_there_are(self, auditor):
        for number in range(60):
            record(Event.SIGN_OUT, ADA, of=("session", str(number)))

        counts = {listed(commands(auditor, f"{TRAIL}?limit={n}")) for n in (10, 50)}
        assert counts == {2}
