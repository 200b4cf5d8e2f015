"""What senders and strangers write stays text: in queries, pages, headers and logs."""

import json
import logging
from io import BytesIO

import pytest

from dashboard.documents.analysis import Analysis, facets_of
from dashboard.documents.connection import database as stored
from dashboard.logs import line_of
from dashboard.web.access import public
from tests import factories
from tests.factories import PASSWORD
from tests.walker import READS, WRITES, ask, restricted, routes

SCRIPT = "<img src=x onerror=alert(1)>"
TEMPLATE = "{{7*191}}{% raw %}${7*191}#{7*191}<%= 7*191 %>"
ASKED = (
    *("q", "level", "verdict", "status", "sender", "domain", "signal", "from", "to"),
    *("since", "until", "after", "before", "page", "limit", "sort", "owner", "next"),
    *("tab", "run", "compare", "part", "size", "view"),
)
OPERATORS = [
    {"status[$gt]": ""},
    {"q[$ne]": "x", "email[$ne]": "x"},
    {"filter": '{"$where": "sleep(5000)"}'},
    {"username__ne": "zz", "hashed_password__regex": "^.argon2"},
    {"order_by": "-hashed_password", "sort": "-hashed_password"},
    {"fields": "hashed_password", "only": "hashed_password"},
    {"__raw__": '{"$where": "1"}'},
    *(dict.fromkeys(ASKED, '{"$gt": ""}') for _ in (1,)),
]
PATTERNS = ["^(a+)+$", ".*", "(", "[", "\\", "a" * 10_000, "$where", "\x00", "\ud7ff"]
BOUNDS = ("1e18", "-1", "0", "9" * 30, "NaN", "%00", "AAAA", "é", "A" * 27)


@pytest.fixture
def mine(admin):
    return factories.submitted(admin.account)


def asking_each(app, browser, query, **known):
    for route in routes(app, READS, **known):
        yield route, ask(browser, route, query_string=query)


class TestQueries:
    @pytest.mark.parametrize("query", OPERATORS, ids=lambda query: min(query))
    def test_never_take_an_operator_from_an_address(self, app, admin, mine, query):
        for route, answer in asking_each(app, admin, query, analysis_id=mine):
            assert answer.status_code < 500, route
            assert "argon2" not in answer.text, route

    @pytest.mark.parametrize("words", PATTERNS, ids=lambda words: ascii(words[:8]))
    def test_take_no_pattern_from_a_search(self, app, admin, mine, words):
        for route, answer in asking_each(app, admin, {"q": words}, analysis_id=mine):
            assert answer.status_code in {200, 303, 400, 404, 503}, route

    @pytest.mark.parametrize("name", ["page", "limit", "after", "top", "run", "until"])
    def test_are_bounded_whatever_is_asked_for(self, admin, mine, name):
        for value in BOUNDS:
            for path in ("/analyses", f"/analyses/{mine}"):
                answer = admin.client.get(path, query_string={name: value})
                assert answer.status_code in {200, 400, 404}, value

    @pytest.mark.parametrize(
        "name", ["username__ne", "__raw__", "status[$gt]", "order_by", "fields", "Q"]
    )
    def test_refuse_names_that_no_list_has(self, admin, name):
        assert (
            admin.client.get("/analyses", query_string={name: "x"}).status_code == 400
        )

    @pytest.mark.parametrize("name", ["level", "verdict", "status", "decided", "since"])
    @pytest.mark.parametrize("value", ['{"$gt":""}', "nonsense", "safe,low", "$ne"])
    def test_refuse_values_that_no_list_has(self, admin, name, value):
        answer = admin.client.get("/analyses", query_string={name: value})

        assert answer.status_code == 400

    @pytest.mark.parametrize("words", ["lu.ch", "l..ch", "lunc[h]", "lun", "unch"])
    def test_search_whole_words_and_no_patterns(self, admin, words):
        factories.examined(subject="Lunch on Friday")
        found, plain = (
            admin.get("/analyses", query_string={"q": asked}).select("tr[id^='a-']")
            for asked in (words, "LUNCH")
        )

        assert (len(found), len(plain)) == (0, 1)

    def test_never_widen_what_a_viewer_sees(self, app, viewer, mine):
        for query in OPERATORS:
            page = viewer.client.get("/analyses", query_string=query)
            assert mine not in page.text

    @pytest.mark.parametrize(
        "login", ['{"$ne": ""}', "[$ne]", "' || '1'=='1", "^ada", "*", "\x00", "a@$ne"]
    )
    def test_of_the_sign_in_compare_the_name_as_it_is(self, stranger, login):
        factories.account("analyst", username="ada")

        stranger.post("/login", status=422, data={"login": login, "password": PASSWORD})
        assert failures() == 1

    @pytest.mark.parametrize(
        "form",
        [{"login[$ne]": "", "password[$ne]": ""}, {"login": ["a", "b"]}, {}],
        ids=["operators", "arrays", "nothing"],
    )
    def test_of_the_sign_in_need_a_name_and_a_password(self, stranger, form):
        factories.account("analyst", username="ada")

        stranger.post("/login", status=422, data=form)
        stranger.get("/analyses", status=303)
        assert failures() == 1

    @pytest.mark.parametrize("login", [{"$ne": ""}, ["ada"], 1, None, True])
    def test_of_the_sign_in_take_no_json(self, stranger, login):
        factories.account("analyst", username="ada")
        sent = {"login": login, "password": {"$ne": ""}}
        answer = stranger.client.post(
            "/login", json=sent, headers={"X-CSRFToken": stranger.csrf()}
        )

        assert answer.status_code == 422
        assert failures() == 1

    def test_of_the_sign_in_take_json_without_a_token_no_better(self, stranger):
        answer = stranger.client.post("/login", json={"login": {"$ne": ""}})

        assert answer.status_code == 400
        assert stored()["audit_logs"].count_documents({}) == 1


