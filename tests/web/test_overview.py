"""The front page: numbers that are true, and nobody else's."""

from datetime import timedelta

import pytest

from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.services import analyses, counting, overview
from dashboard.services.analyses import Decision
from dashboard.services.audit import Actor
from tests import factories
from tests.web import examined as engine
from tests.web.test_costs import ACCESS
from tests.web.test_costs import counting as commands

BAD = {
    "threat_level": "critical",
    "verdict": "malicious",
    "sender": "a@mail.evil.test",
    "detected_threats": ["reply-to-mismatch"],
}


def made(by=None, back=0, **fields):
    at = now() - timedelta(days=back)
    return factories.examined(by, received_at=at, **fields)


def judged(analysis_id):
    row = engine.stored(analysis_id)
    said = {"verdict": Decision.PHISHING, "category": None, "note": ""}
    analyses.judge(row, Actor("desk"), **said, version=row["version"])


def texts(page, name):
    return [row.text for row in page.select(f"[aria-labelledby={name}] tbody tr")]


def totals(page):
    return [int(cell.text) for cell in page.select("#levels strong, .pn-spark strong")]


@pytest.fixture(autouse=True)
def fresh(database):
    histogram.forget()


class TestFrontDoor:
    def test_leads_here(self, analyst):
        analyst.get("/", status=303)

        assert analyst.response.location == "/overview"

    def test_says_what_to_do_when_there_is_nothing(self, analyst, viewer):
        assert "No message has come in lately" in analyst.get("/overview").text
        assert "You have submitted nothing lately" in viewer.get("/overview").text

    def test_says_so_when_all_is_judged(self, analyst):
        factories.examined()

        assert "Nothing waits for you" in analyst.get("/overview").text

    def test_is_not_for_auditors(self, auditor):
        auditor.get("/overview", status=403)


class TestNumbers:
    def test_are_those_of_the_last_fortnight(self, analyst):
        for back in (0, 0, 3, 13, 14, 40):
            made(back=back, **BAD)
        made(back=1)

        assert totals(analyst.get("/overview")) == [4, 0, 0, 0, 1]

    def test_stand_in_the_table_as_well(self, analyst):
        made(back=2, **BAD)
        page = analyst.get("/overview")

        rows = page.select("[aria-labelledby=levels] details tbody tr")
        cells = [[int(cell.text) for cell in row.select("td")] for row in rows]
        assert len(rows) == 14
        assert cells[-3] == [1, 0, 0, 0, 0]
        assert sum(map(sum, cells)) == 1

    def test_of_signals_and_domains_count_messages(self, analyst):
        for _ in range(3):
            made(**BAD)
        made(**{**BAD, "threat_level": "high", "verdict": "suspicious"})
        made(back=8, **BAD)
        state = overview.read(analyst.account, now())

        assert state.signals == [("reply-to-mismatch", 4, 3)]
        assert state.domains == [("evil.test", 4, 3)]
        assert "evil[.]test" in analyst.get("/overview").text

    def test_equal_a_direct_aggregation_after_people_worked(self, analyst):
        ids = [engine.examined(factories.account("analyst")) for _ in range(3)]
        judged(ids[0])
        analyses.repeat(engine.stored(ids[1]), Actor("desk"))
        factories.submitted(analyst.account)

        assert counting.differences() == []


class TestQueue:
    def test_holds_what_nobody_has_judged_the_worst_first(self, analyst):
        made(subject="Clean one")
        made(subject="High one", threat_level="high", verdict="suspicious")
        judged(made(subject="Judged one", **BAD))
        made(subject="Bad one", **BAD)

        lines = texts(analyst.get("/overview"), "queue")
        assert len(lines) == 2
        assert "Bad one" in lines[0]
        assert "High one" in lines[1]

    def test_leaves_out_what_others_work_on(self, analyst):
        made(subject="Somebody's", owner="somebody", **BAD)

        assert texts(analyst.get("/overview"), "queue") == []

    def test_counts_what_is_older_than_the_chart(self, analyst):
        for back in (0, 20, 30):
            made(back=back, **BAD)

        page = analyst.get("/overview")
        assert page.select_one("#queue + .pn-count").text.startswith("3 open")

    def test_names_what_has_waited_longest_first(self, analyst):
        for back in (1, 40, 9, 300):
            made(back=back, subject=f"From {back} days ago", **BAD)

        oldest = texts(analyst.get("/overview"), "oldest")
        assert "From 300 days ago" in oldest[0]

    def test_names_the_next_when_the_first_was_just_judged(self, analyst):
        first = made(back=100, subject="First", **BAD)
        made(back=50, subject="Second", **BAD)
        assert "First" in texts(analyst.get("/overview"), "oldest")[0]
        judged(first)

        assert "Second" in texts(analyst.get("/overview"), "oldest")[0]

    def test_names_the_first_that_came_since_the_page_was_empty(self, analyst):
        analyst.get("/overview")
        made(back=3, subject="First", **BAD)

        assert "First" in texts(analyst.get("/overview"), "oldest")[0]

    def test_of_everything_that_waits_is_a_filter_of_the_list(self, analyst):
        made(subject="Bad one", **BAD)
        judged(made(subject="Judged one", **BAD))
        page = analyst.get("/analyses?open=yes")

        assert "Bad one" in page.text
        assert "Judged one" not in page.text


class TestViewers:
    def test_see_their_own_alone(self, viewer):
        made(viewer.account, subject="My own", **BAD)
        made(subject="Another's", **{**BAD, "sender": "x@other.test"})
        page = viewer.get("/overview")

        assert totals(page) == [1, 0, 0, 0, 0]
        assert "My own" in page.text
        assert "Another" not in page.text
        assert "other[.]test" not in page.text

    def test_see_the_signals_of_their_own(self, viewer):
        made(viewer.account, **BAD)
        made(**{**BAD, "detected_threats": ["link-ip-host"]})
        state = overview.read(viewer.account, now())

        assert state.signals == [("reply-to-mismatch", 1, 1)]


class TestCost:
    @pytest.mark.parametrize("role", ["analyst", "viewer"])
    def test_is_a_handful_of_commands(self, request, role):
        browser = request.getfixturevalue(role)
        for _ in range(30):
            made(browser.account, **BAD)
        browser.get("/overview")
        with commands() as asked:
            browser.get("/overview")

        assert len([name for name in asked if name not in ACCESS]) <= 4

    def test_is_bounded_by_what_a_page_looks_at(self, analyst, monkeypatch):
        monkeypatch.setattr(overview, "LOOKED_AT", 5)
        for _ in range(12):
            made(**BAD)
        state = overview.read(analyst.account, now())

        assert sum(top.messages for top in state.domains) <= 5
        assert state.is_part
        assert state.levels["critical"][-1] == 12


def test_says_when_nothing_is_examined(analyst):
    assert "No worker runs" in analyst.get("/overview").text
