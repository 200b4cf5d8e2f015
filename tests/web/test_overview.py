"""The front page: numbers that are true, and nobody else's."""

from datetime import timedelta

import pytest

from dashboard.documents import ranking
from dashboard.documents.connection import now
from dashboard.documents.counters import histogram
from dashboard.documents.periods import begin, period
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

    def test_of_signals_and_senders_count_messages_since_last_week_began(self, analyst):
        for _ in range(2):
            made(**BAD)
        first = begin(now())
        factories.examined(received_at=first, **BAD)
        factories.examined(received_at=first - timedelta(milliseconds=1), **BAD)
        made(**{**BAD, "threat_level": "high", "verdict": "suspicious"})
        state = overview.read(analyst.account, now())

        assert state.signals == [("reply-to-mismatch", 4, 3)]
        assert state.senders == [("a@mail.evil.test", 4, 3)]
        assert state.domains == [("evil.test", 4, 3)]

    def test_of_senders_say_since_when_and_lead_to_the_messages(self, analyst):
        made(subject="Bad one", **BAD)
        factories.examined(subject="Another's", sender="b@mail.evil.test")
        page = analyst.get("/overview")

        links = page.select("[aria-labelledby=senders] a, [aria-labelledby=domains] a")
        assert [link.text for link in links] == ["a@mail[.]evil[.]test", "evil[.]test"]
        first = begin(now())
        since = page.select_one("#senders + .pn-count").text
        assert since == f"since {first.day} {first:%b}"
        shown = analyst.get(links[0]["href"]).text
        assert "Bad one" in shown
        assert "Another" not in shown

    def test_leave_out_who_sent_one_message_and_nothing_suspicious(self, analyst):
        made(sender="harmless@example.org")

        assert overview.read(analyst.account, now()).senders == []
        page = analyst.get("/overview")
        assert (
            "No suspicious mail came in."
            in page.select_one("#senders").parent.parent.text
        )

    def test_count_no_longer_what_is_examined_anew(self, analyst):
        made(**BAD)
        row = engine.stored(made(**BAD))
        analyses.repeat(row, Actor("desk"))

        assert overview.read(analyst.account, now()).senders == [
            ("a@mail.evil.test", 1, 1)
        ]

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


class TestHostileSenders:
    @pytest.mark.parametrize(
        "sender",
        [
            "<script>alert(1)</script>@evil.test",
            "javascript:alert(1)@evil.test",
            "a\u202eb@\u2066evil.test",
            '"two words"@evil.test',
            "a@evil.test/../../users?x=<b>",
        ],
    )
    @pytest.mark.parametrize("role", ["analyst", "viewer"])
    def test_are_shown_as_text_and_lead_nowhere_else(self, request, role, sender):
        browser = request.getfixturevalue(role)
        made(browser.account, **{**BAD, "sender": sender})
        page = browser.get("/overview")

        shown = page.select_one("[aria-labelledby=senders] tbody")
        assert not shown.select("script, b")
        assert not {"\u202e", "\u2066"} & set(shown.text)
        assert "evil.test" not in shown.text
        for link in shown.select("a"):
            assert link["href"].startswith("/analyses?sender=")
            browser.get(link["href"])

    def test_are_cut_before_their_domain(self, analyst):
        made(**{**BAD, "sender": f"{'a' * 90}@mail.evil.test"})
        cell = analyst.get("/overview").select_one("[aria-labelledby=senders] td")

        assert cell.text.strip() == f"{'a' * 39}…@mail[.]evil[.]test"
        assert cell["title"] == f"{'a' * 90}@mail[.]evil[.]test"


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

        assert state.domains == [("evil.test", 12, 12)]
        assert not state.is_part
        assert state.levels["critical"][-1] == 12

    def test_is_bounded_however_many_senders_there_are(self, analyst, monkeypatch):
        monkeypatch.setattr(ranking, "LEAST", 5)
        for number in range(12):
            made(**{**BAD, "sender": f"a@{number}.test"})
        page = analyst.get("/overview")
        nobody = "Nobody sent as many as 3 suspicious messages."
        assert nobody in page.select_one("[aria-labelledby=senders]").text
        for _ in range(4):
            made(**BAD)

        top = overview.read(analyst.account, now())
        assert top.senders == [("a@mail.evil.test", 4, 4)]
        assert len(ranking.top(period(top.since), top.fewest)) == 2


def test_says_when_nothing_is_examined(analyst):
    assert "No worker runs" in analyst.get("/overview").text
