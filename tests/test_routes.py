"""A walk over every route: who may, what every answer carries, what is refused."""

from dataclasses import replace

import pytest

from dashboard.documents import schema
from dashboard.documents.connection import database as stored
from dashboard.domain.permissions import GRANTED, Permission, Role
from dashboard.extensions import csrf
from dashboard.web.access import SIGNED_IN
from tests import factories
from tests.walker import READS, WRITES, ask, restricted, routes

JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}
OVER_TLS = {"base_url": "https://localhost/"}
ANYBODY = {
    *("static", "auth.new", "auth.create", "auth.new_first", "auth.create_first"),
    *("auth.new_invited", "auth.create_invited"),
    *("health.index", "health.ping", "health.live", "health.ready", "health.database"),
}
EVERYBODY = set(Role)
READERS = EVERYBODY - {Role.AUDITOR}
ANALYSTS = READERS - {Role.VIEWER}
ADMINISTRATORS = {Role.ADMIN}
# Who may ask for what. A page that is added is added here as well.
AUDITORS = {Role.AUDITOR, Role.ADMIN}
MANAGERS = {Role.MANAGER, Role.ADMIN}
EXPORTERS = ANALYSTS | AUDITORS
MATRIX = {
    "audit.index": AUDITORS,
    "audit.show": AUDITORS,
    "exports.create": EXPORTERS,
    "exports.index": EXPORTERS,
    "exports.show": EXPORTERS,
    "exports.download": EXPORTERS,
    "analyses.home": EVERYBODY,
    "analyses.index": READERS,
    "api.create": READERS,
    "api_users.index": ADMINISTRATORS,
    "api_users.show": ADMINISTRATORS,
    "api_users.create": ADMINISTRATORS,
    "api_users.update": ADMINISTRATORS,
    "api_users.deactivate": ADMINISTRATORS,
    "api_users.reactivate": ADMINISTRATORS,
    "api_users.delete": ADMINISTRATORS,
    "api_indicators.index": ANALYSTS,
    "api_indicators.show": ANALYSTS,
    "api_indicators.create": ANALYSTS,
    "api_indicators.update": ANALYSTS,
    "api_indicators.delete": ANALYSTS,
    "uploads.index": READERS,
    "uploads.show": READERS,
    "analyses.show": READERS,
    "analyses.safe": READERS,
    "analyses.download": READERS,
    "analyses.new": READERS,
    "analyses.create": READERS,
    "analyses.cancel": READERS,
    "analyses.judge": ANALYSTS,
    "analyses.repeat": ANALYSTS,
    "analyses.download_message": ANALYSTS,
    "analyses.download_file": ANALYSTS,
    "bulk.repeat": ANALYSTS,
    "bulk.judge": ANALYSTS,
    "health.indexes": EVERYBODY,
    "bulk.export": EXPORTERS,
    "bulk.delete": MANAGERS,
    "auth.delete": EVERYBODY,
    "auth.theme": EVERYBODY,
    "health.detailed": EVERYBODY,
    "overview.index": READERS,
    "indicators.index": ANALYSTS,
    "indicators.show": ANALYSTS,
    "indicators.find": ANALYSTS,
    "indicators.new": ANALYSTS,
    "indicators.create": ANALYSTS,
    "indicators.edit": ANALYSTS,
    "indicators.update": ANALYSTS,
    "indicators.delete": ANALYSTS,
    "profile.edit": EVERYBODY,
    "profile.update": EVERYBODY,
    "profile.change_password": EVERYBODY,
    "sessions.index": EVERYBODY,
    "sessions.revoke": EVERYBODY,
    "sessions.revoke_others": EVERYBODY,
    "sessions.every": ADMINISTRATORS,
    "settings.edit": MANAGERS,
    "settings.update": MANAGERS,
    "settings.preview": MANAGERS,
    "settings.show": MANAGERS,
    "users.index": ADMINISTRATORS,
    "users.new": ADMINISTRATORS,
    "users.create": ADMINISTRATORS,
    "users.show": ADMINISTRATORS,
    "users.update": ADMINISTRATORS,
    "users.deactivate": ADMINISTRATORS,
    "users.reactivate": ADMINISTRATORS,
    "users.delete": ADMINISTRATORS,
    "users.invite": ADMINISTRATORS,
    "users.revoke": ADMINISTRATORS,
}
# What changes although nothing was done: the trail, and when somebody was last seen.
WATCHED = set(schema.names()) - {"audit_logs", "persistent_sessions"}


def contents():
    return {name: list(stored()[name].find({})) for name in sorted(WATCHED)}


def sessions_running():
    return stored()["persistent_sessions"].count_documents({"active": True})


