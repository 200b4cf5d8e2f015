"""What managers say of the organisation, and what they see before they save it."""

import pytest
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.context import Context
from dashboard.domain.organisation import Field
from dashboard.domain.permissions import Permission, Role
from dashboard.services import comparisons, organisation
from dashboard.services.audit import Actor, Event
from tests import factories
from tests.web.examined import examined, run

HERE = "/settings/organisation"
PREVIEWS = f"{HERE}/previews"
SAID = {
    "own_domains": "Example.org\nexample.com",
    "executives": "Chief Executive",
    "protected": "Harbour Trust: harbourtrust.example",
    "trusted_servers": "",
    "forwarders": "203.0.113.9",
    "version": 0,
}
BORROWED = factories.eml(
    "Your account",
    body="Dear customer, sign in now: https://harbourtrust.evil.test/login",
    From="Harbour Trust <service@harb0urtrust.test>",
)


@pytest.fixture
def manager(app, database):
    return factories.signed_in(app, "manager")


@pytest.fixture
def server(app, monkeypatch):
    """What the server's own settings say."""
    context = Context(own_domains=("server.example",))
    monkeypatch.setitem(app.extensions, "engine_context", context)


@pytest.fixture
def preview(manager):
    """The address of a preview in which one message would change."""
    examined(manager.account, BORROWED)
    manager.post(PREVIEWS, data=SAID)
    return manager.response.headers["Location"]


def work_out():
    for row in stored()["previews"].find({"state": "running"}):
        comparisons.advance(str(row["_id"]), Context())


def field(page, name):
    return page.select_one(f"textarea[name={name}]")


def save(other="ada", version=0, **said):
    wanted = {**dict.fromkeys(Field, ()), **said}
    organisation.change(wanted, Context(), Actor(other, "9"), version=version)


class TestPage:
    def test_says_at_first_what_to_begin_with(self, manager):
        page = manager.get(HERE)

        assert "Nobody has saved anything here yet. Begin with" in page.main.text
        assert [each["name"] for each in page.select("textarea")] == list(Field)
        assert all(
            page.find(id=each["aria-describedby"]) for each in page.select("textarea")
        )

    def test_shows_what_the_server_says_and_that_it_does(self, manager, server):
        page = manager.get(HERE)

        assert field(page, "own_domains").text.strip() == "server.example"
        assert "From the server's own setting OWN_DOMAINS" in page.main.text

    def test_says_which_fields_no_longer_follow_the_server(self, manager, server):
        save(own_domains=("example.org",))

        text = manager.get(HERE).main.text
        assert "setting OWN_DOMAINS says: server.example" in text

    def test_says_that_stored_verdicts_stay(self, manager):
        assert "until a message is analysed again" in manager.get(HERE).main.text

    def test_is_in_the_navigation_of_those_who_may(self, manager, analyst):
        assert manager.get("/analyses").select_one(f'.pn-nav [href="{HERE}"]')
        assert not analyst.get("/analyses").select_one(f'.pn-nav [href="{HERE}"]')

    @pytest.mark.parametrize("role", list(Role))
    def test_is_for_managers_and_administrators(self, app, database, role):
        browser = factories.signed_in(app, role.value)
        may = role in (Role.MANAGER, Role.ADMIN)

        assert (Permission.EDIT_SETTINGS in role.permissions) is may
        browser.get(HERE, status=200 if may else 403)


class TestSaving:
    def test_puts_entries_in_force_and_on_the_trail(self, manager):
        manager.post(HERE, data=SAID)

        known = organisation.known()
        assert known.said[Field.OWN_DOMAINS] == ("example.org", "example.com")
        assert (known.version, known.changed_by) == (1, manager.account.username)
        assert "Saved." in manager.get(HERE).main.text
        (event,) = stored()["audit_logs"].find({"action": Event.ORGANISATION_CHANGED})
        assert "own_domains" in event["metadata"]["changes"]

    def test_the_same_again_is_no_change(self, manager):
        manager.post(HERE, data=SAID)
        manager.post(HERE, data={**SAID, "version": 1})

        assert "Nothing was different" in manager.get(HERE).main.text
        assert organisation.known().version == 1

    def test_the_trail_shows_before_and_after(self, manager, admin):
        manager.post(HERE, data=SAID)

        text = admin.get("/audit?action=organisation:change").select_one("tbody").text
        assert "Organisation settings changed" in text
        assert "example.org, example.com" in text

    @pytest.mark.parametrize("there", [HERE, PREVIEWS])
    def test_says_beside_a_field_what_is_wrong_and_keeps_the_rest(self, manager, there):
        wrong = {**SAID, "own_domains": "example.org\ngmail.com\nnonsense"}
        page = manager.post(there, status=422, data=wrong)

        told = page.find(id=field(page, "own_domains")["aria-describedby"]).text
        assert "Line 2: Anybody can have an address at “gmail.com”." in told
        assert "Line 3: “nonsense” is not a domain." in told
        assert field(page, "protected").text.strip() == SAID["protected"]
        assert organisation.known().version == 0
        assert stored()["previews"].count_documents({}) == 0

    @pytest.mark.parametrize("there", [HERE, PREVIEWS])
    @pytest.mark.parametrize("version", ["-1", "9" * 20, "x", ""])
    def test_a_version_there_cannot_be_is_refused(self, manager, there, version):
        manager.post(there, status=422, data={**SAID, "version": version})

        assert stored()["previews"].count_documents({}) == 0

    def test_hostile_text_stays_text(self, manager):
        wrong = {**SAID, "executives": "<b>Chief</b> %(number)d{{7*7}}"}
        page = manager.post(HERE, status=422, data=wrong)

        assert "%(number)d{{7*7}}" in field(page, "executives").text
        assert not page.main.select("textarea b, p b")

    def test_endless_text_is_not_read(self, manager, monkeypatch):
        read = []
        there = "dashboard.web.forms.settings.entries"
        monkeypatch.setattr(there, lambda name, _text: read.append(name) or ())
        long = {**SAID, "executives": "Chief Executive\n" * 60000}
        manager.post(HERE, status=422, data=long)

        assert read == [each for each in Field if each != "executives"]

    def test_endless_text_is_refused(self, manager):
        page = manager.post(
            HERE, status=422, data={**SAID, "executives": "a\n" * 60000}
        )

        assert field(page, "executives")["aria-invalid"] == "true"


