"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_payment import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("The invoice was paid on time, thank you.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("You have an unpaid invoice", id="en"),
        pytest.param("Ihre offene Rechnung", id="de"),
        pytest.param("votre facture impayée", id="fr"),
        pytest.param("su factura pendiente", id="es"),
        pytest.param("la fattura scaduta", id="it"),
        pytest.param("seu boleto vencido", id="pt"),
        pytest.param("uw openstaande factuur", id="nl"),
        pytest.param("お支払いが確認できません", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="You have an unpaid invoice")) == [RULE]
