"""The receipt: what it shows of an examined message, and to whom."""

import json

import pytest

from dashboard.documents import connection
from dashboard.domain import aggregator
from dashboard.domain.permissions import GRANTED, Permission, Role
from tests import factories
from tests.web.examined import SMUGGLER, examined, message, run, stored


@pytest.fixture
def spoof(analyst):
    """The address of an examined spoof."""
    return f"/analyses/{examined(analyst.account)}"


def cards(page):
    return page.select(".pn-finding")


class TestVerdict:
    def test_is_said_with_its_reason_in_one_sentence(self, analyst, spoof):
        page = analyst.get(spoof)

        assert "This message is malicious: " in page.select_one(".pn-sentence").text
        assert page.select_one(".pn-level-lg").text == "Malicious"
        assert page.select_one("h1").text.strip().startswith("Your account has been")

    def test_comes_with_score_threshold_and_risk(self, analyst, spoof):
        record = connection.database()["analysis_receipts"].find_one({})["record"]

        said = analyst.get(spoof).select_one(".pn-says").text

        assert f"{record['assessment']['score']} points" in said
        assert "malicious from" in said
        assert "risk 9" in said

    def test_has_a_bar_placed_by_attributes_alone(self, analyst, spoof):
        bar = analyst.get(spoof).select_one("svg.pn-score")

        assert bar.select("rect.pn-f-plus")
        assert all(rect["x"].endswith("%") for rect in bar.select("rect.pn-f-plus"))
        assert "Malicious starts at" in bar["aria-label"]

    def test_names_ruleset_time_memory_and_hash(self, analyst, spoof):
        line = analyst.get(spoof).select_one(".pn-footline").text

        for words in ("Ruleset", "scored in", "MB peak", "no network used", "SHA-256"):
            assert words in line
        assert stored(spoof.rpartition("/")[2])["sha256"] in line

    def test_says_when_dns_was_asked(self, analyst, spoof):
        told = {"$set": {"record.context.verified": {"signatures": []}}}
        connection.database()["analysis_receipts"].update_one({}, told)

        line = analyst.get(spoof).select_one(".pn-footline").text
        assert "no network used but DNS" in line


class TestFindings:
    def test_without_weight_are_counted_neither_for_nor_against(self, analyst):
        identity = examined(analyst.account, factories.eml("Lunch", body="At noon?"))
        page = analyst.get(f"/analyses/{identity}")

        assert page.select_one("#find").text == "Why: 0 for, 0 against, 1 of no weight"
        assert [card.select_one(".pn-points").text for card in cards(page)] == ["0"]
        assert page.select(".pn-finding-noted")

    def test_are_numbered_and_their_points_make_the_score(self, analyst, spoof):
        page = analyst.get(spoof)

        numbers = [int(card.select_one(".pn-no").text) for card in cards(page)]
        points = [card.select_one(".pn-points").text for card in cards(page)]
        assert numbers == list(range(1, len(numbers) + 1))
        score = sum(int(text.replace("−", "-")) for text in points)
        assert f"{score} points" in page.select_one(".pn-says").text

    def test_each_say_what_the_verdict_were_without_them(self, analyst, spoof):
        page = analyst.get(spoof)

        assert all("without this:" in card.text for card in cards(page))
        assert all(card.select_one(".pn-level, .pn-tag") for card in cards(page))

    @pytest.mark.parametrize(
        "name",
        [
            "paypal-spoof-forged-results.eml",
            SMUGGLER,
            "hidden-text-prose.eml",
            "invoice-double-extension.eml",
            "form-in-message-body.eml",
            "zero-width-brand.eml",
            "own-domain-newsletter.eml",
        ],
    )
    def test_lead_to_their_place_in_the_message(self, analyst, name):
        page = analyst.get(f"/analyses/{examined(analyst.account, name)}")

        links = page.select(".pn-place")
        assert links
        for link in links:
            mark = page.select_one(link["href"])
            assert mark is not None, link["href"]
            assert mark.find_parent(class_="pn-msg")

    def test_mark_exactly_what_they_quote(self, analyst, spoof):
        page = analyst.get(spoof)

        card = next(c for c in cards(page) if "within 24 hours" in c.text)
        mark = page.select_one(card.select_one(".pn-place")["href"])
        assert mark.text.rstrip("0123456789") == "within 24 hours"

    def test_show_the_letters_that_decided(self, analyst):
        page = analyst.get(
            f"/analyses/{examined(analyst.account, 'paypal-lookalike-digit.eml')}"
        )

        assert "1" in [b.text for b in page.select(".pn-quote b")]

    def test_that_were_not_made_are_listed_with_their_reason(self, analyst, spoof):
        page = analyst.get(spoof)

        assert "counts neither way" in page.select_one(".pn-find").text
        assert "No link was opened" in page.select_one(".pn-find dl").text


