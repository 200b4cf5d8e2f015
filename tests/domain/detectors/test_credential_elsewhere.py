"""A sign-in asked for behind a stranger's door."""

import pytest

from dashboard.domain.detectors.credential_elsewhere import detect
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import OWN, linked, page, plain, rules

ASKS = "Verify your account"


def asking(*urls: str, **headers: str | None) -> bytes:
    links = "".join(f'<a href="{url}">Go on</a>' for url in urls)
    return page(f"<p>{ASKS}.</p>{links}", **headers)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(asking("https://other.example/"), id="a link"),
        pytest.param(plain(f"{ASKS}: https://other.example/"), id="in plain text"),
        pytest.param(asking("https://a.example/", "https://b.test/"), id="two"),
        pytest.param(asking("https://docs.google.com/forms/d/e/x"), id="a form"),
        pytest.param(asking("https://203.0.113.9/"), id="a bare number"),
        pytest.param(
            asking("https://other.example/", From="a@gmail.com"), id="free mail"
        ),
    ],
)
def test_sees_a_request_to_sign_in_at_strangers(raw):
    assert rules(detect, raw) == ["credential-elsewhere"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(asking(), id="no link"),
        pytest.param(asking("https://sign-in.example.com/"), id="home"),
        pytest.param(
            asking("https://sign-in.example.com/", "https://other.example/"),
            id="home among others",
        ),
        pytest.param(asking("https://login.example.org/"), id="our own house"),
        pytest.param(asking("https://www.youtube.com/x"), id="a common place"),
        pytest.param(
            asking("https://login.live.com/", From="a@microsoft.com"),
            id="another domain of the same company",
        ),
        pytest.param(linked("https://other.example/"), id="nothing asked"),
        pytest.param(
            plain(f"Is this real?\n> {ASKS}: https://other.example/"), id="quoted"
        ),
        pytest.param(asking("https://other.example/", From=None), id="no sender"),
    ],
)
def test_leaves_honest_requests_alone(raw):
    assert rules(detect, raw, OWN) == []


def test_names_the_stranger_beside_the_company_that_is_borrowed():
    raw = asking("https://coinbase.com/", "https://other.example/")

    (finding,) = detect(parse(raw), OWN)

    assert "lead to other.example, not" in finding.summary
    assert finding.evidence[1].observed == "other.example"
