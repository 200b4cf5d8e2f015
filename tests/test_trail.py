"""Every route that writes leaves exactly what it should in the trail.

What a success leaves stands in `tests/writes.py`, route by route; a refusal leaves the
same everywhere.
"""

from typing import Any

import pytest
from flask import Flask
from limits.strategies import MovingWindowRateLimiter

from dashboard.documents.connection import database as stored
from dashboard.domain.permissions import GRANTED, Permission, Role
from dashboard.services.audit import Event
from tests import factories
from tests.browser import Browser
from tests.walker import WRITES, Route, ask, restricted, routes
from tests.writes import EXPECTED, Write

JSON = {"Accept": "application/json"}
LIMITED = {
    *("analyses.create", "api.create", "exports.create", "bulk.export"),
    *("auth.create", "auth.create_first", "auth.create_invited", "settings.preview"),
    "profile.change_password",
}


def trail() -> list[dict[str, Any]]:
    return list(stored()["audit_logs"].find({}).sort("_id", 1))


def left_by(browser: Browser, route: Route, **options: Any) -> tuple[int, list[str]]:
    """The answer to one request, and what it left in the trail."""
    known = {row["_id"] for row in trail()}
    answer = ask(browser, route, **options)
    added = [row for row in trail() if row["_id"] not in known]
    assert all(row["request_id"] for row in added), route
    assert len({row["request_id"] for row in added}) <= 1, route
    return answer.status_code, [row["action"] for row in added]


def writer(app: Flask, write: Write) -> Browser:
    if write.role:
        return factories.signed_in(app, write.role)
    return Browser(app.test_client())


def token(browser: Browser) -> dict[str, str]:
    return {"csrf_token": browser.csrf()}


@pytest.fixture
def theirs(app: Flask, database: None) -> str:
    """An analysis somebody else submitted."""
    return factories.submitted(factories.account("viewer"))


class TestSuccess:
    def test_of_every_write_is_expected_by_name(self, app):
        writing = {route.endpoint for route in routes(app, WRITES)}

        assert sorted(writing - set(EXPECTED)) == [], "add them to tests/writes.py"
        assert sorted(set(EXPECTED) - writing) == [], "they are gone"

    @pytest.mark.parametrize("endpoint", EXPECTED)
    def test_leaves_exactly_the_events_expected(self, app, database, endpoint):
        write = EXPECTED[endpoint]
        browser = writer(app, write)
        given = write.arguments(browser)
        (route,) = [r for r in routes(app, WRITES, **given) if r.endpoint == endpoint]
        form = write.form() if callable(write.form) else write.form
        data = {**token(browser), **form}

        status, events = left_by(browser, route, data=data)
        assert (status, events) == (write.status, write.events)


class TestRefusal:
    def test_of_a_stranger_leaves_one_event(self, app, stranger, theirs):
        for route in restricted(app, *WRITES, analysis_id=theirs):
            data = token(stranger)
            left = left_by(stranger, route, data=data, headers=JSON)
            assert left == (401, [Event.ACCESS_REFUSED]), route
            stranger.token = ""

    @pytest.mark.parametrize("role", list(Role))
    def test_of_a_role_leaves_one_event(self, app, role, theirs):
        browser = factories.signed_in(app, role)
        data = token(browser)
        beyond = set(Permission) - GRANTED[role]
        for route in restricted(app, *WRITES, analysis_id=theirs):
            if route.policy in beyond:
                left = left_by(browser, route, data=data)
                assert left == (403, [Event.ACCESS_REFUSED]), route

    def test_of_a_form_from_elsewhere_leaves_one_event(self, app, admin, theirs):
        for route in routes(app, WRITES, analysis_id=theirs):
            left = left_by(admin, route, data={"csrf_token": "x"})
            assert left == (400, [Event.ACCESS_REFUSED]), route

    def test_of_a_form_from_elsewhere_names_the_view_and_no_path(self, app, admin):
        secret = "a-canary-of-a-link"
        admin.client.post(f"/first/{secret}", data={})

        (row,) = [row for row in trail() if row["action"] == Event.ACCESS_REFUSED]
        assert row["metadata"] == {"view": "auth.create_first", "method": "POST"}
        assert secret not in str(row)

    def test_of_too_many_leaves_one_event(self, app, admin, theirs, monkeypatch):
        data = token(admin)
        full = lambda *_given, **_named: False  # noqa: E731 - a limit that is used up
        monkeypatch.setattr(MovingWindowRateLimiter, "hit", full)
        refused = set()
        for route in restricted_last(app, theirs):
            status, events = left_by(admin, route, data=data)
            if status == 429:
                is_sign_in = route.endpoint.startswith("auth.")
                event = Event.SIGN_IN_LIMITED if is_sign_in else Event.ACCESS_REFUSED
                assert events == [event], route
                refused.add(route.endpoint)

        assert refused == LIMITED


def restricted_last(app: Flask, analysis_id: str) -> list[Route]:
    """Every write, signing out at the end."""
    known = {"analysis_id": analysis_id, "listed": "analyses"}
    found = routes(app, WRITES, **known)
    return sorted(found, key=lambda route: route.endpoint == "auth.delete")
