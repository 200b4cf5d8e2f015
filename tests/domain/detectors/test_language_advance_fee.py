"""Phrases of one theme, in every language the engine reads."""

import pytest

from dashboard.domain.detectors.language_advance_fee import RULE, detect
from tests.domain.detectors.mail import page, plain, rules


def test_is_silent_about_ordinary_words():
    assert rules(detect, plain("A million small steps.")) == []


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param("the sum of 5 million dollars", id="en"),
        pytest.param("10 Millionen Euro", id="de"),
        pytest.param("2 millions d’euros", id="fr"),
        pytest.param("3 millones de dólares", id="es"),
        pytest.param("4 milioni di euro", id="it"),
        pytest.param("5 milhões de dólares", id="pt"),
        pytest.param("6 miljoen euro", id="nl"),
        pytest.param("5億円の相続", id="ja"),
    ],
)
@pytest.mark.parametrize("kind", [plain, page], ids=["text", "html"])
def test_hears(phrase, kind):
    assert rules(detect, kind(f"... {phrase} ...")) == [RULE]


def test_hears_the_subject():
    assert rules(detect, plain("Hello", Subject="the sum of 5 million dollars")) == [
        RULE
    ]


def test_hears_of_money_that_is_nobodys():
    assert rules(detect, plain("There is a dormant fund in my department.")) == [RULE]
