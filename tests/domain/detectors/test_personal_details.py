"""Blanks about the reader."""

import time

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.personal_details import RULE, detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import discussing, page, plain, rules

BLANKS = "Full name: ......\nHome address: ......\nPhone number: ......"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Name: Robin Example\nAddress: 4 Field Lane\nPhone: 555 0100 ask for me\n"
            "City: Anytown\nCountry: Anyland",
            id="filled in",
        ),
        pytest.param("Please send us your name and address.", id="two things"),
        pytest.param("Name: ......\nAddress: ......", id="two blanks"),
        pytest.param(
            "Write name, address and phone number on it.", id="three in prose"
        ),
        pytest.param("The name fits. The address was wrong. Age counts.", id="prose"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_is_silent_about(text, kind):
    assert rules(detect, kind(text)) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(f"{BLANKS}\nhttps://example.com/form"), id="a page beside"),
        pytest.param(
            discussing(plain(f"Is it real?\n\n> {BLANKS}")), id="a repeated line"
        ),
    ],
)
def test_is_silent_beside(raw):
    assert rules(detect, raw) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(BLANKS), id="blanks"),
        pytest.param(page("Name:<br>Address:<br>Age:<br>"), id="blanks on a page"),
        pytest.param(plain("1) Names: ___ 2) Sex: ___ 3) Age: ___"), id="in one line"),
        pytest.param(plain("User name:\nEmail:\nPassword:\n"), id="an account's"),
        pytest.param(
            plain("Send your full name, home address, age and occupation."),
            id="four in prose",
        ),
        pytest.param(plain("Nom: ....\nÂge: ....\nPays: ...."), id="in French"),
        pytest.param(
            plain("Nombre: ....\nDirección: ....\nTeléfono: ...."), id="in Spanish"
        ),
    ],
)
def test_reports(raw):
    assert rules(detect, raw) == [RULE]


@pytest.mark.parametrize("piece", ["name: ", "name " * 3 + " " * 99, "name(", "a b "])
def test_reads_hostile_text_in_linear_time(piece):
    message = parse(plain(piece * 20_000))
    begin = time.thread_time()
    list(detect(message, Context()))
    assert time.thread_time() - begin < 0.5
