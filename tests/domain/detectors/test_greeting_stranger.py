"""A greeting that fits anybody."""

import pytest

from dashboard.domain.detectors.greeting_stranger import EARLY, RULE, detect
from tests.domain.detectors.mail import page, plain, rules


@pytest.mark.parametrize(
    "greeting",
    [
        pytest.param("Dear Ms Example,", id="a name"),
        pytest.param("Dear all,", id="everybody at hand"),
        pytest.param("Dear colleagues,", id="colleagues"),
        pytest.param("Our dear customers of many years came.", id="told of many"),
        pytest.param("Greetings from the coast!", id="greetings from a place"),
        pytest.param("Sehr geehrte Damen und Herren,", id="a formal German letter"),
        pytest.param("We sell. " * (EARLY // 8) + "Dear customer,", id="far below"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_is_silent_about(greeting, kind):
    assert rules(detect, kind(greeting)) == []


def test_is_silent_about_a_line_an_answer_repeats():
    assert rules(detect, plain("> Dear customer,\n\nthey wrote me this.")) == []


@pytest.mark.parametrize(
    "greeting",
    [
        pytest.param("Dear valued customer,", id="en"),
        pytest.param("ATTENTION: BENEFICIARY", id="en, in capitals"),
        pytest.param("Dear Sir/Madam", id="en, either"),
        pytest.param("Sehr geehrter Kunde,", id="de"),
        pytest.param("Cher(e) client(e),", id="fr"),
        pytest.param("Estimado usuario:", id="es"),
        pytest.param("Prezado(a) Cliente,", id="pt"),
        pytest.param("Gentile cliente,", id="it"),
        pytest.param("Geachte klant,", id="nl"),
        pytest.param("Drogi Kliencie,", id="pl"),
        pytest.param("Уважаемый клиент!", id="ru"),
        pytest.param("お客様各位", id="ja"),
        pytest.param("尊敬的用户：", id="zh"),
        pytest.param("عزيزي العميل،", id="ar"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(greeting, kind):
    assert rules(detect, kind(f"{greeting}\nWe write to you today.")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain(Subject="Dear customer, a message")) == [RULE]


def test_hears_a_disguised_greeting():
    assert rules(detect, plain("Dеar Custоmer,")) == [RULE]
