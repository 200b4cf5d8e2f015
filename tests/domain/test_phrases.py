"""Phrases are found in disguise, and shown as they are written."""

import pytest

from dashboard.domain import phrases
from dashboard.domain.evidence import read
from dashboard.domain.parsing import parse
from dashboard.domain.rulesets import table
from tests.domain.detectors.mail import page, plain
from tests.quick import is_quick


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("verify your account", id="plain"),
        pytest.param("VERIFY  YOUR\nACCOUNT", id="capitals and line breaks"),
        pytest.param("ver\u200bify your acc\u00adount", id="invisible characters"),
        pytest.param("vеrify yоur aссount", id="Cyrillic letters"),
        pytest.param("ｖｅｒｉｆｙ your account", id="full width"),
        pytest.param("𝐯𝐞𝐫𝐢𝐟𝐲 your account", id="mathematical letters"),
        pytest.param("vérify yöur account", id="accents"),
        pytest.param("verify\u00a0your\u2003account", id="unusual spaces"),
    ],
)
def test_disguised_phrases_are_found_where_they_stand(written):
    text = f"ﬁrst, Straße: {written} now"

    found = [text[start:end] for start, end in phrases.spans(text, "credential")]

    assert found == [written]


@pytest.mark.parametrize("written", ["click here to log in", "click here to login"])
def test_a_space_that_may_be_missing_is_found_either_way(written):
    assert phrases.spans(f"Please {written}.", "credential") == ((7, 7 + len(written)),)


@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_evidence_is_what_the_message_says(kind):
    message = parse(kind("Straße. Bitte vеrify your account."))

    seen = phrases.evidence(message, "credential")

    assert [each.value for each in seen] == ["vеrify your account"]
    assert read(message, seen[0].place) == seen[0].value
    assert seen[0].observed == "verify your account"


def test_a_phrase_said_twice_is_shown_once():
    message = parse(plain("verify your account, VERIFY your account"))

    assert len(phrases.evidence(message, "credential")) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> verify your account\nSo verify your account", id="said, too"),
        pytest.param("3 > 2, verify your account", id="no mark"),
        pytest.param("> Hello\n> verify your account\n", id="nothing else is said"),
        pytest.param("Hello\n> verify your account\n", id="behind a word"),
        pytest.param("Hello\n| verify your account\n", id="behind another mark"),
    ],
)
def test_a_mark_hides_nothing_that_a_reader_sees(text):
    seen = phrases.evidence(parse(plain(text)), "credential")

    assert [each.value for each in seen] == ["verify your account"]
    assert read(parse(plain(text)), seen[0].place) == "verify your account"


ASKED = "Verify your account. "
LONG = phrases.LONG_TEXT


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(ASKED.ljust(LONG + 1, ".")), 0, id="one in a long one"),
        pytest.param(plain(ASKED.ljust(LONG, ".")), 1, id="one in a shorter one"),
        pytest.param(
            plain(f"{ASKED.ljust(LONG, '.')} Your mailbox is full."), 1, id="two"
        ),
        pytest.param(plain("." * (LONG + 1), Subject=ASKED), 1, id="the subject's"),
    ],
)
def test_one_phrase_in_a_long_letter_is_said_in_passing(raw, expected):
    told = phrases.Sentence("“%(quoted)s”")

    found = phrases.findings(parse(raw), "credential", "language-credential", told)

    assert len(found) == expected


@pytest.mark.parametrize("theme", sorted(table("phrases")))
@pytest.mark.parametrize("text", ["", " ", ".", "a", "0" * 100, "\u200b"])
def test_no_theme_is_found_in_nothing(theme, text):
    assert phrases.spans(text, theme) == ()


@pytest.mark.parametrize("theme", sorted(table("phrases")))
@pytest.mark.parametrize("piece", ["your ", "a", "verify ", "( ", "お", "\u200b"])
def test_hostile_text_is_read_in_linear_time(theme, piece):
    assert is_quick(lambda: phrases.spans(piece * 200_000, theme), 1.5)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("您的邮箱即将停用", id="Chinese"),
        pytest.param("Подтвердите ваш аккаунт", id="Russian"),
        pytest.param("Zweryfikuj swoje konto", id="Polish"),
        pytest.param("تم تعليق حسابك، يرجى تحديث بياناتك", id="Arabic"),
    ],
)
def test_credentials_are_wanted_in_more_languages(written):
    assert phrases.spans(written, "credential")
