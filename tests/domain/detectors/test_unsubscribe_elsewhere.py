"""Ways off a list."""

import pytest

from dashboard.domain.detectors.unsubscribe_elsewhere import detect
from tests.domain.detectors.mail import OWN, linked, page, rules

AWAY = "https://other.example/un/1"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked(AWAY, "Unsubscribe"), id="at a stranger"),
        pytest.param(linked(AWAY, "Hier abmelden"), id="in another language"),
        pytest.param(linked(AWAY, "Darse de baja"), id="in words together"),
        pytest.param(linked(AWAY, "Manage your e-mail preferences"), id="as a choice"),
        pytest.param(linked(AWAY, "Leave this list."), id="leaving"),
        pytest.param(linked(AWAY, "Remove me"), id="removing"),
        pytest.param(linked(AWAY, "Se désabonner"), id="with an accent"),
        pytest.param(
            page(f'<a href="https://a.example/">A</a><a href="{AWAY}">Opt-out</a>'),
            id="beside another stranger",
        ),
        pytest.param(
            page(
                f'<a href="https://example.com/"></a><a href="{AWAY}">Unsubscribe</a>'
            ),
            id="beside an empty link home",
        ),
        pytest.param(
            linked(AWAY, "Unsubscribe", List_Id="<news.example.com>"),
            id="under the name of a list",
        ),
        pytest.param(
            page(f'<p>To leave this list click <a href="{AWAY}">here</a>.</p>'),
            id="behind a word that says nothing",
        ),
    ],
)
def test_reports_leaving_at_strangers(raw):
    assert rules(detect, raw, OWN) == ["unsubscribe-elsewhere"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked("https://example.com/un", "Unsubscribe"), id="at home"),
        pytest.param(
            linked("https://example.org/un", "Unsubscribe"), id="at our house"
        ),
        pytest.param(
            linked("https://x.list-manage.com/un", "Unsubscribe"),
            id="at a service that sends lists",
        ),
        pytest.param(
            linked(AWAY, "Unsubscribe", Return_Path="<b@mail.other.example>"),
            id="where the letter was posted",
        ),
        pytest.param(
            page(
                f'<a href="https://example.com/">Us</a><a href="{AWAY}">Unsubscribe</a>'
            ),
            id="beside a link home",
        ),
        pytest.param(
            page(
                '<a href="https://example.com/"><b><img src="cid:logo"></b></a>'
                f'<a href="{AWAY}">Unsubscribe</a>'
            ),
            id="beside a picture home",
        ),
        pytest.param(linked(AWAY, "The minutes"), id="another link"),
        pytest.param(linked(AWAY, "Leave a review"), id="leaving something"),
        pytest.param(
            page(f'<p>The minutes are <a href="{AWAY}">here</a>.</p>'), id="a pointer"
        ),
        pytest.param(linked(AWAY, "Trabaja con nosotros"), id="a longer word"),
        pytest.param(linked(AWAY, "Manage your account"), id="managing"),
        pytest.param(linked(AWAY, "Remove the filter"), id="removing"),
        pytest.param(linked(AWAY, "Cancellation terms"), id="cancelling"),
        pytest.param(linked(AWAY, "Unsubscribe " + "or read on " * 6), id="prose"),
    ],
)
def test_leaves_honest_lists_alone(raw):
    assert rules(detect, raw, OWN) == []
