"""Mail in a company's name that neither comes from it nor leads to it."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.brand_elsewhere import detect
from tests.domain.detectors.mail import OWN, discussing, linked, page, plain, rules

AWAY = "https://other.example/"
LINK = f"<a href='{AWAY}'>Here</a>"


def told(text, **headers):
    return page(f"<p>{text}</p>{LINK}", **headers)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked(AWAY, Subject="PayPal: a new sign-in"), id="subject"),
        pytest.param(told("Your Netflix membership ends."), id="your"),
        pytest.param(told("Kind regards, the PayPal Team"), id="signed"),
        pytest.param(told("© 2026 Netflix. All rights reserved."), id="all rights"),
        pytest.param(told("Ihr PayPal Konto ist eingeschränkt."), id="German"),
        pytest.param(told("ﬁne ½ Your Netflix plan ends."), id="long letters before"),
        pytest.param(
            told("Your Netflix plan ends. <a href='https://netflix.com/'></a>"),
            id="beside an empty link to it",
        ),
        pytest.param(
            told("Your Netflix plan ends.")
            + b"".join(b"<a href='https://n%d.example/'></a>" % n for n in range(4)),
            id="among empty links",
        ),
        pytest.param(
            told("Your Netflix plan ends. <img src='https://netflix.com/a.png'>"),
            id="beside a picture of its own",
        ),
        pytest.param(
            plain(f"Your Netflix plan ends.\n\n{AWAY}"), id="a bare address in a text"
        ),
    ],
)
def test_reports_a_brand_of_which_no_host_stands_there(raw):
    assert rules(detect, raw) == ["brand-elsewhere"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(told("Your plan ends."), id="no brand"),
        pytest.param(told("We pay with PayPal and watch Netflix."), id="in passing"),
        pytest.param(plain("Your Netflix plan ends."), id="no link"),
        pytest.param(
            told("Your Netflix plan ends.", From="a@netflix.com"), id="its own mail"
        ),
        pytest.param(
            told("Your Netflix plan ends. <a href='https://netflix.com/'>Plan</a>"),
            id="its own page",
        ),
        pytest.param(
            told("Your PayPal receipt", From="a@ebay.com"), id="another brand's mail"
        ),
        pytest.param(
            linked("https://example.com/", Subject="Your PayPal receipt"), id="home"
        ),
        pytest.param(
            told("Your Netflix plan ends.")
            + "".join(
                f"<a href='https://n{n}.example/'>x</a>" for n in "abcd"
            ).encode(),
            id="a page of news",
        ),
        pytest.param(
            discussing(
                plain(f"On Monday the desk wrote:\n> Your Netflix plan ends.\n> {AWAY}")
            ),
            id="an answer",
        ),
    ],
)
def test_is_silent_about_others(raw):
    assert rules(detect, raw) == []


def test_lets_the_own_organisation_speak_of_brands():
    raw = told("Your Netflix account moves.", From="desk@example.org")

    assert rules(detect, raw, OWN) == []
    assert rules(detect, raw, Context()) == ["brand-elsewhere"]


def test_points_at_the_name_as_it_is_written():
    assert rules(detect, told("ﬁne ½ Your NETFLIX plan")) == ["brand-elsewhere"]
