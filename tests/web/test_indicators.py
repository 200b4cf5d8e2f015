"""Pages of threat indicators: defanged, filtered, and safe from two tabs at once."""

import socket

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.indicator import Indicator
from dashboard.domain.indicators import Kind, Threat, normalised
from dashboard.services import indicators
from dashboard.services.audit import Actor
from dashboard.services.indicators import Told
from tests import factories
from tests.domain.detectors.mail import linked
from tests.web import examined as engine

TYPED = {
    "indicator": "hxxps[:]//login[.]evil[.]test/a",
    "indicator_type": "",
    "threat_type": "phishing",
    "threat_level": "high",
    "confidence_score": "0.9",
    "source": "Partner list",
    "tags": "Bank, call-back",
    "description": "Seen <b>twice</b>.",
    "notes": "registrar: Example Names",
}


def add(value="evil.test", kind=Kind.DOMAIN, level="high", **told):
    said = {"threat": Threat.PHISHING, "level": level, "confidence": 0.9}
    said |= {"source": "desk", **told}
    said["level"] = indicators.Level(level)
    spelled = normalised(kind, value)
    return str(indicators.add(kind, spelled, Told(**said), Actor("desk")))


def shown(page):
    return [link["title"] for link in page.select("tbody a.pn-open")]


def only():
    rows = list(stored()["threat_intelligence"].find({}))
    assert len(rows) == 1
    return rows[0]


class TestAdding:
    def test_stores_the_plain_form_and_shows_the_defanged_one(self, analyst):
        analyst.post("/indicators", data=TYPED)

        page = analyst.get(analyst.response.location)
        assert only()["indicator"] == "https://login.evil.test/a"
        assert "hxxps://login.evil[.]test/a" in page.text
        assert "https://login.evil.test" not in str(page)

    def test_keeps_everything_that_was_said(self, analyst):
        analyst.post("/indicators", data=TYPED)

        row = only()
        assert (row["threat_level"], row["confidence_score"]) == ("high", 0.9)
        assert (row["source"], row["tags"]) == ("Partner list", ["bank", "call-back"])
        assert row["metadata"] == {"registrar": "Example Names"}
        page = analyst.get(analyst.response.location)
        assert "Seen <b>twice</b>." in page.text
        assert not page.select(".pn-note b")

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("confidence_score", "1.5"),
            ("confidence_score", "banana"),
            ("confidence_score", "nan"),
            ("confidence_score", "-0.1"),
            ("threat_level", "terrible"),
            ("threat_type", "unrated"),
            ("indicator", "nonsense"),
            ("indicator", "javascript:alert(1)"),
            ("indicator_type", "registry"),
            ("source", "Analysis"),
            ("source", "…"),
            ("tags", ",".join(map(str, range(21)))),
            ("notes", "no colon"),
            ("notes", "$where: 1"),
        ],
    )
    def test_refuses_what_is_out_of_range(self, analyst, field, typed):
        page = analyst.post("/indicators", status=422, data={**TYPED, field: typed})

        assert page.select(".pn-error")
        assert not list(stored()["threat_intelligence"].find({}))
        kept = page.select_one("#description")
        assert "Seen <b>twice</b>." in kept.text

    def test_again_keeps_what_was_typed_and_leads_to_what_is_known(self, analyst):
        known = add("login.evil.test")
        again = {**TYPED, "indicator": "LOGIN.evil(dot)test."}
        page = analyst.post("/indicators", status=409, data=again)

        assert page.select_one(f'a[href="/indicators/{known}"]')
        assert page.select_one("#indicator")["value"] == "LOGIN.evil(dot)test."
        assert len(list(stored()["threat_intelligence"].find({}))) == 1

    def test_is_for_those_who_may(self, viewer, auditor):
        for browser in (viewer, auditor):
            browser.get("/indicators", status=403)
            browser.post("/indicators", status=403, data=TYPED)


