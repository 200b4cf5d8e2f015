"""Hostile messages, examined for real, on every page that shows them."""

import io
import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.domain.context import Context
from dashboard.services import examinations
from tests import factories
from tests.walker import READS, WRITES, ask, restricted, routes

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '"></bdi></script><script src=x></script><img src=x onerror=alert(1)>'
SUBJECTS = (SCRIPT, BREAKOUT, "{{7*191}}", "\u2028</b>")
TURNS = ("\u202e", "\u2066", "\u200b")  # marks that turn text around, or hide
MARK = "Wombat7"
MARKED = {
    "From": f"{MARK} <{MARK}@evil.test>",
    "To": f"{MARK}@example.org",
    "Reply_To": f"{MARK}@gmail.com",
    "body": f"Urgent: {MARK} https://{MARK}.test/{MARK}",
}
FRAMED = "default-src 'none'; sandbox; frame-ancestors 'self'"
BODIES = {
    "data svg": '<svg><use href="dAta:image/s\tvg+xml;base64,PHN2Zz4=#x"></use></svg>',
    "animation": "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "style end": "<svg><style><//><body onload=alert(1)></style></svg>",
    "image map": '<map><area href="javascript:alert(1)" shape=default></map>',
    "embed": '<embed src="data:image/svg+xml,<svg onload=alert(1)>"><object data=x>',
    "namespace": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "base": '<base href="https://evil.test/"><meta http-equiv=refresh content="0;//e">',
    "frames": '<iframe srcdoc="<script>alert(1)</script>"><iframe src=//evil.test>',
    "scripts": "<script src=//evil.test/x.js></script><noscript><p title='</p>'>",
    "handlers": "<img src=x onerror=alert(1)><details ontoggle=alert(1) open>x",
    "htmx": '<div hx-get="/logout" hx-trigger=load data-hx-post="/x" hx-on:load=x>a',
    "hyperscript": '<div _="on load call alert(1)" hx-swap-oob="true" id="nav">b</div>',
    "pictures": '<img src="http://evil.test/t.gif"><img srcset="//evil.test/a 2x">',
    "styles": '<style>@import "//evil.test/a.css";</style><p style="src:url(//e)">',
    "links": "<link rel=stylesheet href=//evil.test><link rel=dns-prefetch href=//e>",
    "media": "<video poster=//evil.test/p src=//evil.test/v></video><audio src=//e>",
    "clobber": "<form id=csrf name=body class=modal action=//e><input name=password>",
    "link": '<a href="javascript:alert(1)">a</a><a href="java\tscript:alert(1)">b</a>'
    '<a href="data:text/html,x">c</a><a href="vbscript:x">d</a>',
    "chart": "</script><script>alert(1)</script>\u2028&#8232;",
}
BAD_HEADERS = {
    "From": f'"{SCRIPT}" <{SCRIPT}@evil.test>',
    "To": f'"{BREAKOUT}" <a@example.org>',
    "Reply-To": f'"{SCRIPT}" <b@evil.test>',
    "Message-ID": f"<{SCRIPT}@x>",
    "Date": SCRIPT,
    "X-Mailer": BREAKOUT,
    "List-Unsubscribe": "<javascript:alert(1)>",
    "Received": f"from {SCRIPT} by mx; Fri, 20 Nov 2026 10:00:00 +0000",
    "Authentication-Results": f"mx; spf=pass smtp.mailfrom={SCRIPT}",
    "Content-Type": 'multipart/mixed; boundary="b"',
}
ACTIVE = (
    *("script:not([src^='/static/'])", "base", "object", "embed", "style", "math"),
    *("main [onerror]", "[onload]", "[onbegin]", "[style]", "frame", "applet"),
    *("iframe:not([sandbox=''])", "[href^='javascript']", "[href^='data']"),
    *(
        "[href^='vbscript']",
        "a[href*='evil']:not([href^='/indicators/find?'])",
        "[src*='evil']",
        "[srcset]",
    ),
    *("[hx-on]", "form[action*='//']", "meta[http-equiv]", "[srcdoc]", "[_]"),
)


