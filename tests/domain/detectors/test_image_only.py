"""A mail that is a picture."""

import pytest

from dashboard.domain.detectors.image_only import detect
from tests.domain.detectors.mail import page, plain, rules

LONG = "word " * 20
OFF = "To stop these letters for good unsubscribe here, or write to Harbour Row 12. "
SCAN = "Scan the QR code with your phone to sign in."
CODE = f"<p>{SCAN}</p><img src=cid:a>"
IMAGE = '<a href="https://other.example/"><img src="https://other.example/a.png"></a>'
HOME = "Shop <a@www.example>"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(page(f"{IMAGE}<p>{LONG}</p>"), [], id="a picture and text"),
        pytest.param(page(IMAGE), ["image-only"], id="a picture alone"),
        pytest.param(page("<img src=a.png>"), [], id="nothing to click"),
        pytest.param(plain(), [], id="no picture"),
        pytest.param(page(f"{CODE}{LONG}"), ["image-only"], id="a code to scan"),
        pytest.param(
            page(f"{CODE}<a href='https://example.com/'>or here</a>{LONG}"),
            [],
            id="a code beside a link",
        ),
        pytest.param(page(f"<p>{SCAN}</p>{LONG}"), [], id="a code nowhere"),
        pytest.param(
            page(f"<p>Scannen Sie den QR-Code.</p><img src=cid:a>{LONG}"),
            ["image-only"],
            id="a code in another language",
        ),
        pytest.param(
            page(f"{IMAGE}<p>{OFF}</p><p>{OFF}</p>"),
            ["image-only"],
            id="a picture and the way off a list",
        ),
        pytest.param(
            page(f"{IMAGE}<p>{OFF}</p><p>{LONG * 2}</p>"),
            [],
            id="a picture, the way off a list and text",
        ),
        pytest.param(
            page(f"{IMAGE}<p>{OFF * 20}</p>"), [], id="a picture and long terms"
        ),
        pytest.param(
            page(f"{IMAGE.replace('other', 'www')}<p>{OFF}{OFF}</p>", From=HOME),
            [],
            id="a picture that leads home",
        ),
        pytest.param(
            page(f"<img src=a.png><p>{OFF}<a href='https://o.test/'>Leave</a></p>"),
            [],
            id="a picture without a link",
        ),
        pytest.param(
            page(f"<p>Show this code at the door.</p><img src=cid:a>{LONG}"),
            [],
            id="a ticket",
        ),
    ],
)
def test_weighs_text_and_pictures(raw, expected):
    assert rules(detect, raw) == expected
