"""An analysis without a result: what its page says, and what can be done."""

import pytest
from bson import ObjectId

from dashboard.documents.connection import database, now
from dashboard.domain import rulesets
from dashboard.domain.engine import examine
from tests import factories
from tests.web.examined import SPOOF, actions, examined, message, run, stored

OLDER = rulesets.versions()[0]


@pytest.fixture
def waiting(analyst):
    """The address of a message that waits."""
    return f"/analyses/{factories.submitted(analyst.account)}"


def identity(url):
    return url.rpartition("/")[2]


def change(url, **fields):
    found = {"_id": ObjectId(identity(url))}
    database()["email_analyses"].update_one(found, {"$set": fields})


def worker_lives():
    database()["worker_heartbeats"].insert_one({"_id": "here", "at": now()})


class TestWaiting:
    def test_asks_for_itself_until_it_is_done(self, analyst, waiting):
        assert analyst.get(waiting).select_one(f'#receipt[hx-get="{waiting}"]')

        run(identity(waiting))

        fragment = analyst.get(waiting, htmx=True)
        assert not fragment.select("[hx-get]")
        assert fragment.select_one("#receipt")["data-heading"] == "Lunch on Friday"

    def test_says_that_no_worker_runs_and_nothing_is_lost(self, analyst, waiting):
        said = analyst.get(waiting, htmx=True).text

        assert "No worker is running. Nothing is lost" in said
        assert "1 message waits." in said

    def test_says_which_attempt_this_is(self, analyst, waiting):
        worker_lives()
        database()["analysis_jobs"].update_one(
            {}, {"$set": {"attempts": 1, "reason": "It took too long."}}
        )

        said = analyst.get(waiting).text

        assert "The message waits to be read." in said
        assert "Attempt 2 of 3." in said
        assert "The last attempt ended: It took too long." in said

    def test_says_when_it_is_being_read(self, analyst, waiting):
        worker_lives()
        change(waiting, status="running")

        page = analyst.get(waiting)

        assert "The message is being read." in page.text
        assert not page.select('form[action$="/cancel"]')

    def test_is_never_shown_as_clean(self, analyst, waiting):
        assert not analyst.get(waiting).select(".pn-level")


class TestFailed:
    @pytest.fixture
    def failed(self, waiting):
        change(waiting, status="failed", failure="It crashed its reader three times.")
        return waiting

    def test_says_that_it_could_not_be_analysed_and_why(self, analyst, failed):
        page = analyst.get(failed)

        assert "This message could not be analysed." in page.text
        assert "It crashed its reader three times." in page.text
        assert not page.select(".pn-level")

    def test_can_be_tried_again(self, analyst, failed):
        analyst.post(f"{failed}/runs")

        assert stored(identity(failed))["status"] == "pending"
        assert actions()[-1] == "analysis:repeat"

    def test_can_still_be_judged(self, analyst, failed):
        assert analyst.get(failed).select_one("#you form")


class TestCancelling:
    def test_takes_a_message_back_that_waits(self, analyst, waiting):
        analyst.post(f"{waiting}/cancel")

        assert "took this message back" in analyst.get(waiting).text
        assert actions()[-1] == "analysis:cancel"

    def test_is_refused_once_it_is_done(self, analyst):
        url = f"/analyses/{examined(analyst.account)}"

        analyst.post(f"{url}/cancel", status=409)

        assert "analysis:cancel" not in actions()

    def test_is_not_for_those_who_may_not_see_it(self, viewer, waiting):
        viewer.post(f"{waiting}/cancel", status=404)