def message(body, subject=SCRIPT, **headers):
    fields = {**BAD_HEADERS, "Subject": subject, **headers}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    html = ["--b", "Content-Type: text/html; charset=utf-8", "", body]
    file = ["--b", f'Content-Type: text/html; name="{SCRIPT}.html"']
    file += [f'Content-Disposition: attachment; filename="{SCRIPT}.html"', "", SCRIPT]
    return "\r\n".join([*lines, "", *html, *file, "--b--", ""]).encode()


def examined(owner, raw, **fields):
    """A message that went the whole way through the worker; the id of its analysis."""
    identity = factories.submitted(owner, raw, **fields)
    job = stored()["analysis_jobs"].find_one({"analysis_id": ObjectId(identity)})
    examinations.run(str(job["_id"]), "task", Context())
    row = stored()["email_analyses"].find_one({"_id": ObjectId(identity)})
    assert row["status"] == "done"
    return identity


def active(text):
    """What in a page would load, run or lead away."""
    page = BeautifulSoup(text, "html5lib")
    return [str(found)[:80] for found in page.select(", ".join(ACTIVE))]


def pages(app, browser, *identities):
    """Every address that answers with HTML about these analyses.

    What shows all of them, or none, is asked for once.
    """
    walk = [r for known in identities for r in routes(app, READS, analysis_id=known)]
    for route in dict.fromkeys(walk):
        for headers in ({}, {"HX-Request": "true"}):
            answer = ask(browser, route, headers=headers)
            assert answer.status_code < 500, route
            if answer.mimetype == "text/html" and answer.status_code == 200:
                yield route, answer


@pytest.fixture
def by(analyst, monkeypatch):
    """Examines a message of this analyst, however busy the machine is."""
    monkeypatch.setattr(examinations, "STEP_SECONDS", 60)
    return lambda raw, **fields: examined(analyst.account, raw, **fields)


@pytest.fixture
def bodies(by):
    """Every hostile body in a message of its own; their names by their analyses."""
    named = {by(message(BODIES[name]), name=f"{SCRIPT}.eml"): name for name in BODIES}
    assert len(named) == len(BODIES)
    return named


@pytest.fixture
def told(analyst, by):
    """Whatever people write, written as an attack; the subjects by their analyses."""
    stored()["users"].update_many({}, {"$set": {"full_name": SCRIPT}})
    subjects = [*SUBJECTS, *(f"invoice{turn}fdp.exe" for turn in TURNS)]
    named = {by(message("<p>x</p>", s), name=f"{SCRIPT}.eml"): s for s in subjects}
    said = {"verdict": "phishing", "note": SCRIPT + "{{7*191}}", "version": "1"}
    for identity in named:
        analyst.post(f"/analyses/{identity}/verdict", data=said)
    return named


class TestPages:
    def test_run_and_load_nothing_of_a_body(self, app, analyst, bodies):
        walked = set()
        for route, answer in pages(app, analyst, *bodies):
            of = [name for identity, name in bodies.items() if identity in route.url]
            assert not active(answer.text), (route, of)
            walked |= {*of}

        assert walked == set(BODIES)

    def test_show_headers_names_files_and_notes_as_text(self, app, analyst, told):
        shown = dict.fromkeys(told, "")
        for route, answer in pages(app, analyst, *told):
            assert SCRIPT not in answer.text, route
            assert "1337" not in answer.text, route
            text = BeautifulSoup(answer.text, "html5lib").get_text()
            turned = [turn for turn in TURNS if f"invoice{turn}fdp" in text]
            assert not turned, route
            shown |= {i: shown[i] + text for i in told if i in route.url}

        for identity, subject in told.items():
            if subject in SUBJECTS:
                assert subject.strip("\u2028") in shown[identity]

    def test_make_no_link_of_what_a_sender_wrote(self, app, analyst, by):
        body = (
            '<a href="https://evil.test/in">https://bank.test</a> https://evil.test/t'
        )
        identity = by(message(body))

        for route, answer in pages(app, analyst, identity):
            page = BeautifulSoup(answer.text, "html5lib")
            led = [a["href"] for a in page.select("a[href]")]
            assert not [to for to in led if re.match(r"\w+:|//", to)], route

    def test_show_what_others_wrote_only_where_htmx_is_off(self, app, analyst, by):
        identity = by(factories.eml(MARK, **MARKED), name=f"{MARK}.eml")
        said = {"verdict": "phishing", "note": MARK, "version": "1"}
        analyst.post(f"/analyses/{identity}/verdict", data=said)
        files = {"messages": (io.BytesIO(b"MZ"), f"{MARK}.exe")}
        refused = analyst.post("/analyses", status=422, data=files)
        found = [*refused.find_all(string=re.compile(MARK))]
        for _, answer in pages(app, analyst, identity):
            if answer.headers["X-Frame-Options"] == "DENY":
                page = BeautifulSoup(answer.text, "html5lib")
                found += page.body.find_all(string=re.compile(MARK))

        assert len(found) > 20
        for text in found:
            assert text.find_parent(attrs={"hx-disable": True}), text.parent

    def test_need_no_inline_code(self, app, analyst, by):
        identity = by(message("<p>x</p>"))
        for route, answer in pages(app, analyst, identity):
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy, route
            assert "default-src 'none'" in policy, route


