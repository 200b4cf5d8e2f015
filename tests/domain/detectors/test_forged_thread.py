"""An answer that answers nothing."""

import pytest

from dashboard.domain.detectors.forged_thread import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="no answer"),
        pytest.param(
            plain(Subject="Re: minutes", In_Reply_To="<1@example.org>"),
            [],
            id="an answer",
        ),
        pytest.param(
            plain(Subject="Re: minutes"), ["thread-forged"], id="an answer to nothing"
        ),
        pytest.param(plain(Subject="AW: Protokoll"), ["thread-forged"], id="in German"),
        pytest.param(
            plain("> one\r\n> two", Subject="Fwd: minutes"),
            [],
            id="a forward with its mail",
        ),
        pytest.param(
            plain(Subject="Fwd: minutes"), ["thread-forged"], id="a forward of nothing"
        ),
        pytest.param(
            plain(Subject="Reading: a list"), [], id="a word that begins alike"
        ),
    ],
)
def test_looks_for_what_it_answers(raw, expected):
    assert rules(detect, raw) == expected
