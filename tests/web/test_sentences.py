"""The receipt in another language: what the engine said, and what it said before."""

import ast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_babel import get_domain

from dashboard.documents.connection import database as stored
from dashboard.domain.passwords import MIN_LENGTH
from dashboard.web import templating
from dashboard.web.expected import EXPECTED, VOUCHED
from tests import factories
from tests.domain.test_messages import EXPECTED as MESSAGES
from tests.domain.test_messages import examined as said_of
from tests.web.examined import examined
from tools import messages

ENGINE = [("dashboard/domain/**.py", "python"), ("dashboard/web/**.py", "python")]

LACKING = "No link was opened; only addresses were read."


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory):
    """A folder with a language in which every sentence ends in another mark."""
    folder = tmp_path_factory.mktemp("translations")
    place = folder / "eo" / "LC_MESSAGES"
    place.mkdir(parents=True)
    known = Catalog(locale="eo")
    for each in messages.collected(ENGINE):
        if each.id and isinstance(each.id, str) and each.id != LACKING:
            known.add(each.id, f"«{each.id}»")
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, known)
    return folder


@pytest.fixture
def reader(app, catalogues, monkeypatch):
    """Somebody who reads in that language."""
    babel = app.extensions["babel"]
    monkeypatch.setattr(babel, "translation_directories", [str(catalogues)])
    with app.app_context():
        monkeypatch.setattr(get_domain(), "cache", {})
    yield factories.signed_in(app, "analyst", language="eo")
    templating._said.cache_clear()


@pytest.fixture
def spoof(analyst):
    return f"/analyses/{examined(analyst.account)}"


def old(record):
    """A stored record as earlier versions wrote it: English alone."""
    if isinstance(record, list):
        return [old(each) for each in record]
    if not isinstance(record, dict):
        return record
    kept = record.keys() - {"told", "why_told"}
    return {name: old(record[name]) for name in kept}


def sentences(page):
    """What the engine says on a receipt, by where it stands there."""
    return {
        "verdict": page.select_one("#says").text,
        "why": page.select_one(".pn-says .pn-why").text,
        "findings": [card.text for card in page.select(".pn-finding p.pn-small")],
        "open": [entry.text for entry in page.select(".pn-find dd")],
    }


def phrases(root):
    """Every text the detectors write down as what was expected."""
    names = {"sighting": 3, "of_header": 3}
    for path in (root / "dashboard/domain/detectors").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                at = names.get(ast.unparse(node.func), len(node.args))
                given = [k.value for k in node.keywords if k.arg == "expected"]
                for each in (*node.args[at : at + 1], *given):
                    if isinstance(each, ast.Constant):
                        yield path.name, each.value


class TestExpected:
    def test_is_known_by_every_phrase_of_the_detectors(self, root):
        written = dict(phrases(root))

        assert len(written) > 10
        assert {text for text in written.values() if text != "https:"} <= set(EXPECTED)

    @pytest.mark.parametrize("name", sorted(MESSAGES))
    def test_of_a_message_holds_no_other_words(self, name):
        for found in said_of(name).assessment.findings:
            for each in found.finding.evidence:
                told = each.expected.removeprefix(VOUCHED)
                assert told in EXPECTED or len(told.split()) < 2 or told[0].isdigit()

    def test_is_said_in_the_language_of_who_reads_it(self, reader, spoof):
        page = reader.get(spoof)

        shown = {each.text for each in page.select(".pn-places bdi")}
        assert "«pass for paypal.com»" in shown
        assert "«a server on its way»" in shown


class TestReceipt:
    def test_is_said_in_the_language_of_who_reads_it(self, reader, analyst, spoof):
        said, english = (sentences(who.get(spoof)) for who in (reader, analyst))

        assert said["verdict"].startswith("«This message is malicious: «")
        assert english["verdict"].startswith("This message is malicious: ")
        assert said["why"].startswith("««")
        assert said["findings"] == [f"«{each}»" for each in english["findings"]]

    def test_is_said_in_english_where_the_language_lacks_a_sentence(
        self, reader, analyst, spoof
    ):
        said, english = (sentences(who.get(spoof))["open"] for who in (reader, analyst))

        assert LACKING in said
        assert said == [each if each == LACKING else f"«{each}»" for each in english]

    def test_of_an_earlier_version_is_shown_as_it_was_written(
        self, reader, analyst, spoof
    ):
        english = sentences(analyst.get(spoof))
        record = stored()["analysis_receipts"].find_one({})["record"]
        stored()["analysis_receipts"].update_one({}, {"$set": {"record": old(record)}})

        said = sentences(reader.get(spoof))
        assert said["verdict"] == english["verdict"]
        assert (said["why"], said["findings"]) == (english["why"], english["findings"])

    def test_shows_no_link_that_the_template_was_filled_with(self, reader, spoof):
        page = reader.get(spoof)

        said = " ".join(sentences(page)["findings"])
        assert "[.]" in said
        assert not page.select(".pn-find p a")


class TestRefusal:
    def test_is_said_in_the_language_of_who_is_refused(self, reader):
        data = {"known": factories.PASSWORD, "wanted": "short", "again": "short"}
        page = reader.post("/profile/password", data=data, status=422)

        assert f"«Use at least {MIN_LENGTH} characters.»" in page.text

    def test_of_a_file_is_said_in_the_language_of_who_handed_it_in(self, reader):
        page = reader.post("/analyses", data={"source": "MZ"}, status=422)

        assert "«This is a Windows program, not an e-mail message.»" in page.text
