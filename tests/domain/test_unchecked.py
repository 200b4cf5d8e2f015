"""What was not checked is said, with its reason."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.parsing import parse
from dashboard.domain.unchecked import unchecked
from tests.domain.detectors.archives import zipped
from tests.domain.detectors.mail import carrying, checked, linked, page, plain

PDF = b"%PDF-1.7 1 0 obj endobj %%EOF"
TNEF = b"\x78\x9f\x3e\x22" + bytes(40)
FRAME = '<iframe srcdoc="&lt;p>Sign in&lt;/p>"></iframe>'


def checks(raw):
    looked_up = Context(indicators=())
    return [entry.check for entry in unchecked(parse(raw), looked_up)]


def blocked(raw):
    entries = unchecked(parse(raw), Context())
    return [entry.check for entry in entries if entry.blocks_verdict]


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        pytest.param(plain(), "authentication", id="nobody checked the sender"),
        pytest.param(plain(), "sender-history", id="no history"),
        pytest.param(linked("https://example.com/"), "link-targets", id="links"),
        pytest.param(page('<img src="a.png">Hello'), "image-text", id="pictures"),
        pytest.param(
            carrying("a.zip", zipped("a", locked=True)),
            "attachment-content",
            id="locked",
        ),
        pytest.param(
            carrying("smime.p7m", b"x", "application/pkcs7-mime"),
            "encrypted-content",
            id="encrypted",
        ),
        pytest.param(
            carrying("a.7z", b"7z\xbc\xaf\x27\x1c"), "archive-content", id="a 7z file"
        ),
        pytest.param(
            carrying("a.zip", zipped("b.zip")), "archive-content", id="zip in zip"
        ),
        pytest.param(
            carrying("winmail.dat", TNEF), "outlook-container", id="Outlook's container"
        ),
        pytest.param(carrying("a.pdf", PDF), "document-text", id="a document"),
        pytest.param(
            carrying("a.pdf", PDF + b"/Encrypt 5 0 R"),
            "document-text",
            id="an encrypted document",
        ),
        pytest.param(page(f"<p>Hello</p>{FRAME}"), "framed-page", id="a framed page"),
        pytest.param(
            carrying("a.html", f"<html>{FRAME}".encode()),
            "framed-page",
            id="a framed page in a file",
        ),
    ],
)
def test_names_the_check(raw, check):
    assert check in checks(raw)


def test_what_was_checked_is_not_listed():
    raw = checked("example.com", "pass")

    assert checks(raw) == ["dns", "yara", "sender-history"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="a message"),
        pytest.param(plain("", Subject="Call me"), [], id="a subject alone"),
        pytest.param(b"", ["message"], id="nothing at all"),
        pytest.param(plain("", Subject=None), ["message"], id="headers alone"),
        pytest.param(page(FRAME), ["framed-page"], id="a framed page alone"),
        pytest.param(page(f"Hello{FRAME}"), [], id="a framed page below a text"),
        pytest.param(
            carrying("winmail.dat", TNEF, text=""),
            ["outlook-container"],
            id="a closed container alone",
        ),
        pytest.param(
            carrying("winmail.dat", TNEF), [], id="a closed container beside a text"
        ),
    ],
)
def test_what_shows_nothing_blocks_the_verdict(raw, expected):
    assert blocked(raw) == expected


def test_says_whether_a_document_could_be_opened():
    sealed = parse(carrying("a.pdf", PDF + b"/Encrypt 5 0 R"))

    told = [entry.reason for entry in unchecked(sealed, Context())]

    assert any("encrypted" in reason for reason in told)
    assert not any("codes" in reason for reason in told)