class TestRuns:
    @pytest.fixture
    def twice(self, analyst):
        url = f"/analyses/{examined(analyst.account)}"
        dropped = {"record.assessment.findings": {"rule": "reply-to-mismatch"}}
        database()["analysis_receipts"].update_one({}, {"$pull": dropped})
        change_first = {"record.assessment.score": 33}
        database()["analysis_receipts"].update_one({}, {"$set": change_first})
        analyst.post(f"{url}/runs")
        run(identity(url))
        return url

    def test_are_kept_and_the_difference_is_shown(self, analyst, twice):
        page = analyst.get(twice)

        strip = page.select_one(".pn-runs")
        assert "Run 1 said" in strip.text
        assert "33 points" in strip.text
        assert [tag.text for tag in strip.select("ins")] == ["Reply-To differs"]

    def test_can_be_read_again_beside_the_newest(self, analyst, twice):
        page = analyst.get(f"{twice}?run=1")

        strip = page.select_one(".pn-runs")
        assert "This is an earlier analysis" in strip.text
        assert "33 points" in page.select_one(".pn-says").text
        assert [tag.text for tag in strip.select("del")] == ["Reply-To differs"]

    @pytest.mark.parametrize("asked", ["3", "0", "x", "-1", "9" * 30, "1.5", ""])
    def test_that_never_were_are_no_page(self, analyst, twice, asked):
        analyst.get(f"{twice}?run={asked}", status=404)

    def test_are_weighed_by_the_ruleset_that_was_chosen(self, analyst):
        url = f"/analyses/{examined(analyst.account)}"
        page = analyst.get(url)
        offered = [each["value"] for each in page.select("[name=ruleset] option")]
        assert offered == list(reversed(rulesets.versions()))
        assert page.select_one("option[selected]")["value"] == rulesets.CURRENT
        analyst.post(f"{url}/runs", data={"ruleset": OLDER})
        run(identity(url))
        page = analyst.get(url)

        assert f"chosen for this run, instead of {rulesets.CURRENT}" in page.text
        assert OLDER in page.select_one(".pn-footline").text
        newest, first = page.select(".pn-runs nav a")
        assert f"{OLDER} (chosen)" in " ".join(newest.text.split())
        assert f"ruleset {rulesets.CURRENT}" in " ".join(first.text.split())
        record = analyst.get(f"{url}?run=1").select_one(".pn-says")
        assert "chosen for this run" not in record.text

    def test_say_points_as_the_chosen_ruleset_has_them(self, analyst):
        raw, url = message(SPOOF), f"/analyses/{examined(analyst.account)}"
        for ruleset in (OLDER, rulesets.CURRENT):
            analyst.post(f"{url}/runs", data={"ruleset": ruleset})
            run(identity(url))
            told = examine(raw, ruleset=rulesets.load(ruleset)).assessment
            stored = database()["email_analyses"].find_one()

            assert stored["analyzer_version"] == ruleset
            assert stored["analysis_results"]["score"] == told.score

    @pytest.mark.parametrize("ruleset", ["", "2025.1.1", "words", "../words"])
    def test_are_refused_of_a_ruleset_there_is_not(self, analyst, ruleset):
        url = f"/analyses/{examined(analyst.account)}"
        analyst.post(f"{url}/runs", data={"ruleset": ruleset}, status=422)

        assert database()["analysis_jobs"].count_documents({}) == 1

    def test_go_back_to_the_current_ruleset_where_the_chosen_one_is_gone(self, analyst):
        url = f"/analyses/{examined(analyst.account)}"
        analyst.post(f"{url}/runs", data={"ruleset": OLDER})
        gone = {"$set": {"ruleset": "2020.1.1"}}
        database()["analysis_jobs"].update_many({"run": 2}, gone)
        run(identity(url))

        assert rulesets.CURRENT in analyst.get(url).select_one(".pn-footline").text
        assert "chosen for this run" not in analyst.get(url).text

    def test_are_not_for_a_viewer_to_ask_for(self, viewer):
        url = f"/analyses/{examined(viewer.account)}"

        viewer.post(f"{url}/runs", status=403)

    def test_are_refused_while_one_is_under_way(self, analyst, waiting):
        change(waiting, status="running")

        analyst.post(f"{waiting}/runs", status=409)

    def test_show_earlier_ones_while_the_next_waits(self, analyst, twice):
        analyst.post(f"{twice}/runs")

        page = analyst.get(twice)

        assert page.select_one("[hx-trigger]")
        assert page.select_one(f'a[href="{twice}?run=1"]')


def test_a_receipt_that_is_gone_is_said_to_be(analyst):
    url = f"/analyses/{examined(analyst.account)}"
    database()["analysis_receipts"].delete_many({})

    assert "cannot be found" in analyst.get(url).text
