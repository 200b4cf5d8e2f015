"""Words in letters that only look like their own."""

import pytest

from dashboard.domain.detectors.letters_disguised import detect
from dashboard.domain.engine import examine
from tests.domain.detectors.mail import page, plain, rules


def named(name, body="See you on Monday."):
    return plain(body, From=f'"{name}" <a@example.com>')


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain("Your pаssword expires."), id="in the text"),
        pytest.param(page("<p>Your <b>раss</b>word expires.</p>"), id="in a page"),
        pytest.param(plain(Subject="Pаyment due"), id="in the subject"),
        pytest.param(named("𝗣𝗮𝘆𝗿𝗼𝗹𝗹"), id="in the name"),
        pytest.param(plain(Subject="P\u0353\u033dlease"), id="rare marks"),
        pytest.param(named("P\u0301a\u0301y\u0301r\u0301oll"), id="a mark on each"),
        pytest.param(named("Pay\u202dPal"), id="turned round"),
        pytest.param(named("Pay\u3164Pal"), id="a filler of Korean"),
        pytest.param(named("Pay\uffa0Pal"), id="a narrow filler"),
        pytest.param(named("Pay\u2800Pal"), id="an empty sign of Braille"),
        pytest.param(plain(Subject="Pay\ufe0fPal"), id="a variation selector"),
        pytest.param(plain("Pay\U000e0050\U000e0061Pal"), id="tags"),
        pytest.param(plain("ᴾᵃʸ now"), id="raised letters"),
        pytest.param(plain("Pау\ua4d1al, ΡayᏢal"), id="letters nobody writes"),
        pytest.param(named("C o i n b a s e"), id="a company's name taken apart"),
    ],
)
def test_reports_disguised_words(raw):
    assert rules(detect, raw) == ["letters-disguised"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(plain(), id="plain"),
        pytest.param(named("Иван Петров", "Новая SIMка готова."), id="Russian"),
        pytest.param(
            named("Ünal Öztürk", "Yarın görüşürüz, ılık olacak."), id="Turkish"
        ),
        pytest.param(
            named("Ánh Nguyễn", "Hẹn gặp lại bạn vào thứ hai."), id="Vietnamese"
        ),
        pytest.param(named("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ"), id="Cherokee"),
        pytest.param(plain("Go ahead ☝️ ✔️, 1️⃣ is done."), id="signs in colour"),
        pytest.param(plain("المجتمع \u202babc\u202c"), id="Arabic around Latin"),
        pytest.param(plain("the 5ᵗʰ of May, mᵃ"), id="two raised letters"),
        pytest.param(named("김\u3164철수"), id="a filler among Korean letters"),
        pytest.param(named("S A L E S"), id="a word taken apart that is no company"),
        pytest.param(plain("C o i n b a s e"), id="letters apart in a text"),
        pytest.param(plain("a " * 3000 + "pаssword"), id="far down"),
    ],
)
def test_is_silent_about_others(raw):
    assert rules(detect, raw) == []


def test_says_how_the_word_reads():
    findings = examine(plain("Your pаssword expires.")).assessment.findings
    (said,) = (f.finding for f in findings if f.finding.rule == "letters-disguised")

    assert said.summary.startswith("“password” is written")
    assert said.evidence[0].value == "pаssword"
