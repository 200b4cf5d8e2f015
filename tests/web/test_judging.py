"""The analyst's verdict: beside the engine's, never preselected, never lost."""

import pytest

from dashboard.documents.connection import database
from tests.web.examined import actions, examined, stored


@pytest.fixture
def spoof(analyst):
    return f"/analyses/{examined(analyst.account)}"


def typed(url, **fields):
    version = stored(url.rpartition("/")[2])["version"]
    return {"verdict": "phishing", "category": "", "note": "", "version": version} | (
        fields
    )


def test_nothing_is_preselected(analyst, spoof):
    page = analyst.get(spoof)

    assert len(page.select("#you input[type=radio]")) == 4
    assert not page.select("#you [checked], #you [selected][value]:not([value=''])")


@pytest.mark.parametrize("verdict", ["phishing", "unwanted", "legitimate", "unsure"])
def test_is_recorded_beside_the_engines(analyst, spoof, verdict):
    data = typed(spoof, verdict=verdict, category="payment", note="Asked the sender.")
    analyst.post(f"{spoof}/verdict", data=data)

    page = analyst.get(spoof)

    assert page.select_one("#you .pn-verdict").text.lower() == verdict
    assert "Asked the sender." in page.select_one("#you").text
    assert "Payment" in page.select_one(".pn-said").text
    assert page.select_one(".pn-says .pn-level-lg").text == "Malicious"
    assert not page.select("#you [checked]")


def test_is_written_to_the_trail(analyst, spoof):
    analyst.post(f"{spoof}/verdict", data=typed(spoof, note="Why."))

    event = database()["audit_logs"].find_one({"action": "analysis:judge"})
    assert event["actor"] == analyst.account.username
    assert event["metadata"]["changes"]["verdict"]["after"] == "phishing"
    assert event["metadata"]["note"] == "Why."


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"verdict": ""}, id="none"),
        pytest.param({"verdict": "clean"}, id="not one of ours"),
        pytest.param({"category": "evil"}, id="foreign category"),
        pytest.param({"note": "x" * 4001}, id="too long a note"),
        pytest.param({"version": ""}, id="no version"),
    ],
)
def test_is_refused_with_the_form_kept(analyst, spoof, bad):
    data = typed(spoof, note="Kept.") | bad

    page = analyst.post(f"{spoof}/verdict", status=422, data=data)

    assert page.select_one("#you textarea").text.strip() == data["note"]
    assert "analysis:judge" not in actions()


def test_that_comes_second_is_told_and_keeps_what_was_typed(analyst, admin, spoof):
    data = typed(spoof, verdict="legitimate", note="I know them.")
    admin.post(f"{spoof}/verdict", data=typed(spoof))

    page = analyst.post(f"{spoof}/verdict", status=409, data=data)

    assert "Somebody recorded a verdict while you were reading." in page.text
    assert page.select_one("#you [checked]")["value"] == "legitimate"
    assert page.select_one("#you textarea").text.strip() == "I know them."
    assert page.select_one("#you .pn-verdict").text == "Phishing"
    assert actions().count("analysis:judge") == 1


def test_that_came_second_is_recorded_when_sent_again(analyst, admin, spoof):
    data = typed(spoof, verdict="legitimate")
    admin.post(f"{spoof}/verdict", data=typed(spoof))
    page = analyst.post(f"{spoof}/verdict", status=409, data=data)

    again = data | {"version": page.select_one("[name=version]")["value"]}
    analyst.post(f"{spoof}/verdict", data=again)

    assert stored(spoof.rpartition("/")[2])["decision"]["verdict"] == "legitimate"


def test_in_htmx_answers_with_the_panel_alone(analyst, spoof):
    data = typed(spoof, verdict="")

    panel = analyst.post(f"{spoof}/verdict", status=422, data=data, htmx=True)
    analyst.post(f"{spoof}/verdict", status=200, data=typed(spoof), htmx=True)

    assert panel.select_one("section#you form")
    assert not panel.select("#receipt")
    assert analyst.response.headers["HX-Redirect"] == spoof


def test_is_not_for_a_viewer(viewer):
    url = f"/analyses/{examined(viewer.account)}"

    assert not viewer.get(url).select("#you form")
    viewer.post(f"{url}/verdict", status=403, data=typed(url))

    assert "analysis:judge" not in actions()


def test_is_shown_to_a_viewer(viewer, analyst):
    url = f"/analyses/{examined(viewer.account)}"
    analyst.post(f"{url}/verdict", data=typed(url))

    assert viewer.get(url).select_one("#you .pn-verdict").text == "Phishing"