def failures():
    action = "session:sign-in:failure"
    return stored()["audit_logs"].count_documents({"action": action})


class TestStoredKeys:
    @pytest.mark.parametrize(
        "value", ['{"$where": 1, "a.b": 2}', "a.b", "\x00", "\ud7ff", "[" * 5000, "💥"]
    )
    def test_are_never_what_somebody_wrote(self, app, admin, mine, value):
        fields = dict.fromkeys((*ASKED, "note", "verdict", "category", "theme"), value)
        for route in restricted(app, *WRITES, analysis_id=mine):
            if route.endpoint != "auth.delete":
                data = {"csrf_token": admin.csrf(), **fields}
                answer = ask(admin, route, data=data)
                assert answer.status_code < 500, route

    def test_facets_keep_what_a_sender_wrote_as_values(self):
        row = {"status": "done", "user_id": "1", "subject": "$where a.b", "sender": "$"}

        assert {"t:where"} <= set(facets_of(row))
        assert all(isinstance(facet, str) for facet in facets_of(row))

    @pytest.mark.parametrize("name", ["a\x00b", "$where.eml", "a.b.c", "x" * 5000])
    def test_are_not_made_of_file_names(self, admin, name):
        upload(admin, name)

        stored_name = stored()["email_analyses"].find_one({})["file_name"]
        assert len(stored_name) <= 200


def upload(browser, name, raw=None):
    files = {"messages": (BytesIO(raw or factories.eml()), name)}
    browser.post("/analyses", data=files)
    return browser.response.location


