"""Choosing several analyses on the list, and what the answer says of each."""

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.services import counting
from tests import factories
from tests.factories import examined

LIST = "/analyses"
RUNS, VERDICT, EXPORT, DELETE = (
    f"{LIST}/chosen/{name}" for name in ("runs", "verdict", "export", "delete")
)
PHISHING = {"verdict": "phishing", "category": "credentials", "note": "All one."}
WRONG = {"reason": "Sent by mistake."}


@pytest.fixture
def manager(app, database):
    return factories.signed_in(app, "manager")


def row_of(identity):
    return stored()["email_analyses"].find_one({"_id": ObjectId(identity)})


def given(*identities, version=1, **fields):
    return {"id": [f"{identity}.{version}" for identity in identities], **fields}


def events(name):
    return [r["object_id"] for r in stored()["audit_logs"].find({"action": name})]


def notice(browser):
    return browser.get(LIST).select_one("#notices .alert").text.strip()


class TestList:
    def test_has_a_labelled_box_for_each_message(self, analyst):
        identity = examined(subject="<b>Pay</b>")
        page = analyst.get(LIST)
        box = page.select_one("#bulk tbody input[name=id]")

        assert box["value"] == f"{identity}.1"
        assert box["aria-label"] == "Choose: <b>Pay</b>"
        assert page.select_one("#bulk thead input")["aria-label"]

    @pytest.mark.parametrize(
        ("role", "offered"),
        [
            ("analyst", {RUNS, VERDICT, EXPORT}),
            ("admin", {RUNS, VERDICT, EXPORT, DELETE}),
        ],
    )
    def test_offers_what_the_role_may_do(self, app, database, role, offered):
        examined()
        page = factories.signed_in(app, role).get(LIST)

        assert {b["formaction"] for b in page.select("#bulk [formaction]")} == offered

    def test_offers_nothing_to_who_may_do_nothing(self, viewer):
        factories.submitted(viewer.account)
        page = viewer.get(LIST)

        assert page.select("#rows tbody tr")
        assert not page.select("#bulk, input[name=id], [data-choose]")

    def test_has_no_button_that_enter_presses_unseen(self, admin):
        examined()
        first = admin.get(LIST).select_one("#bulk button")

        assert "disabled" in first.attrs

    def test_offers_nothing_when_it_is_empty(self, admin):
        assert not admin.get(LIST).select("#bulk")


class TestHundred:
    def test_are_judged_in_one_request(self, analyst):
        ids = [examined() for _ in range(100)]
        analyst.post(VERDICT, data=given(*ids, **PHISHING))

        said = {row["decision"]["verdict"] for row in map(row_of, ids)}
        assert said == {"phishing"}
        assert sorted(events("analysis:judge")) == sorted(ids)
        assert notice(analyst) == "Your verdict on 100 messages is recorded."

    def test_and_one_more_are_refused_and_none_changes(self, analyst):
        ids = [examined() for _ in range(3)] + [f"{n:024x}" for n in range(98)]
        page = analyst.post(VERDICT, data=given(*ids, **PHISHING), status=422)

        assert "at most 100" in page.text
        assert not events("analysis:judge")

    def test_are_deleted_in_one_request(self, manager):
        ids = [examined() for _ in range(100)]
        manager.post(DELETE, data=given(*ids, **WRONG))

        assert stored()["email_analyses"].count_documents({}) == 0
        assert sorted(events("analysis:delete")) == sorted(ids)
        assert counting.differences() == []


class TestAnswer:
    def test_leads_back_to_the_same_page_of_the_list(self, analyst):
        back = "status=done&level=safe&limit=10"
        analyst.post(RUNS, data=given(examined(), back=back))

        assert analyst.response.location == f"{LIST}?level=safe&status=done&limit=10"

    def test_leads_nowhere_else(self, analyst):
        data = given(examined(), back="//evil.test/?q=//evil.test")
        analyst.post(RUNS, data=data, status=400)

    def test_says_how_many_were_done_and_which_not_and_why(self, analyst):
        busy, free = examined(status="running", subject="Busy one"), examined()
        page = analyst.post(RUNS, data=given(busy, free, "0" * 24), status=200)

        text = page.select_one("main").text
        assert "1 message is being analysed again." in text
        assert "The message is being analysed already." in text
        link = page.select_one(f'main a[href="{LIST}/{busy}"]')
        assert link.text == "Busy one"
        assert "It was not found." in text
        assert "0" * 24 not in text

    @pytest.mark.parametrize(("status", "answer"), [("running", 409), ("nowhere", 404)])
    def test_to_nothing_done_is_no_success(self, analyst, status, answer):
        identity = "0" * 24 if status == "nowhere" else examined(status=status)
        page = analyst.post(RUNS, data=given(identity), status=answer)

        assert "Nothing was done." in page.select_one("main").text

    @pytest.mark.parametrize("url", [RUNS, VERDICT, EXPORT, DELETE])
    def test_to_nothing_chosen_says_so(self, admin, url):
        page = admin.post(url, data=PHISHING | WRONG, status=422)

        assert "Choose at least one message." in page.text

    @pytest.mark.parametrize(
        "value", ["", "x", ".", '{"$gt":""}.1', "0" * 24 + ".-1", "0" * 24 + ".9" * 40]
    )
    def test_to_a_value_of_no_list_is_not_found(self, admin, value):
        admin.post(RUNS, data={"id": [value]}, status=404)


