"""An answer to a mail that the organisation really wrote to its sender."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.detectors.thread_held import RULE, detect
from dashboard.domain.engine import examine
from tests.domain.detectors.histories import ANSWERED, HELD, knowing
from tests.domain.detectors.mail import checked, plain, rules

ID = "<7@example.org>"


def answer(raw=None, *, named=ID, header="In-Reply-To"):
    told = raw or checked("example.com", "pass")
    return f"{header}: {named}\r\n".encode() + told


@pytest.mark.parametrize(
    ("raw", "context", "expected"),
    [
        pytest.param(answer(), HELD, [RULE], id="named"),
        pytest.param(answer(header="References"), HELD, [RULE], id="referred to"),
        pytest.param(
            answer(named=f"<1@example.net> {ID}", header="References"),
            HELD,
            [RULE],
            id="referred to last",
        ),
        pytest.param(answer(named="<8@example.org>"), HELD, [], id="another mail"),
        pytest.param(answer(named="7@example.org"), HELD, [], id="no id"),
        pytest.param(answer(), ANSWERED, [], id="a mail we do not hold"),
        pytest.param(answer(), Context(), [], id="nobody looked"),
        pytest.param(checked("example.com", "pass"), HELD, [], id="a first mail"),
        pytest.param(
            answer(), knowing(held=("7@example.org",), judged_bad=1), [], id="phishing"
        ),
    ],
)
def test_needs_a_mail_we_hold(raw, context, expected):
    assert rules(detect, raw, context) == expected


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(answer(plain(From="a@example.com")), id="nobody checked"),
        pytest.param(answer(checked("example.com", "fail")), id="refuted"),
    ],
)
def test_an_id_that_a_forger_knows_moves_nothing(raw):
    unknown = Context(own_domains=HELD.own_domains)

    assert rules(detect, raw, HELD) == []
    assert (
        examine(raw, context=HELD).assessment.score
        == examine(raw, context=unknown).assessment.score
    )