class TestChanging:
    def test_begins_with_what_is_known(self, analyst):
        page = analyst.get(f"/indicators/{add(description='Known.')}/edit")

        assert page.select_one("#description").text.strip() == "Known."
        assert page.select_one("#threat_level option[selected]")["value"] == "high"

    def test_in_two_tabs_overwrites_nothing(self, analyst):
        here = f"/indicators/{add()}"
        analyst.post(here, data={**TYPED, "version": "1"})
        late = {**TYPED, "version": "1", "description": "From the other tab."}
        page = analyst.post(here, status=409, data=late)

        assert only()["description"] == "Seen <b>twice</b>."
        assert "From the other tab." in page.select_one("#description").text
        assert page.select_one("#version")["value"] == "2"
        analyst.post(here, data={**late, "version": "2"})
        assert only()["description"] == "From the other tab."

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (Kind.URL, "http://evil.test/%D0%B0?q=a%20b"),
            (Kind.URL, "https://192.0.2.9:8443/"),
            (Kind.IP, "2001:db8::1"),
            (Kind.EMAIL, "billing@evil.test"),
            (Kind.MD5, "0" * 32),
        ],
    )
    def test_keeps_a_name_that_nobody_touched(self, analyst, kind, value):
        here = f"/indicators/{add(value, kind)}"
        page = analyst.get(f"{here}/edit")
        name = page.select_one("#indicator")["value"]
        same = {"indicator": name, "indicator_type": kind, "version": "1"}
        analyst.post(here, data={**TYPED, **same})

        assert only()["indicator"] == value

    def test_corrects_how_it_is_spelled(self, analyst):
        here = f"/indicators/{add()}"
        right = {**TYPED, "indicator": "evi1[.]test", "version": "1"}
        analyst.post(here, data=right)

        row = only()
        assert (row["key"], row["indicator"]) == ("domain:evi1.test", "evi1.test")
        assert "t:evi1.test" in row["facets"] or "at:evi1.test" in row["facets"]
        told = stored()["audit_logs"].find({}).sort("_id", -1)[0]["metadata"]
        assert told["changes"]["indicator"] == {
            "before": "evil.test",
            "after": "evi1.test",
        }

    def test_to_what_is_on_record_is_refused_and_leads_there(self, analyst):
        other = add("http://EXAMPLE.com/", Kind.URL)
        here = f"/indicators/{add('http://example.com/a', Kind.URL)}"
        same = {"indicator": "hxxp://Example[.]com:80", "version": "1"}
        page = analyst.post(here, status=409, data={**TYPED, **same})

        assert page.select_one(".alert a")["href"] == f"/indicators/{other}"
        assert page.select_one("#indicator")["value"] == same["indicator"]
        row = Indicator.by_id(here.rpartition("/")[2])
        assert (row["indicator"], row["version"]) == ("http://example.com/a", 1)

    def test_rates_what_an_analysis_met(self, analyst):
        engine.examined(analyst.account)
        row = stored()["threat_intelligence"].find_one({})
        here = f"/indicators/{row['_id']}"

        assert "Observed" in analyst.get(here).text
        analyst.post(here, data={**TYPED, "version": "1"})
        assert Indicator.by_id(str(row["_id"]))["source"] == "Partner list"


class TestRemoving:
    def test_asks_for_a_reason(self, analyst):
        here = f"/indicators/{add()}/delete"

        analyst.post(here, status=422, data={"version": "1", "reason": " "})
        assert only()
        analyst.post(here, data={"version": "1", "reason": "Harmless."})
        assert not list(stored()["threat_intelligence"].find({}))
        event = stored()["audit_logs"].find_one({"action": "indicator:remove"})
        assert event["metadata"]["reason"] == "Harmless."
        assert event["user_id"] == analyst.account.id

    def test_of_what_changed_meanwhile_is_refused(self, analyst):
        here = f"/indicators/{add()}"
        analyst.post(here, data={**TYPED, "version": "1"})
        said = {"version": "1", "reason": "Harmless."}
        page = analyst.post(f"{here}/delete", status=409, data=said)

        assert page.select_one("#reason")["value"] == "Harmless."
        assert only()


