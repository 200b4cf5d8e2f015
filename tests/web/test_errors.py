"""Failures, told to each asker in its own form, with nothing internal shown."""

import json
import re
import time
from datetime import datetime

import pytest
from pymongo.errors import AutoReconnect, OperationFailure, WaitQueueTimeoutError

from dashboard.documents.base import BadCursor
from dashboard.documents.connection import database as stored
from dashboard.services.analyses import Changed, NotAllowed
from dashboard.services.messages import MessageLost
from dashboard.web import errors, sentences
from dashboard.web.access import public

JSON = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NAME = re.compile(r"req_[0-9a-f]{16}")
INNER = "mongodb://keeper:hunter2@db.internal:27017 at /srv/phishnet/queue.py line 7"


@pytest.fixture
def breaking(app, monkeypatch):
    """Has the sign-in page raise what the test gives."""

    def let_raise(error):
        def view():
            raise error

        monkeypatch.setitem(app.view_functions, "auth.new", public(view))

    return let_raise


class TestForm:
    def test_a_browser_gets_a_page(self, stranger):
        page = stranger.get("/nowhere", status=404, headers=BROWSER)

        assert page.select_one("html main")
        assert "There is nothing at this address" in page.title.text

    def test_somebody_signed_in_keeps_the_navigation(self, analyst):
        assert analyst.get("/nowhere", status=404).select_one("nav")

    def test_htmx_gets_a_notice_and_is_told_where_it_goes(self, stranger):
        notice = stranger.get("/nowhere", status=404, htmx=True)

        assert notice.select_one("html") is None
        assert notice.select_one("[role=alert]")
        assert stranger.response.headers["HX-Retarget"] == "#notices"

    def test_htmx_gets_no_json_even_where_it_would_take_some(self, stranger):
        stranger.get("/nowhere", status=404, htmx=True, headers=JSON)

        assert stranger.response.mimetype == "text/html"

    def test_a_program_gets_json_with_these_keys(self, client):
        answer = client.get("/nowhere", headers=JSON).get_json()

        assert set(answer) == {
            *("error", "error_code", "status", "message", "request_id", "timestamp")
        }
        assert answer["error"] is True
        assert answer["status"] == 404
        assert datetime.fromisoformat(answer["timestamp"]).tzinfo

    @pytest.mark.parametrize("path", ["/api/nowhere", "/health/nowhere"])
    def test_an_address_for_programs_answers_json_to_anybody(self, client, path):
        assert client.get(path, headers=BROWSER).is_json

    def test_a_browser_never_gets_json(self, client):
        for path in ("/nowhere", "/analyses", "/login"):
            assert not client.get(path, headers=BROWSER).is_json

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/nowhere", 404),
            ("PUT", "/login", 405),
            ("POST", "/login", 400),
            ("GET", "/analyses", 401),
        ],
    )
    def test_every_status_is_told_in_the_same_keys(self, client, method, path, status):
        answer = client.open(path, method=method, headers=JSON)

        assert answer.status_code == status
        assert answer.get_json()["status"] == status
        assert answer.get_json()["message"]


class TestRequestId:
    def test_is_the_same_in_header_and_body(self, stranger, client):
        page = stranger.get("/nowhere", status=404)
        header = stranger.response.headers["X-Request-ID"]
        answer = client.get("/nowhere", headers=JSON)

        assert NAME.fullmatch(header)
        assert header in page.text
        assert answer.get_json()["request_id"] == answer.headers["X-Request-ID"]

    def test_stands_in_the_trail(self, client):
        answer = client.post("/theme")

        row = stored()["audit_logs"].find_one({})
        assert row["request_id"] == answer.headers["X-Request-ID"]

    def test_stands_in_the_log(self, client, breaking, capsys):
        breaking(RuntimeError("inner"))
        answer = client.get("/login")

        event = json.loads(capsys.readouterr().err.splitlines()[-1])
        assert event["request_id"] == answer.headers["X-Request-ID"]

    def test_is_never_what_a_client_sent(self, client):
        sent = {"X-Request-ID": "req_0123456789abcdef"}

        assert client.get("/login", headers=sent).headers["X-Request-ID"] != sent

    def test_differs_from_request_to_request(self, client):
        names = {client.get("/login").headers["X-Request-ID"] for _ in range(20)}

        assert len(names) == 20