def events():
    return stored()["audit_logs"].count_documents({})


def token(browser):
    return {"csrf_token": browser.csrf()}


@pytest.fixture
def theirs(app, database):
    """An analysis somebody else submitted."""
    return factories.submitted(factories.account("viewer"))


class TestPolicy:
    def test_is_declared_by_every_route(self, app):
        assert not [str(r) for r in routes(app) if r.policy is None]

    def test_lets_strangers_ask_for_what_is_listed_here_alone(self, app):
        assert {r.endpoint for r in routes(app) if r.is_public} == ANYBODY

    def test_of_every_other_route_is_the_matrix(self, app):
        found = {
            route.endpoint: {
                role
                for role in Role
                if route.policy == SIGNED_IN or route.policy in GRANTED[role]
            }
            for route in restricted(app)
        }

        assert found == MATRIX

    def test_of_a_view_that_declares_none_is_to_refuse(
        self, app, admin, stranger, monkeypatch
    ):
        monkeypatch.setitem(app.view_functions, "auth.new", lambda: "open to all")

        admin.get("/login", status=403)
        stranger.get("/login", status=303)

    def test_sends_a_stranger_to_sign_in(self, app, stranger, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            if not route.url.startswith(("/api/", "/health")):
                answer = ask(stranger, route)
                assert answer.status_code == 303, route
                assert answer.location.startswith("/login"), route

    def test_answers_a_program_without_a_sign_in_401(self, app, stranger, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            assert ask(stranger, route, headers=JSON).status_code == 401, route

    def test_turns_away_a_stranger_who_writes(self, app, stranger, theirs):
        before = contents()

        for route in restricted(app, *WRITES, analysis_id=theirs):
            answer = ask(stranger, route, data=token(stranger), headers=JSON)
            assert answer.status_code == 401, route
            stranger.token = ""
        assert contents() == before

    @pytest.mark.parametrize("role", list(Role))
    def test_is_what_the_role_grants_and_nothing_else(self, app, role, theirs):
        browser = factories.signed_in(app, role)
        for route in restricted(app, *READS, analysis_id=theirs):
            is_granted = route.policy == SIGNED_IN or route.policy in GRANTED[role]
            answer = ask(browser, route)
            assert (answer.status_code != 403) is is_granted, route

    @pytest.mark.parametrize("role", list(Role))
    def test_holds_for_writes_as_well(self, app, role, theirs):
        browser = factories.signed_in(app, role)
        data, before = token(browser), contents()
        every = restricted(app, *WRITES, analysis_id=theirs)
        refused = [r for r in every if r.policy in set(Permission) - GRANTED[role]]
        for route in refused:
            assert ask(browser, route, data=data).status_code == 403, route

        assert contents() == before
        for route in [r for r in every if r not in refused]:
            assert ask(browser, route, data=data).status_code != 403, route

    @pytest.mark.parametrize("role", ["viewer", "auditor"])
    def test_is_the_same_for_a_fragment_as_for_its_page(self, app, role, theirs):
        browser = factories.signed_in(app, role)
        for route in restricted(app, *READS, analysis_id=theirs):
            page, part = (ask(browser, route, headers=h) for h in ({}, HTMX))
            is_refused = {page.status_code, part.status_code} & {403, 404}
            assert not is_refused or page.status_code == part.status_code, route

    @pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
    def test_holds_for_every_method(self, app, stranger, method, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            answer = stranger.client.open(route.url, method=method)
            assert answer.status_code in {303, 400, 401, 405}, route

    @pytest.mark.parametrize(
        "bend",
        [lambda u: u + "/", str.upper, lambda u: f"/{u}", lambda u: f"{u}/x.css"],
    )
    def test_holds_for_every_spelling_of_an_address(self, app, stranger, bend, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            bent = {"PATH_INFO": bend(route.url)}
            answer = stranger.client.get("/", environ_overrides=bent)
            assert answer.status_code in {303, 308, 401, 404}, route


class TestOwnership:
    def test_hides_what_is_not_ours_behind_404(self, app, viewer, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            if "analysis_id" in route.arguments:
                answer = ask(viewer, route)
                assert answer.status_code in {403, 404}, route
                assert theirs not in answer.text.replace(route.url, ""), route

    def test_lets_nobody_change_what_is_not_theirs(self, app, viewer, theirs):
        before = contents()
        for route in restricted(app, *WRITES, analysis_id=theirs):
            if "analysis_id" in route.arguments:
                answer = ask(viewer, route, data=token(viewer))
                assert answer.status_code in {403, 404}, route

        assert contents() == before

    def test_shows_people_their_own(self, viewer):
        mine = factories.submitted(viewer.account)

        viewer.get(f"/analyses/{mine}")

    def test_shows_an_auditor_no_message(self, auditor, theirs):
        auditor.get(f"/analyses/{theirs}", status=403)

    @pytest.mark.parametrize(
        "identity", ["nonsense", "0" * 24, '{"$gt":""}', "[$ne]=1", "..%2f..%2fx", "1"]
    )
    def test_a_bad_id_is_not_found(self, app, admin, identity):
        for route in restricted(app, *READS, analysis_id=identity):
            if "analysis_id" in route.arguments:
                assert ask(admin, route).status_code == 404, route


class TestForgery:
    @pytest.mark.parametrize("given", [{}, {"csrf_token": "x"}, {"csrf_token": ""}])
    def test_is_refused_by_every_write(self, app, admin, given, theirs):
        before, running = contents(), sessions_running()

        for route in routes(app, WRITES, analysis_id=theirs):
            assert ask(admin, route, data=given).status_code == 400, route
        assert (contents(), sessions_running()) == (before, running)

    def test_with_the_token_of_another_session_is_refused(self, app, admin, theirs):
        foreign = factories.signed_in(app, "admin").csrf()

        for route in routes(app, WRITES, analysis_id=theirs):
            answer = ask(admin, route, data={"csrf_token": foreign})
            assert answer.status_code == 400, route

    def test_is_refused_from_htmx_and_as_text(self, app, admin, theirs):
        for route in routes(app, WRITES, analysis_id=theirs):
            plain = {"data": '{"a": 1}', "content_type": "text/plain"}
            assert ask(admin, route, headers=HTMX).status_code == 400, route
            assert ask(admin, route, **plain).status_code == 400, route

    def test_from_a_foreign_page_is_refused_over_tls(self, app, admin, theirs):
        came = {"Referer": "https://evil.test/", "Origin": "https://evil.test"}
        for route in routes(app, WRITES, analysis_id=theirs):
            answer = ask(admin, route, data=token(admin), headers=came, **OVER_TLS)
            assert answer.status_code == 400, route

    def test_is_written_to_the_trail(self, admin):
        admin.client.post("/theme", data={"theme": "dark"})

        last = stored()["audit_logs"].find_one({}, sort=[("_id", -1)])
        assert last["action"] == "access:refused"

    def test_protection_is_lifted_for_reads_only(self, app):
        exempt = csrf._exempt_blueprints

        writing = {r.endpoint.split(".")[0] for r in routes(app, WRITES)}
        assert not writing & exempt
        assert not csrf._exempt_views


class TestVerbs:
    @pytest.mark.parametrize("verb", ["TRACE", "CONNECT", "BREW", "PROPFIND"])
    def test_unknown_ones_are_refused(self, app, admin, verb, theirs):
        for route in routes(app, READS, analysis_id=theirs):
            answer = ask(admin, replace(route, method=verb))
            assert answer.status_code == 405, route
            assert "GET" in answer.headers["Allow"], route

    def test_no_header_turns_a_read_into_a_write(self, app, admin, theirs):
        before, running = contents(), sessions_running()
        for name in ("X-HTTP-Method-Override", "X-Method-Override"):
            for route in routes(app, READS, analysis_id=theirs):
                ask(admin, route, headers={name: "POST"})

        assert (contents(), sessions_running()) == (before, running)

    def test_reading_changes_nothing(self, app, admin, theirs):
        before, running = contents(), sessions_running()
        for route in routes(app, READS, analysis_id=theirs):
            ask(admin, route, query_string={"delete": 1, "_method": "DELETE"})

        assert (contents(), sessions_running()) == (before, running)


class TestTrail:
    def test_has_a_row_for_every_refused_write(self, app, stranger, auditor, theirs):
        for route in restricted(app, *WRITES, analysis_id=theirs):
            before = events()
            ask(stranger, route, data=token(stranger), headers=JSON)
            stranger.token = ""
            assert events() > before, route

    def test_has_a_row_for_every_401_and_403(self, app, stranger, auditor, theirs):
        for route in restricted(app, *READS, analysis_id=theirs):
            for browser in (stranger, auditor):
                before = events()
                if ask(browser, route, headers=JSON).status_code in {401, 403}:
                    assert events() > before, route

    def test_has_a_row_for_every_write_that_changed_something(self, app, theirs):
        browser = factories.signed_in(app, "admin")
        data = {**token(browser), "theme": "dark", "verdict": "unsure", "version": "1"}
        for route in restricted(app, *WRITES, analysis_id=theirs):
            before, trail = contents(), events()
            ask(browser, route, data=data)
            assert events() > trail or contents() == before, route