class TestList:
    @pytest.fixture(autouse=True)
    def three(self, database):
        add("one.test", tags=("bank",))
        add("http://two.test/login", Kind.URL, "low", source="Partner list")
        add("192.0.2.9", Kind.IP, description="Sends parcels.")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["192.0.2[.]9", "hxxp://two[.]test/login", "one[.]test"]),
            ("type=url", ["hxxp://two[.]test/login"]),
            ("level=low", ["hxxp://two[.]test/login"]),
            ("source=partner-list", ["hxxp://two[.]test/login"]),
            ("tag=bank", ["one[.]test"]),
            ("threat=malware", []),
            ("q=parcels", ["192.0.2[.]9"]),
            ("q=hxxp://two[.]test", ["hxxp://two[.]test/login"]),
            ("q=type:domain", ["one[.]test"]),
            ("q=two.test", ["hxxp://two[.]test/login"]),
            ("q=http://TWO.test/login", ["hxxp://two[.]test/login"]),
            ("q=wo.test", []),
            ("q=192.0.2[.]9", ["192.0.2[.]9"]),
            ("since=-1d&tag=bank", ["one[.]test"]),
            ("until=2020-01-01", []),
        ],
    )
    def test_shows_what_was_asked_for(self, analyst, query, expected):
        assert shown(analyst.get(f"/indicators?{query}")) == expected

    @pytest.mark.parametrize("query", ["type=x", "level=9", "nope=1", "limit=a"])
    def test_refuses_what_no_list_has(self, analyst, query):
        analyst.get(f"/indicators?{query}", status=400)

    def test_shows_each_row_once_page_by_page(self, analyst):
        found, here = [], "/indicators?limit=1"
        while here:
            page = analyst.get(here)
            found += shown(page)
            older = page.select_one("a[rel=next]")
            here = older["href"] if older else ""

        assert found == shown(analyst.get("/indicators"))

    def test_is_a_fragment_for_htmx(self, analyst):
        page = analyst.get("/indicators", htmx=True)

        assert page.find(True)["id"] == "indicators"

    def test_says_what_to_do_when_it_is_empty(self, analyst):
        stored()["threat_intelligence"].delete_many({})

        assert "Add indicator" in analyst.get("/indicators").text

    def test_shortens_a_long_url_before_the_end_of_its_host(self, analyst):
        address = f"https://{'login.' * 20}evil.test/{'deep/' * 40}end"
        add(address, Kind.URL)

        short = analyst.get("/indicators").select_one("tbody a.pn-open").text
        assert short.startswith("hxxps://…login.")
        assert "evil[.]test…deep/" in short


class TestSightings:
    def test_lead_both_ways(self, analyst):
        known = add("quiet.test")
        analysis = engine.examined(analyst.account, linked("https://a.quiet.test/"))

        receipt = analyst.get(f"/analyses/{analysis}")
        link = receipt.select_one('a[title="quiet[.]test"]')
        assert link.find_parent("tr").select(".pn-level-high")
        analyst.get(link["href"], status=303)
        assert analyst.response.location == f"/indicators/{known}"
        page = analyst.get(f"/indicators/{known}")
        assert page.select_one(f'a[href="/analyses/{analysis}"]')

    def test_lead_to_the_list_once_nothing_is_known(self, analyst):
        analyst.get("/indicators/find?type=domain&value=gone[.]test", status=303)

        page = analyst.get(analyst.response.location)
        assert "No indicator matches" in page.text

    def test_are_not_named_to_who_may_not_read_indicators(self, viewer):
        add("quiet.test")
        analysis = engine.examined(viewer.account, linked("https://a.quiet.test/"))

        receipt = viewer.get(f"/analyses/{analysis}")
        assert not receipt.select('a[href^="/indicators/"]')

    def test_are_shown_page_by_page(self, analyst, monkeypatch):
        monkeypatch.setattr("dashboard.web.indicator_views.SIGHTINGS", 2)
        known = add("quiet.test")
        made = {
            engine.examined(analyst.account, linked(f"https://a.quiet.test/{n}"))
            for n in range(3)
        }
        first = analyst.get(f"/indicators/{known}")
        older = first.select_one("a[rel=next]")["href"]
        links = [*first.select("td a.pn-open"), *analyst.get(older).select("td a")]
        assert {link["href"].rpartition("/")[2] for link in links} == made


class TestNothingIsFetched:
    def test_when_an_indicator_or_a_message_names_us(self, analyst):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/metadata"
            listener.settimeout(0.3)
            analyst.post("/indicators", data={**TYPED, "indicator": url})
            analyst.get(analyst.response.location)
            analysis = engine.examined(analyst.account, linked(url))
            analyst.get(f"/analyses/{analysis}")
            with pytest.raises(TimeoutError):
                listener.accept()

    def test_because_nothing_could_fetch(self, root):
        clients = ("requests", "httpx", "urllib3", "http.client", "urllib.request")
        for path in (root / "dashboard").rglob("*.py"):
            if "standalone" not in path.parts:
                text = path.read_text()
                assert not [c for c in clients if f"import {c}" in text], path
                assert not [c for c in clients if f"from {c}" in text], path


def test_every_spelling_of_an_id_that_is_none_is_not_found(analyst):
    for identity in ("1", "0" * 24, '{"$gt":""}', "[$ne]=1"):
        analyst.get(f"/indicators/{identity}", status=404)


def test_a_viewer_gains_no_indicator_by_a_word_in_a_subject(viewer):
    factories.examined(viewer.account, subject="<b>evil.test</b>")

    viewer.get("/indicators/new", status=403)