class TestUnhandled:
    @pytest.mark.parametrize("headers", [BROWSER, JSON, {"HX-Request": "true"}])
    def test_says_nothing_of_what_is_inside(self, client, breaking, headers):
        breaking(RuntimeError(INNER))

        answer = client.get("/login", headers=headers)
        assert answer.status_code == 500
        for inner in (
            "hunter2",
            "db.internal",
            "queue.py",
            "RuntimeError",
            "Traceback",
        ):
            assert inner not in answer.text

    def test_shows_the_cause_where_a_developer_asked_for_it(
        self, app, client, breaking, monkeypatch
    ):
        open_settings = {"ERROR_DETAILS": True}
        told = app.extensions["settings"].model_copy(update=open_settings)
        monkeypatch.setitem(app.extensions, "settings", told)
        breaking(RuntimeError("the cause"))

        assert "RuntimeError: the cause" in client.get("/login").text

    def test_leaves_the_process_working(self, client, breaking):
        breaking(RuntimeError("inner"))
        client.get("/login")

        assert client.get("/health/live").status_code == 200

    def test_before_the_view_is_answered_too(self, app, client, monkeypatch):
        def fail():
            raise RuntimeError("inner")

        monkeypatch.setitem(app.before_request_funcs, None, [fail])
        answer = client.get("/login", headers=JSON)
        assert (answer.status_code, answer.get_json()["status"]) == (500, 500)

    def test_of_the_error_page_itself_is_answered_too(self, client, monkeypatch):
        def fail(*_names, **_context):
            raise RuntimeError(INNER)

        monkeypatch.setattr(errors, "render", fail)
        answer = client.get("/nowhere")
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert answer.headers["X-Request-ID"] in answer.text
        assert "hunter2" not in answer.text


class TestDatabase:
    @pytest.mark.parametrize(
        "error", [AutoReconnect(INNER), WaitQueueTimeoutError(INNER)]
    )
    def test_that_is_away_is_503_and_says_when_to_come_back(
        self, client, breaking, error
    ):
        breaking(error)

        answer = client.get("/login")
        assert answer.status_code == 503
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "The database does not answer" in answer.text
        assert "hunter2" not in answer.text

    def test_that_refuses_is_a_fault_of_ours(self, client, breaking):
        breaking(OperationFailure(INNER))

        answer = client.get("/login")
        assert answer.status_code == 500
        assert "hunter2" not in answer.text

    def test_is_not_asked_again_by_the_page_that_says_so(
        self, app, analyst, breaking, monkeypatch
    ):
        breaking(AutoReconnect("gone"))
        page = analyst.get("/login", status=503)

        assert page.select_one("nav") is None

    def test_is_given_up_on_after_the_bound(self, app, client, monkeypatch):
        bound = app.extensions["settings"].model_copy(
            update={"DB_OPERATION_SECONDS": 0.2}
        )
        monkeypatch.setitem(app.extensions, "settings", bound)

        def view():
            while True:
                time.sleep(0.05)
                stored()["users"].find_one({})

        monkeypatch.setitem(app.view_functions, "auth.new", public(view))
        started = time.monotonic()
        assert client.get("/login").status_code == 503
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(NotAllowed("Only what waits."), 409, id="not in that state"),
        pytest.param(Changed("Somebody was faster."), 409, id="changed meanwhile"),
        pytest.param(BadCursor("x"), 400, id="no page key"),
        pytest.param(MessageLost("x"), 404, id="bytes are gone"),
    ],
)
def test_what_the_product_raises_has_its_status(client, breaking, error, status):
    breaking(error)

    answer = client.get("/login", headers=JSON)
    assert answer.status_code == status
    if status == 409:
        assert answer.get_json()["message"] == str(error)


def test_what_a_use_case_says_can_be_translated(client, breaking, monkeypatch):
    breaking(Changed("Somebody was faster."))
    monkeypatch.setattr(sentences, "translated", str.upper)

    answer = client.get("/login", headers=JSON)
    assert answer.get_json()["message"] == "SOMEBODY WAS FASTER."


def test_a_failure_is_logged_without_the_secret_in_its_path(
    app, client, monkeypatch, caplog
):
    def fail(**_):
        raise LookupError

    monkeypatch.setitem(app.view_functions, "auth.new_first", public(fail))
    client.get("/first/not-to-be-logged")

    assert "request.failed GET auth.new_first" in caplog.text
    assert "not-to-be-logged" not in caplog.text
