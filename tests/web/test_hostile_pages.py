"""Hostile messages through the real engine: every page shows them as text."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.web import hostile
from tests.web.examined import examined

every = pytest.mark.parametrize("raw", hostile.EVERY.values(), ids=hostile.EVERY)
HANDLER = re.compile(r"^(on|hx-on|_$)")
OURS = re.compile(r"^(/(?!/)|#)")


def addresses(browser, raw):
    """Every page that shows something of the message."""
    url = f"/analyses/{examined(browser.account, raw)}"
    return [url, "/analyses", "/analyses?q=evil", f"{url}/safe"]


def attributes(page):
    return [(tag, name) for tag in page.find_all(True) for name in tag.attrs]


def check_that_nothing_runs(page, url):
    """XSS-01, XSS-02, XSS-10, XSS-12: no script, no handler, nothing embedded."""
    scripts = page.select("script")
    assert all(script["src"].startswith("/static/") for script in scripts), url
    assert not page.select("embed, object, base, math, meta[http-equiv], area"), url
    assert not [n for _, n in attributes(page) if HANDLER.match(n)], url
    assert all(not frame.get("srcdoc") for frame in page.select("iframe")), url


def check_that_nothing_leads_away(page, url):
    """XSS-04, XSS-09: every address on the page is one of ours."""
    for tag in page.find_all(True):
        for name in ("href", "src", "action", "srcset", "poster", "ping"):
            if name in tag.attrs:
                assert OURS.match(tag[name]), (url, tag)
    assert not re.search(r"https?://evil\.test", page.text), url


def check_policy(policy, url):
    """XSS-12: no page relaxes it because of what it shows."""
    assert "unsafe" not in policy, url
    assert "default-src 'none'" in policy, url
    if not url.endswith("/safe"):
        for rule in ("object-src 'none'", "base-uri 'none'", "script-src 'self'"):
            assert rule in policy, url


def check_structure_alone(body):
    """XSS-02, XSS-04, XSS-05: no attribute of any element survives."""
    page = BeautifulSoup(body, "html5lib")
    left = [(t.name, name) for t, name in attributes(page) if t.name != "meta"]
    assert not left
    assert not page.select("form, input, img, svg, a, link, style, iframe, video")


@every
def test_every_page_runs_nothing_leads_nowhere_and_keeps_its_policy(analyst, raw):
    """XSS-09: what turns text around is written out as well."""
    for url in addresses(analyst, raw):
        page = analyst.get(url)

        check_that_nothing_runs(page, url)
        check_that_nothing_leads_away(page, url)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", _body(analyst)), url
        check_policy(analyst.response.headers["Content-Security-Policy"], url)
    assert url.endswith("/safe")
    check_structure_alone(_body(analyst))


def _body(browser):
    return browser.response.get_data().decode()


def _fresh(browser, raw):
    return browser.get(f"/analyses/{examined(browser.account, raw)}")


class TestReceipt:
    def test_shows_markup_literally(self, analyst):
        """XSS-01: the text of the attack is there to be read."""
        page = _fresh(analyst, hostile.headers(hostile.SCRIPT))

        assert hostile.SCRIPT in page.select_one("h1").text
        assert hostile.SCRIPT in page.select_one("#p-text").text
        assert page.select_one("#p-headers").text.count(hostile.SCRIPT) >= 6

    def test_shows_template_expressions_literally(self, analyst):
        """SSTI-01."""
        page = _fresh(analyst, hostile.headers(hostile.TEMPLATE))

        assert hostile.TEMPLATE in page.select_one("h1").text
        assert "49" not in page.select_one("h1").text

    def test_takes_no_attribute_of_htmx_from_a_message(self, analyst):
        """XSS-03: and where one came in, it would be dead."""
        page = _fresh(analyst, hostile.html(hostile.HTMX))

        asking = page.select("[hx-get], [hx-post], [data-hx-post], [hx-trigger]")
        assert [tag["action"] for tag in asking] == [tag["hx-post"] for tag in asking]
        assert all(tag["hx-post"].endswith("/verdict") for tag in asking)
        assert page.select_one(".pn-msg").has_attr("hx-disable")

    def test_takes_no_id_name_class_or_form_from_a_message(self, analyst):
        """XSS-05: ids are unique (the browser checks) and forms go to us."""
        page = _fresh(analyst, hostile.html(hostile.CLOBBER))

        assert len(page.select("#receipt")) == 1
        assert not page.select("[name=password], .modal, #csrf")
        assert "Sign in" not in page.select_one("h1").text

    def test_shows_hostile_targets_as_dead_text(self, analyst):
        """XSS-09: javascript:, vbscript: and data: are named and cannot be opened."""
        links = _fresh(analyst, hostile.html(hostile.ACTIVE)).select_one("#p-links")

        assert not links.select("a")
        for scheme in ("javascript[:]", "vbscript[:]", "data[:]"):
            assert scheme in links.text

    def test_writes_out_what_would_turn_text_around(self, analyst):
        """XSS-09."""
        page = _fresh(analyst, hostile.headers(hostile.DISGUISE))

        assert "invoice[U+202E]fdp.exe pay[U+200B]pal" in page.select_one("h1").text
        assert "[U+202E]" in page.select_one("#p-text").text

    def test_shows_foreign_letters_in_ascii_too(self, analyst):
        """XSS-09: a homograph is told from the name it imitates."""
        raw = hostile.html('<a href="http://\u0440\u0430ypal.com/x">PayPal</a>')

        page = _fresh(analyst, raw)

        assert "hxxp://xn--ypal-43d9g[.]com/x" in page.select_one("#p-links").text

    def test_shows_the_name_of_a_file_as_text(self, analyst):
        """XSS-01, XSS-06."""
        page = _fresh(analyst, hostile.EVERY["hostile attachment name"])

        assert "<img src=x onerror=alert(16)>" in page.select_one("#p-files").text


class TestEcho:
    @pytest.mark.parametrize(
        "path",
        [
            "/analyses/1.json<img src=x onerror=alert(1)>",
            "/<script>alert(1)</script>",
            "/analyses?q=<script>alert(1)</script>",
            "/analyses?sort=<script>alert(1)</script>",
            "/analyses?signal=<script>alert(1)</script>",
            "/analyses?after=<script>alert(1)</script>",
        ],
    )
    def test_of_an_address_is_escaped(self, analyst, path):
        """XSS-07: pages, refusals and errors."""
        response = analyst.client.get(path)

        assert response.status_code in (200, 400, 404)
        page = BeautifulSoup(response.text, "html5lib")
        assert all(script.get("src") for script in page.select("script"))
        assert not page.select("[onerror], img")

    def test_of_a_reader_is_escaped(self, app, database):
        """XSS-08: the name of an account stands on every page."""
        browser = hostile.factories.signed_in(app, "analyst", full_name=hostile.SCRIPT)

        page = browser.get("/analyses")

        assert hostile.SCRIPT in page.text
        assert all(script.get("src") for script in page.select("script"))

    def test_of_a_note_is_escaped(self, analyst):
        """XSS-08: what an analyst types is text too."""
        url = f"/analyses/{examined(analyst.account)}"
        data = {"verdict": "unsure", "note": hostile.BREAKOUT, "version": 1}
        analyst.post(f"{url}/verdict", data={**data, "category": ""})

        page = analyst.get(url)

        assert "</script><script>alert(2)" in page.select_one(".pn-note").text
        assert all(script.get("src") for script in page.select("script"))