class TestMessage:
    @pytest.mark.parametrize(
        "pane", ["p-text", "p-safe", "p-headers", "p-links", "p-files", "p-source"]
    )
    def test_has_every_view_without_script(self, analyst, spoof, pane):
        page = analyst.get(spoof)

        assert page.select_one(f'.pn-tabs a[href="#{pane}"]')
        assert page.select_one(f"#{pane}").get_text(strip=True)

    def test_shows_where_a_link_really_leads(self, analyst, spoof):
        row = analyst.get(spoof).select("#p-links tbody tr")[-1]

        assert "hxxps://www.paypal[.]com/resolution" in row.text
        assert "hxxps://case-review[.]test/pp/limited" in row.text

    def test_tells_the_way_of_the_message(self, analyst, spoof):
        hops = analyst.get(spoof).select(".pn-hops li")

        assert "vps-66.mailblast.test" in hops[0].text
        assert "1 s" in hops[1].text

    def test_shows_type_and_hash_of_what_is_attached(self, analyst):
        page = analyst.get(f"/analyses/{examined(analyst.account, SMUGGLER)}")

        said = page.select_one("#p-files").text
        assert "Invoice-77120.html" in said
        assert "text/html" in said
        assert "new Blob(" in said

    def test_holds_no_link_that_leads_out(self, analyst, spoof):
        page = analyst.get(spoof)

        assert all(a["href"].startswith(("/", "#")) for a in page.select("a[href]"))
        assert "://case-review.test" not in analyst.response.text


class TestFragment:
    def test_is_the_same_receipt_without_the_page(self, analyst, spoof):
        fragment = analyst.get(spoof, htmx=True)

        assert fragment.select_one("#receipt .pn-says")
        assert not fragment.select("html, nav.pn-nav")

    def test_of_a_finished_analysis_no_longer_asks_for_itself(self, analyst, spoof):
        assert not analyst.get(spoof, htmx=True).select("[hx-trigger]")


class TestWhoMaySee:
    def test_the_organisation_sees_what_an_analyst_submitted(self, admin, spoof):
        admin.get(spoof)

    def test_a_viewer_sees_only_what_they_submitted(self, viewer, spoof):
        viewer.get(spoof, status=404)
        viewer.get(f"{spoof}/safe", status=404)
        viewer.get(f"{spoof}/receipt.json", status=404)

        viewer.get(f"/analyses/{examined(viewer.account)}")

    def test_an_auditor_reads_no_body(self, auditor, spoof):
        auditor.get(spoof, status=403)
        auditor.get(f"{spoof}/safe", status=403)

    def test_bodies_are_left_out_for_a_role_without_them(
        self, analyst, spoof, monkeypatch
    ):
        rest = GRANTED[Role.ANALYST] - {Permission.READ_BODIES}
        monkeypatch.setitem(GRANTED, Role.ANALYST, rest)

        page = analyst.get(spoof)

        assert not page.select(".pn-pane, .pn-ev")
        assert "send or withdraw money" not in analyst.response.text
        assert cards(page)
        analyst.get(f"{spoof}/safe", status=403)
        analyst.get(f"{spoof}/receipt.json", status=403)

    @pytest.mark.parametrize("bad", ["0" * 24, "1", "x" * 24, "%00", "..%2f"])
    def test_an_id_that_is_none_is_no_page(self, analyst, bad):
        analyst.get(f"/analyses/{bad}", status=404)


class TestCost:
    def commands(self, browser, url):
        asked = []
        stop = connection.monitor.observe(lambda name, _target: asked.append(name))
        try:
            browser.get(url)
        finally:
            stop()
        return asked

    def test_is_at_most_six_commands(self, analyst, spoof):
        analyst.get(spoof)

        assert len(self.commands(analyst, spoof)) <= 6

    def test_is_at_most_six_commands_with_a_history(self, analyst, spoof):
        analyst.post(f"{spoof}/runs")
        run(spoof.rpartition("/")[2])

        assert len(self.commands(analyst, spoof)) <= 6

    def test_is_at_most_six_commands_while_it_waits(self, analyst):
        url = f"/analyses/{factories.submitted(analyst.account)}"

        assert len(self.commands(analyst, url)) <= 6


class TestRecord:
    def test_is_the_whole_receipt_as_json(self, analyst, spoof):
        analyst.get(f"{spoof}/receipt.json")

        record = json.loads(analyst.response.text)
        assert record["assessment"]["verdict"] == aggregator.Verdict.MALICIOUS
        assert record["sha256"] == stored(record["analysis"])["sha256"]
        assert list(record) == sorted(record)
        disposition = analyst.response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=phishnet-")

    def test_of_a_run_that_never_was_is_no_page(self, analyst, spoof):
        analyst.get(f"{spoof}/receipt.json?run=7", status=404)


class TestSafeView:
    def test_stands_in_a_frame_with_a_policy_of_its_own(self, analyst, spoof):
        frame = analyst.get(spoof).select_one("iframe")

        assert not frame["sandbox"]
        assert not frame.has_attr("srcdoc")
        analyst.get(frame["src"])
        headers = analyst.response.headers
        policy = "default-src 'none'; sandbox; frame-ancestors 'self'"
        assert headers["Content-Security-Policy"] == policy
        assert headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_shows_where_links_lead_and_has_none(self, analyst, spoof):
        page = analyst.get(f"{spoof}/safe")

        assert "hxxps://case-review[.]test" in page.text
        assert not page.select("a, img, link, script, style, form, [style], [href]")

    def test_is_no_page_before_the_message_was_read(self, analyst):
        waiting = factories.submitted(analyst.account, message(SMUGGLER))

        analyst.get(f"/analyses/{waiting}/safe", status=404)