class TestOwnership:
    @pytest.mark.parametrize("url", [RUNS, VERDICT, EXPORT])
    def test_hides_what_is_not_theirs(self, app, admin, url, monkeypatch):
        theirs = examined(subject="A secret subject")
        may = type(admin.account).may
        monkeypatch.setattr(
            type(admin.account),
            "may",
            lambda self, it: it != "read the organisation's analyses" and may(self, it),
        )
        page = admin.post(url, data=given(theirs, **PHISHING), status=404)

        assert "A secret subject" not in page.text
        assert row_of(theirs)["version"] == row_of(theirs)["run"] == 1


class TestVerdict:
    def test_over_a_newer_one_of_somebody_else_is_refused(self, app, analyst):
        identity, free = examined(subject="Contested"), examined()
        other = factories.signed_in(app, "analyst")
        other.post(VERDICT, data=given(identity, verdict="legitimate"))
        page = analyst.post(VERDICT, data=given(identity, free, **PHISHING), status=200)

        assert row_of(identity)["decision"]["verdict"] == "legitimate"
        assert row_of(free)["decision"]["verdict"] == "phishing"
        assert "Somebody recorded a verdict" in page.text
        assert page.select_one(f'main a[href="{LIST}/{identity}"]').text == "Contested"

    def test_by_a_double_click_is_recorded_once(self, analyst):
        data = given(examined(), **PHISHING)
        analyst.post(VERDICT, data=data)
        analyst.post(VERDICT, data=data)

        assert len(events("analysis:judge")) == 1

    @pytest.mark.parametrize(
        "bad", [{"verdict": ""}, {"verdict": "evil"}, {"note": "x" * 4001}]
    )
    def test_that_is_none_is_asked_for_with_the_choice_kept(self, analyst, bad):
        identity = examined(subject="Kept")
        data = given(identity, **(PHISHING | bad))
        page = analyst.post(VERDICT, data=data, status=422)

        assert page.select_one("main input[name=id]")["value"] == f"{identity}.1"
        assert "Kept" in page.select_one("main table").text
        assert not events("analysis:judge")


class TestExport:
    @pytest.mark.parametrize("form", ["csv", "jsonl"])
    def test_holds_what_was_chosen_and_nothing_else(self, analyst, form):
        first, second, _other = (examined() for _ in range(3))
        answer = analyst.client.post(
            EXPORT,
            data={"csrf_token": analyst.csrf(), "format": form, **given(first, second)},
        )

        assert answer.headers["Content-Disposition"].endswith(f".{form}")
        assert answer.text.count("facilities@example.org") == 2
        assert first in answer.text
        assert events("export:create") == ["analyses"]

    def test_of_what_is_gone_offers_the_rest(self, analyst):
        identity = examined()
        data = given(identity, "0" * 24, format="jsonl")
        page = analyst.post(EXPORT, data=data, status=200)

        assert not events("export:create")
        form = page.select_one(f'main form[action="{EXPORT}"]')
        assert form.select_one("[name=id]")["value"] == f"{identity}.1"
        assert form.select_one("[name=format]")["value"] == "jsonl"

    def test_hands_no_message_to_an_auditor(self, auditor):
        page = auditor.post(EXPORT, data=given(examined(subject="Hidden")), status=404)

        assert "Hidden" not in page.text

    def test_in_another_form_is_refused(self, analyst):
        analyst.post(EXPORT, data=given(examined(), format="exe"), status=400)


class TestDeletion:
    def test_asks_for_a_reason_and_shows_what_would_go(self, manager):
        identity = examined(subject="Wrong one")
        page = manager.post(DELETE, data=given(identity), status=200)

        assert "Wrong one" in page.select_one("main table").text
        assert page.select_one("main input[name=id]")["value"] == f"{identity}.1"
        assert page.select_one("main .btn-danger").text == "Delete 1 analysis"
        assert row_of(identity)

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 401])
    def test_without_a_good_reason_does_nothing(self, manager, reason):
        identity = examined()
        manager.post(DELETE, data=given(identity, reason=reason), status=422)

        assert row_of(identity)

    def test_is_recorded_with_the_reason(self, manager):
        identity = examined()
        manager.post(DELETE, data=given(identity, **WRONG))

        event = stored()["audit_logs"].find_one({"action": "analysis:delete"})
        assert event["object_id"] == identity
        assert event["metadata"]["reason"] == "Sent by mistake."
        assert event["actor"] == manager.account.username
        assert notice(manager) == "1 analysis is deleted."
        manager.get(f"{LIST}/{identity}", status=404)

    def test_stands_in_the_trail_with_what_was_known(self, admin):
        identity = examined()
        admin.post(DELETE, data=given(identity, **WRONG))
        event = stored()["audit_logs"].find_one({"action": "analysis:delete"})

        assert "Analysis deleted" in admin.get(f"/audit?object={identity}").text
        told = admin.get(f"/audit/{event['_id']}").select_one("main").text
        assert "Sent by mistake." in told
        assert "clean" in told

    def test_by_a_double_click_finds_nothing_the_second_time(self, manager):
        data = given(examined(), **WRONG)
        manager.post(DELETE, data=data)
        manager.post(DELETE, data=data, status=404)

        assert len(events("analysis:delete")) == 1

    def test_is_offered_on_the_receipt(self, manager):
        identity = factories.examined()
        form = manager.get(f"{LIST}/{identity}").select_one(f'form[action="{DELETE}"]')
        sent = {each["name"]: each["value"] for each in form.select("input")}
        page = manager.post(DELETE, data={"id": sent["id"]}, status=200)

        assert page.select_one("main .btn-danger")

    def test_is_offered_to_nobody_else(self, analyst):
        page = analyst.get(f"{LIST}/{factories.examined()}")

        assert not page.select(f'[action="{DELETE}"], [formaction="{DELETE}"]')
        analyst.post(DELETE, data=WRONG, status=403)
