"""Pages anyone can put up."""

import pytest

from dashboard.domain.detectors.link_user_content import detect
from tests.domain.detectors.mail import answering, linked, plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(linked("https://www.example.com/"), [], id="a page of the sender"),
        pytest.param(
            linked("https://login-page.web.app/"),
            ["link-user-content"],
            id="a stranger's page",
        ),
        pytest.param(
            answering(plain("Gone now.\r\n> https://login-page.web.app/\r\n")),
            [],
            id="in a quoted line",
        ),
        pytest.param(
            plain("It is kept at https://team.web.app/ since then."),
            [],
            id="a bare address in passing",
        ),
        pytest.param(
            plain("Click here: https://team.web.app/"),
            ["link-user-content"],
            id="a bare address that is called for",
        ),
        pytest.param(linked("https://web.app.example.com/"), [], id="not at the end"),
        pytest.param(
            linked("https://team.web.app/", From="a@team.web.app"),
            [],
            id="the sender's own",
        ),
    ],
)
def test_knows_such_hosts(raw, expected):
    assert rules(detect, raw) == expected
