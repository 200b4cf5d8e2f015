"""A mail that is a picture."""

import pytest

from dashboard.domain.detectors.image_only import detect
from tests.domain.detectors.mail import page, plain, rules

LONG = "word " * 20
IMAGE = '<a href="https://other.example/"><img src="https://other.example/a.png"></a>'


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(page(f"{IMAGE}<p>{LONG}</p>"), [], id="a picture and text"),
        pytest.param(page(IMAGE), ["image-only"], id="a picture alone"),
        pytest.param(page("<img src=a.png>"), [], id="nothing to click"),
        pytest.param(plain(), [], id="no picture"),
    ],
)
def test_weighs_text_and_pictures(raw, expected):
    assert rules(detect, raw) == expected
