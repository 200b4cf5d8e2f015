"""What every answer carries, hides and refuses, whatever was asked."""

import pytest
from pymongo.errors import AutoReconnect

from dashboard.documents.connection import database as stored
from dashboard.web.access import public
from dashboard.web.headers import ALWAYS
from tests import factories
from tests.factories import HASHED, PASSWORD
from tests.walker import READS, ask, restricted, routes

JSON = {"Accept": "application/json"}
STRICT = {
    *("default-src 'none'", "script-src 'self'", "style-src 'self'"),
    *("img-src 'self' data:", "object-src 'none'", "base-uri 'none'"),
    *("frame-ancestors 'none'", "form-action 'self'"),
}
FRAMED = {"default-src 'none'", "sandbox", "frame-ancestors 'self'"}


@pytest.fixture
def mine(admin):
    return factories.submitted(admin.account)


def failing(error):
    def view():
        raise error

    return public(view)


def missing(answer):
    """The headers this answer lacks; the safe view may be framed by us alone."""
    policy = {p.strip() for p in answer.headers["Content-Security-Policy"].split(";")}
    is_framed = answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    lacking = (FRAMED if is_framed else STRICT) - policy
    lacking |= {n for n in ALWAYS if not answer.headers.get(n)}
    return lacking | ({"X-Request-ID"} - {*answer.headers.keys()})


class TestHeaders:
    def test_are_complete_on_every_route(self, app, admin, mine):
        for route in routes(app, READS, analysis_id=mine):
            assert not missing(ask(admin, route)), route

    def test_are_complete_on_every_route_a_stranger_asks_for(self, app, stranger):
        for route in routes(app, READS):
            assert not missing(ask(stranger, route)), route

    @pytest.mark.parametrize(
        ("method", "url", "options", "status"),
        [
            ("GET", "/static/dashboard.css", {}, 200),
            ("GET", "/", {"environ_overrides": {"PATH_INFO": "/health//ping"}}, 308),
            ("GET", "/analyses", {}, 303),
            ("POST", "/login", {}, 400),
            ("GET", "/login", {"base_url": "http://evil.test"}, 400),
            ("GET", "/analyses", {"headers": JSON}, 401),
            ("GET", "/nowhere", {}, 404),
            ("PUT", "/login", {}, 405),
            ("POST", "/login", {"content_length": 10**10}, 413),
        ],
    )
    def test_are_complete_for_a_stranger(self, stranger, method, url, options, status):
        answer = stranger.client.open(url, method=method, buffered=True, **options)

        assert (answer.status_code, missing(answer)) == (status, set())

    def test_are_complete_on_a_refusal(self, auditor):
        assert not missing(auditor.client.get("/analyses/new"))
        assert auditor.client.get("/analyses/new").status_code == 403

    @pytest.mark.parametrize(
        ("error", "status"),
        [(RuntimeError("inner"), 500), (AutoReconnect("inner"), 503)],
    )
    def test_are_complete_when_a_view_breaks(
        self, app, stranger, monkeypatch, error, status
    ):
        monkeypatch.setitem(app.view_functions, "auth.new", failing(error))
        answer = stranger.client.get("/login")

        assert (answer.status_code, missing(answer)) == (status, set())

    def test_are_complete_on_too_many_requests(self, app, stranger, monkeypatch):
        few = app.extensions["settings"].model_copy(update={"SIGN_IN_LIMIT": "1/hour"})
        monkeypatch.setitem(app.extensions, "settings", few)
        data = {"csrf_token": stranger.csrf()}
        answers = [stranger.client.post("/login", data=data) for _ in range(2)]

        assert answers[-1].status_code == 429
        assert not missing(answers[-1])

    def test_name_no_program_and_no_version(self, app, admin, mine):
        for route in routes(app, READS, analysis_id=mine):
            answer = ask(admin, route)
            assert not {"Server", "X-Powered-By"} & {*answer.headers.keys()}, route

    def test_keep_pages_out_of_every_cache(self, app, admin, mine):
        for route in restricted(app, *READS, analysis_id=mine):
            answer = ask(admin, route)
            assert "no-store" in answer.headers["Cache-Control"], route

    def test_give_no_other_site_an_answer(self, app, stranger):
        for origin in ("null", "https://evil.test", "http://localhost.evil.test"):
            answer = stranger.client.get("/login", headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in answer.headers


class TestSecrets:
    def test_stand_in_no_answer(self, app, admin, mine):
        with admin.client.session_transaction() as session:
            secret = session["sid"]
        row = stored()["persistent_sessions"].find_one({})
        settings = app.extensions["settings"]
        hidden = [secret, row["session_id"], HASHED, "$argon2", "hashed_password"]
        hidden += [settings.SECRET_KEY.get_secret_value(), "mongodb://", PASSWORD]
        for route in routes(app, READS, analysis_id=mine):
            text = ask(admin, route).text
            assert not [found for found in hidden if found in text], route

    def test_are_stored_in_no_readable_form(self, app, stranger):
        factories.account("analyst", username="ada")
        factories.sign_in(stranger, "ada")
        with stranger.client.session_transaction() as session:
            secrets = {session["sid"], PASSWORD}
        names = stored().list_collection_names()
        dump = "".join(str(list(stored()[name].find({}))) for name in names)

        assert not [secret for secret in secrets if secret in dump]


class TestCookie:
    def test_is_for_this_host_over_tls_and_no_script(self, stranger):
        cookie = stranger.client.get("/login").headers["Set-Cookie"]

        assert cookie.startswith("__Host-phishnet=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(
            cookie.split("; ")
        )
        assert "Domain=" not in cookie

    def test_forged_with_another_key_signs_nobody_in(self, app, stranger):
        stranger.client.set_cookie("__Host-phishnet", "eyJzaWQiOiJ4In0.aZ.forged")

        stranger.get("/analyses", status=303)


class TestHost:
    @pytest.mark.parametrize(
        "host",
        ["evil.test", "", "localhost,evil.test", "localhost evil", "localhost@x"],
    )
    def test_that_is_not_ours_is_refused(self, stranger, host):
        for url in ("/login", "/analyses", "/health/live", "/nowhere"):
            answer = stranger.client.get(url, environ_overrides={"HTTP_HOST": host})
            assert answer.status_code == 400, url

    def test_from_a_proxy_nobody_trusts_is_ignored(self, stranger):
        sent = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https"}
        answer = stranger.client.get("/analyses", headers=sent)

        assert "evil" not in answer.location

    def test_address_from_a_proxy_nobody_trusts_is_ignored(self, stranger):
        sent = {"X-Forwarded-For": "203.0.113.9"}
        stranger.client.post("/theme", headers=sent)

        assert stored()["audit_logs"].find_one({})["ip_address"] == "127.0.0.1"

    @pytest.mark.parametrize(
        "path",
        [
            *("/.git/HEAD", "/.git/config", "/.env", "/console", "/static/"),
            *("/static/../dashboard/config.py", "/static/..%2fwsgi.py"),
            *("/static/%2e%2e/wsgi.py", "/static//etc/passwd", "/static/..\\wsgi.py"),
            *("/static/vendor/", "/static/dashboard.css.map", "/wsgi.py"),
            *("/var/phishnet.env", "/metrics", "/server-status", "/swagger.json"),
        ],
    )
    def test_hands_out_no_file_that_is_not_a_page(self, stranger, path):
        answer = stranger.client.get(path, follow_redirects=True)

        assert answer.status_code == 404
