"""Replies that would go to somebody else."""

import pytest

from dashboard.domain.detectors.reply_to import detect
from tests.domain.detectors.mail import plain, rules


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(), [], id="no reply address"),
        pytest.param(
            plain(Reply_To="team@sales.example.com"), [], id="the same organisation"
        ),
        pytest.param(
            plain(Reply_To="list@example.net", To="list@example.net"),
            [],
            id="the list written to",
        ),
        pytest.param(
            plain(From="a@example.org", Reply_To="b@example.org"),
            [],
            id="our own house",
        ),
        pytest.param(
            plain(Reply_To="collect@example.net"),
            ["reply-to-mismatch"],
            id="a stranger",
        ),
        pytest.param(
            plain(Reply_To="collect@gmail.com"),
            ["reply-to-freemail", "reply-to-mismatch"],
            id="a free mailbox",
        ),
        pytest.param(plain(Reply_To="kim@example.org"), [], id="a reader's colleague"),
        pytest.param(
            plain(From="a@gmail.com", Reply_To="b@gmail.com"),
            ["reply-to-mismatch"],
            id="another free mailbox",
        ),
        pytest.param(
            plain(From="a@gmail.com", Reply_To="a@gmail.com"),
            [],
            id="the same free mailbox",
        ),
        pytest.param(
            plain(
                From="A via List <list@lists.example.net>",
                Reply_To="a@example.com",
                List_Id="<l.lists.example.net>",
                List_Post="<mailto:list@lists.example.net>",
            ),
            [],
            id="a list that writes in its own name",
        ),
    ],
)
def test_says_where_an_answer_goes(raw, expected):
    assert rules(detect, raw) == expected
