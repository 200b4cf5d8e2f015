"""An envelope sender unrelated to the one shown."""

import pytest

from dashboard.domain.detectors.return_path import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="the same"),
        pytest.param(
            plain(Return_Path="<bounce@mailer.example.com>"),
            [],
            id="the same organisation",
        ),
        pytest.param(plain(Return_Path=None), [], id="none"),
        pytest.param(plain(Return_Path="<>"), [], id="a bounce"),
        pytest.param(plain(Return_Path="<b@mcsv.net>"), [], id="a mailing service"),
        pytest.param(
            plain(Return_Path="<SRS0=x=y=example.com=desk@forward.example.net>"),
            [],
            id="a forwarder",
        ),
        pytest.param(
            plain(Return_Path="<x@example.net>"),
            ["return-path-mismatch"],
            id="a stranger",
        ),
    ],
)
def test_compares_envelope_and_sender(raw, expected):
    assert rules(detect, raw) == expected