class TestPages:
    def test_escape_what_an_address_holds(self, app, admin, mine):
        query = dict.fromkeys(ASKED, SCRIPT)
        for route, answer in asking_each(app, admin, query, analysis_id=mine):
            assert SCRIPT not in answer.text, route

    def test_show_what_was_searched_for_as_it_was_written(self, admin):
        words = "<script>alert(1)</script>"
        page = admin.get("/analyses", query_string={"q": words})

        assert words in [field.get("value") for field in page.select("input[name=q]")]
        assert words not in admin.response.text

    @pytest.mark.parametrize(
        "path", [f"/analyses/1.json{SCRIPT}", f"/{SCRIPT}", f"/first/{SCRIPT}"]
    )
    def test_escape_what_no_page_answers_to(self, admin, path):
        for headers in ({}, {"HX-Request": "true"}):
            answer = admin.client.get(path, headers=headers)
            assert answer.status_code == 404
            assert SCRIPT not in answer.text

    def test_that_break_say_nothing_of_what_was_asked(self, app, admin, monkeypatch):
        def view():
            raise RuntimeError(SCRIPT)

        monkeypatch.setitem(app.view_functions, "auth.new", public(view))
        answer = admin.client.get("/login", query_string={"q": SCRIPT})
        assert answer.status_code == 500
        assert "onerror" not in answer.text

    @pytest.mark.parametrize("hostile", [SCRIPT, TEMPLATE], ids=["html", "template"])
    def test_show_stored_text_as_it_was_written(self, app, admin, hostile):
        row = Analysis.visible(factories.submitted(admin.account), admin.account)
        names = (
            "subject",
            "sender",
            "sender_name",
            "recipient",
            "file_name",
            "failure",
        )
        fields = dict.fromkeys(names, f"{hostile}@example.net")
        stored()["email_analyses"].update_one({"_id": row["_id"]}, {"$set": fields})
        stored()["users"].update_many({}, {"$set": {"full_name": hostile}})

        for route in routes(app, READS, analysis_id=str(row["_id"])):
            text = ask(admin, route).text
            assert SCRIPT not in text, route
            assert "1337" not in text, route

    def test_show_what_was_typed_into_a_form_as_it_was_written(self, stranger):
        sent = {"login": TEMPLATE + SCRIPT, "password": "wrong"}

        page = stranger.post("/login", status=422, data=sent)
        assert page.select_one("[name=login]")["value"] == TEMPLATE + SCRIPT
        assert "1337" not in page.text
        assert not page.select("main img")


class TestHeaders:
    @pytest.mark.parametrize(
        "name", ['a"\r\nX-Evil: y.eml', "../../etc/passwd", "\u202egpj.eml", "é" * 2000]
    )
    def test_never_hold_what_a_file_was_called(self, app, admin, name):
        url = upload(admin, name)
        known = url.rsplit("/", 1)[-1]

        for route in routes(app, READS, analysis_id=known):
            headers = ask(admin, route).headers
            assert "X-Evil" not in headers, route
            sent = headers.get("Content-Disposition", "")
            assert ".." not in sent, route
            assert sent.isascii(), route

    @pytest.mark.parametrize("split", ["%0d%0aX-Evil:%20y", "\\r\\nX-Evil: y", "%0aX"])
    def test_never_hold_a_line_of_an_address(self, app, stranger, split):
        for route in restricted(app, *READS):
            answer = stranger.client.get(f"{route.url}?next={split}&q={split}")
            assert "X-Evil" not in answer.headers, route
            assert "\n" not in answer.headers.get("Location", ""), route


class TestLogs:
    HOSTILE = '/login\r\n{"level":"INFO","message":"all is well"}\x1b[2J\u2028end'

    def event(self, **extra):
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "%s", (self.HOSTILE,), None
        )
        record.__dict__.update(extra)
        return line_of(record)

    def test_are_one_json_object_a_line(self):
        line = self.event()

        assert line.isprintable()
        assert line.isascii()
        assert json.loads(line)["message"] == self.HOSTILE

    def test_hold_a_whole_failure_in_that_line(self):
        try:
            raise ValueError(self.HOSTILE)
        except ValueError as error:
            line = self.event(exc_info=(type(error), error, error.__traceback__))

        assert line.isprintable()
        assert "Traceback" in json.loads(line)["error"]

    def test_of_a_failed_request_are_one_line_each(
        self, app, stranger, monkeypatch, capsys
    ):
        monkeypatch.setitem(
            app.view_functions, "auth.new_first", public(lambda **_: 1 / 0)
        )
        path = "/first/%0d%0a%7B%22level%22:%22INFO%22%7D%1b[2J"
        agent = 'x {"level":"INFO"} \x1b[2J'
        answer = stranger.client.get(path, headers={"User-Agent": agent})

        lines = capsys.readouterr().err.splitlines()
        events = [json.loads(line) for line in lines]
        assert [event["level"] for event in events] == ["ERROR"]
        assert events[0]["request_id"] == answer.headers["X-Request-ID"]

    def test_of_the_trail_keep_hostile_names_as_one_value(self, stranger):
        stranger.post(
            "/login", status=422, data={"login": self.HOSTILE, "password": "x"}
        )

        row = stored()["audit_logs"].find_one({"action": "session:sign-in:failure"})
        assert set(row) >= {"actor", "action", "timestamp"}
        assert "level" not in row