class TestConflict:
    @pytest.fixture
    def page(self, manager):
        save(executives=("Managing Director",))
        return manager.post(HERE, status=409, data=SAID)

    def test_says_what_was_saved_meanwhile(self, page):
        told = page.select_one("#overtaken").text

        assert "Somebody else saved other settings" in page.main.text
        assert "People attackers pose as" in told
        assert "added: Managing Director" in told
        assert "removed" not in told

    def test_loses_neither_side(self, page):
        assert field(page, "protected").text.strip() == SAID["protected"]
        assert set(organisation.known().said) == {Field.EXECUTIVES}

    def test_lets_the_next_attempt_build_on_it(self, manager, page):
        version = page.select_one("input[name=version]")["value"]
        manager.post(HERE, data={**SAID, "version": version})

        assert organisation.known().version == 2


class TestPreview:
    def test_asks_for_itself_while_it_is_worked_out(self, manager, preview):
        page = manager.get(preview)

        part = page.select_one("#preview")
        assert (part["hx-get"], part["hx-trigger"]) == (preview, "every 2s")
        assert part.select_one("a.btn").text == "Load again"
        work_out()
        part = manager.get(preview, htmx=True).select_one("#preview")
        assert "hx-get" not in part.attrs

    def test_names_messages_levels_and_signals(self, manager, preview):
        work_out()
        page = manager.get(preview)

        (row,) = page.select("#changed tbody tr")
        assert "1 message would get another level" in page.main.text
        assert row.select_one("a").text == "Your account"
        assert len(row.select(".pn-level")) == 2
        assert "Name of a brand" in row.text

    def test_changes_nothing_until_it_is_saved(self, manager, preview):
        work_out()
        form = manager.get(preview).select_one("#next form")
        assert organisation.known().version == 0

        given = {each["name"]: each["value"] for each in form.select("input")}
        manager.post(form["action"], data=given)

        assert manager.response.headers["Location"] == preview
        assert organisation.known().said[Field.PROTECTED] == (SAID["protected"],)

    def test_once_saved_offers_to_analyse_those_again(self, manager, preview):
        work_out()
        manager.post(HERE, data=SAID)
        form = manager.get(preview).select_one("#next form")
        given = {each["name"]: each["value"] for each in form.select("input")}
        manager.post(form["action"], data=given)

        (job,) = stored()["analysis_jobs"].find({"run": 2})
        assert f"{job['analysis_id']}.1" == given["id"]

    def test_leads_back_to_what_was_written(self, manager, preview):
        link = manager.get(preview).select_one("nav[aria-label=Place] a")
        page = manager.get(link["href"])

        assert field(page, "protected").text.strip() == SAID["protected"]
        assert page.select_one("input[name=version]")["value"] == "0"

    def test_belongs_to_its_owner(self, manager, admin, preview):
        admin.get(preview, status=404)
        admin.get(f"{HERE}?preview={preview.rpartition('/')[2]}", status=404)

    @pytest.mark.parametrize("identity", ["1", "0" * 24, "%00"])
    def test_one_that_is_not_there_is_not_found(self, manager, identity):
        manager.get(f"{PREVIEWS}/{identity}", status=404)

    def test_an_expired_one_is_not_found(self, manager, preview):
        stored()["previews"].update_one({}, {"$set": {"expires_at": now()}})

        manager.get(preview, status=404)

    def test_what_is_saved_from_an_expired_one_leads_to_the_settings(
        self, manager, preview
    ):
        stored()["previews"].update_one({}, {"$set": {"expires_at": now()}})
        manager.post(HERE, data={**SAID, "preview": preview.rpartition("/")[2]})

        assert manager.response.headers["Location"].endswith(HERE)
        assert organisation.known().version == 1

    def test_one_that_failed_says_what_to_do(self, manager, preview):
        stored()["previews"].update_one({}, {"$set": {"state": "failed"}})

        assert "ask for the preview again" in manager.get(preview).main.text

    def test_with_nothing_to_judge_says_so(self, manager):
        manager.post(PREVIEWS, data=SAID)
        there = manager.response.headers["Location"]
        work_out()

        assert "no examined message to try" in manager.get(there).main.text


def test_a_receipt_names_the_settings_it_was_judged_by(manager, monkeypatch):
    save(executives=("Managing Director",))
    context = organisation.current(Context())
    monkeypatch.setattr("tests.web.examined.Context", lambda: context)
    analysis_id = factories.submitted(manager.account)
    run(analysis_id)

    line = manager.get(f"/analyses/{analysis_id}").select_one(".pn-footline").text
    assert "settings of the organisation 1" in line
    assert stored()["email_analyses"].find_one({"_id": ObjectId(analysis_id)})
