"""What a message yields: its own places, not those of everybody or of a brand."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.evidence import read
from dashboard.domain.observables import MOST, observables, yielded
from dashboard.domain.parsing import parse
from tests.domain.detectors.mail import carrying, linked, page, plain

OWN = Context(own_domains=("example.org",))


def keys(raw, context=OWN):
    return [seen.key for seen in yielded(parse(raw), context)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(plain(From="A <A@evil.test>"), "email:a@evil.test", id="sender"),
        pytest.param(plain(From="a@evil.test"), "domain:evil.test", id="its domain"),
        pytest.param(plain(Reply_To="b@x.test"), "email:b@x.test", id="reply-to"),
        pytest.param(linked("https://x.test/a"), "url:https://x.test/a", id="link"),
        pytest.param(linked("https://a.x.test/"), "domain:a.x.test", id="host"),
        pytest.param(linked("https://a.x.test/"), "domain:x.test", id="above it"),
        pytest.param(linked("http://192.0.2.9/"), "ip:192.0.2.9", id="address"),
        pytest.param(plain(From="x@gmail.com"), "email:x@gmail.com", id="free mail"),
        pytest.param(
            linked("https://bit.ly/abc"), "url:https://bit.ly/abc", id="short link"
        ),
    ],
)
def test_yields(raw, expected):
    assert expected in keys(raw)


@pytest.mark.parametrize(
    ("raw", "left_out"),
    [
        pytest.param(plain(From="x@gmail.com"), "domain:gmail.com", id="free mail"),
        pytest.param(linked("https://bit.ly/abc"), "domain:bit.ly", id="shortener"),
        pytest.param(
            linked("https://www.paypal.com/x"), "url:https://www.paypal.com/x", id="URL"
        ),
        pytest.param(plain(From="s@paypal.com"), "domain:paypal.com", id="brand"),
        pytest.param(plain(From="s@paypal.com"), "email:s@paypal.com", id="its mail"),
        pytest.param(plain(From="x@example.org"), "domain:example.org", id="our own"),
        pytest.param(
            plain(Return_Path="<b@x.test>"), "email:b@x.test", id="return path"
        ),
    ],
)
def test_leaves_out_what_many_share(raw, left_out):
    assert left_out in [seen.key for seen in observables(parse(raw))]
    assert left_out not in keys(raw)


def test_an_attachment_is_known_by_its_hash():
    message = parse(carrying("a.exe", b"MZ"))

    assert keys(message.raw)[-1] == f"sha256:{message.attachments[0].sha256}"


def test_a_thousand_links_yield_no_more_than_the_cap():
    links = "".join(f'<a href="https://x{n}.test/">x</a>' for n in range(1000))

    assert len(keys(page(links))) == MOST


def test_everything_stands_where_it_says():
    message = parse(linked("https://a.x.test/p", From="A <a@evil.test>"))

    for seen in observables(message):
        assert seen.value.split("/")[2 if "//" in seen.value else 0] in read(
            message, seen.place
        )