class TestSafeView:
    def test_keeps_no_attribute_and_nothing_active(self, analyst, bodies):
        for identity, name in bodies.items():
            answer = analyst.client.get(f"/analyses/{identity}/safe")

            page = BeautifulSoup(answer.text, "html5lib")
            with_any = [e for e in page.body.find_all(True) if e.attrs]
            assert not with_any, name
            assert not active(answer.text), name

    def test_stands_behind_a_policy_that_allows_nothing(self, analyst, by):
        identity = by(message(BODIES["handlers"]))
        answer = analyst.client.get(f"/analyses/{identity}/safe")

        assert answer.headers["Content-Security-Policy"] == FRAMED
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_is_framed_by_its_address_in_a_sandbox_that_allows_nothing(
        self, app, analyst, by
    ):
        identity = by(message(BODIES["handlers"]))
        frames = [
            frame
            for _, answer in pages(app, analyst, identity)
            for frame in BeautifulSoup(answer.text, "html5lib").select("iframe")
        ]

        assert frames
        for frame in frames:
            assert not frame["sandbox"]
            assert frame["src"].startswith(f"/analyses/{identity}/")

    def test_is_the_only_answer_that_may_be_framed(self, app, analyst, by):
        identity = by(message("<p>x</p>"))
        framed = {
            route.endpoint
            for route in routes(app, READS, analysis_id=identity)
            if "frame-ancestors 'self'"
            in ask(analyst, route).headers["Content-Security-Policy"]
        }

        assert framed == {"analyses.safe"}


class TestDownloads:
    def sent(self, app, browser, identity):
        """Every answer that is saved to a file."""
        shas = [row["_id"] for row in stored()["attachment_archives"].find({})]
        for sha256 in shas:
            known = {"analysis_id": identity, "sha256": sha256}
            for route in restricted(app, *READS, *WRITES, **known):
                data = {"csrf_token": browser.csrf()} if route.method != "GET" else {}
                if "sha256" in route.arguments or route.endpoint.startswith(
                    "analyses.download"
                ):
                    yield route, ask(browser, route, data=data)

    @pytest.mark.parametrize(
        "name", [SCRIPT, 'a"\r\n X: y', "../../etc/passwd", "é" * 99]
    )
    def test_are_saved_and_never_opened(self, app, analyst, by, name):
        disposition = f"attachment; filename*=utf-8''{quote(name, safe='')}"
        raw = message("<p>x</p>").replace(
            f'attachment; filename="{SCRIPT}.html"'.encode(), disposition.encode()
        )
        answers = list(self.sent(app, analyst, by(raw, name=name)))

        assert answers
        for route, answer in answers:
            assert answer.status_code == 200, route
            saved = answer.headers["Content-Disposition"]
            assert saved.startswith("attachment"), route
            assert re.fullmatch(r"[\w.\-=;\" ]+", saved), route
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"], route
            assert answer.mimetype in {"application/zip", "application/json"}, route

    def test_of_attachments_are_sealed(self, app, analyst, by):
        for route, answer in self.sent(app, analyst, by(message("<p>x</p>"))):
            if answer.mimetype == "application/zip":
                assert SCRIPT.encode() not in answer.data, route
                assert answer.data[:2] == b"PK", route
                assert answer.data[6] & 1, route  # the flag of an encrypted entry
