"""Every URL a message offers, as written and as it would be opened."""

import base64
from urllib.parse import quote

import pytest

from dashboard.domain.evidence import read
from dashboard.domain.message import Link, LinkKind
from dashboard.domain.parsing import parse
from dashboard.domain.rewriters import unwrap
from dashboard.domain.urls import split
from tests.domain.letters import html, parts, plain

PAGE = "https://www.example.net/a?b=c"


def links(body: str) -> list[Link]:
    return list(parse(html(body)).links)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "see https://example.net/a.", ["https://example.net/a"], id="stop"
        ),
        pytest.param(
            "(https://example.net/a)", ["https://example.net/a"], id="bracket"
        ),
        pytest.param(
            "https://example.net/a_(b)!",
            ["https://example.net/a_(b)"],
            id="own bracket",
        ),
        pytest.param("<https://example.net>", ["https://example.net"], id="angles"),
        pytest.param("www.example.net/x,", ["www.example.net/x"], id="no scheme"),
        pytest.param("HTTPS://EXAMPLE.NET/", ["HTTPS://EXAMPLE.NET/"], id="capitals"),
        pytest.param("https://пример.рф/п", ["https://пример.рф/п"], id="idn"),
        pytest.param("hxxp://example.net", ["hxxp://example.net"], id="defanged"),
        pytest.param(
            "https://a.example/https://b.example/",
            ["https://a.example/https://b.example/"],
            id="one inside another",
        ),
        pytest.param("a@www.example.net", [], id="an address"),
        pytest.param("://example.net nothttp://", [], id="no scheme known"),
        pytest.param("http://", [], id="nothing behind it"),
        pytest.param(
            "https://example.net\u200bx", ["https://example.net"], id="unseen"
        ),
    ],
)
def test_bare_urls_end_where_their_sentence_goes_on(
    text: str, found: list[str]
) -> None:
    assert [link.url for link in parse(plain(text)).links] == found


@pytest.mark.parametrize(
    ("body", "kind", "url"),
    [
        pytest.param(f"<a href='{PAGE}'>x</a>", LinkKind.ANCHOR, PAGE, id="a"),
        pytest.param(f"<map><area href='{PAGE}'>", LinkKind.ANCHOR, PAGE, id="area"),
        pytest.param(
            f"<svg><a xlink:href='{PAGE}'>x</a></svg>", LinkKind.ANCHOR, PAGE, id="svg"
        ),
        pytest.param(f"<form action='{PAGE}'>", LinkKind.FORM, PAGE, id="form"),
        pytest.param(f"<button formaction='{PAGE}'>", LinkKind.FORM, PAGE, id="button"),
        pytest.param(f"<img src='{PAGE}'>", LinkKind.IMAGE, PAGE, id="img"),
        pytest.param(f"<img srcset='{PAGE} 2x'>", LinkKind.IMAGE, PAGE, id="srcset"),
        pytest.param(
            f"<td background='{PAGE}'>", LinkKind.IMAGE, PAGE, id="background"
        ),
        pytest.param(
            f"<p style='background:url({PAGE})'>", LinkKind.IMAGE, PAGE, id="style"
        ),
        pytest.param(f"<link href='{PAGE}'>", LinkKind.RESOURCE, PAGE, id="link"),
        pytest.param(f"<iframe src='{PAGE}'>", LinkKind.RESOURCE, PAGE, id="frame"),
        pytest.param(
            f"<meta http-equiv=Refresh content='0; URL={PAGE}'>",
            LinkKind.RESOURCE,
            PAGE,
            id="refresh",
        ),
        pytest.param(
            "<a href=' java\tscript:alert(1)'>x</a>",
            LinkKind.ANCHOR,
            "javascript:alert(1)",
            id="control characters go",
        ),
    ],
)
def test_elements_offer_urls(body: str, kind: LinkKind, url: str) -> None:
    body = f"<table><tr>{body}</table>" if "<td" in body else body
    assert [(link.kind, link.url) for link in links(body)] == [(kind, url)]


def test_an_anchor_shows_its_visible_text() -> None:
    found = links(f"<a href='{PAGE}'>pay<b>pal</b> <i hidden>no</i>now</a>")
    assert found[0].text == "paypal now"


def test_the_shown_text_of_an_anchor_is_not_a_second_link() -> None:
    found = links(f"<a href='{PAGE}'>https://example.org/</a> https://example.com/")
    assert [link.url for link in found] == [PAGE, "https://example.com/"]


def test_a_base_moves_relative_targets() -> None:
    found = links("<base href='https://example.net/x/'><a href=sign-in>x</a>")
    assert (found[0].url, found[0].target) == (
        "sign-in",
        "https://example.net/x/sign-in",
    )


def test_an_invitation_holds_links() -> None:
    event = b"BEGIN:VCALENDAR\r\nURL:https://example.net/meet\r\nEND:VCALENDAR"
    message = parse(parts(b"\r\nhi", b"Content-Type: text/calendar\r\n\r\n" + event))
    assert [(link.kind, link.url) for link in message.links] == [
        (LinkKind.CALENDAR, "https://example.net/meet")
    ]


def test_a_link_of_an_invitation_goes_on_behind_a_fold() -> None:
    event = (
        b"BEGIN:VCALENDAR\r\nURL:https://exa\r\n mple.net/m\r\n eet\r\nEND:VCALENDAR"
    )
    message = parse(parts(b"\r\nhi", b"Content-Type: text/calendar\r\n\r\n" + event))
    link = message.links[0]
    assert link.target == "https://example.net/meet"
    assert read(message, link.place) == "https://exa\r\n mple.net/m\r\n eet"


SAFE = "https://eur01.safelinks.protection.outlook.com/?url="
ENCODED = "https%3A%2F%2Fwww.example.net%2Fa%3Fb%3Dc"
B64 = base64.urlsafe_b64encode(PAGE.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param(f"{SAFE}{ENCODED}&data=05", id="Safe Links"),
        pytest.param(
            "https://chn01.safelinks.protection.partner.outlook.cn/"
            f"?url={ENCODED}&data=05",
            id="Safe Links in China",
        ),
        pytest.param(f"https://urldefense.proofpoint.com/v1/url?u={ENCODED}", id="v1"),
        pytest.param(
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.net_a"
            "-3Fb-3Dc&d=x",
            id="Proofpoint 2",
        ),
        pytest.param(
            "https://urldefense.com/v3/__https://www.example.net/a*b=c__;Pw!!x$",
            id="Proofpoint 3",
        ),
        pytest.param(f"https://www.google.com/url?q={ENCODED}&sa=D", id="Google"),
        pytest.param("https://www.google.de/amp/s/www.example.net/a%3Fb=c", id="AMP"),
        pytest.param(f"https://www.bing.com/ck/a?!&&p=x&u=a1{B64}", id="Bing"),
        pytest.param(f"https://l.facebook.com/l.php?u={ENCODED}", id="Facebook"),
        pytest.param(
            f"https://linkprotect.cudasvc.com/url?a={ENCODED}", id="Barracuda"
        ),
        pytest.param(f"https://eu.protection.sophos.com/?d=x&u={B64}", id="Sophos"),
        pytest.param(f"https://secure-web.cisco.com/1a2b/{ENCODED}", id="Cisco"),
        pytest.param(
            f"https://secure-web.cisco.com/1a2b/{PAGE}", id="Cisco, as it was"
        ),
        pytest.param(
            f"https://url.avanan.click/v2/___{PAGE}___.YXAx", id="Check Point"
        ),
        pytest.param(
            f"https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url={ENCODED}",
            id="Trend Micro",
        ),
        pytest.param(
            f"https://us.ctp.trendmicro.com/wis/clicktime/v1/query?url={ENCODED}",
            id="Trend Micro of a region",
        ),
        pytest.param(
            f"https://protect2.fireeye.com/v1/url?k=1&q=1&u={ENCODED}", id="FireEye"
        ),
        pytest.param(f"https://clicktime.symantec.com/3aB?u={ENCODED}", id="Symantec"),
        pytest.param(
            f"https://scanmail.trustwave.com/?c=1&d=2&u={ENCODED}", id="Trustwave"
        ),
        pytest.param(f"https://link.edgepilot.com/s/1a2b?u={ENCODED}", id="Edgepilot"),
        pytest.param(
            f"https://maps.google.com.br/url?q={ENCODED}", id="Google of a country"
        ),
        pytest.param(
            "https://www.google.co.uk/amp/www.example.net/a%3Fb=c", id="AMP unsafe"
        ),
        pytest.param(
            f"https://linkprotect.cudasvc.com/url?a={quote(SAFE + ENCODED, '')}",
            id="Safe Links in Barracuda",
        ),
        pytest.param(
            f"https://secure-web.cisco.com/1a/{quote(SAFE + ENCODED, '')}",
            id="Safe Links in Cisco",
        ),
        pytest.param(
            "https://urldefense.com/v3/__https://linkprotect.cudasvc.com/url?a="
            f"{ENCODED}__;!!x$",
            id="Barracuda in Proofpoint 3",
        ),
        pytest.param(
            f"{SAFE}https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D"
            "https%253A%252F%252Fwww.example.net%252Fa%253Fb%253Dc",
            id="one in another",
        ),
    ],
)
def test_rewritten_links_are_unwrapped(wrapped: str) -> None:
    assert split(unwrap(wrapped)).host == "www.example.net"
    assert unwrap(wrapped).endswith("b=c")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(PAGE, id="ordinary"),
        pytest.param("https://www.google.com/search?q=https://a.example", id="search"),
        pytest.param(
            "https://safelinks.example.net/?url=https://b.example", id="alike"
        ),
        pytest.param(f"{SAFE}nothing", id="nothing inside"),
        pytest.param(
            f"https://www.google.xyz/url?q={ENCODED}", id="no ending of Google's"
        ),
        pytest.param(
            f"https://xctp.trendmicro.com/?url={ENCODED}", id="no Trend Micro"
        ),
        pytest.param(
            f"https://a-ctp.trendmicro.com.example.org/?url={ENCODED}",
            id="only named like Trend Micro",
        ),
        pytest.param(
            f"https://secure-web.cisco.com.example.org/1/{ENCODED}",
            id="only named like Cisco",
        ),
        pytest.param(
            f"https://xprotection.sophos.com.example.org/?u={B64}",
            id="only named like Sophos",
        ),
        pytest.param(
            f"https://urldefense.com.example.org/v3/__{PAGE}__;!!x$",
            id="only named like Proofpoint",
        ),
        pytest.param(
            "https://inky.com.example.org/link?domain=a.example",
            id="only named like Inky",
        ),
    ],
)
def test_other_links_stay_as_they_are(url: str) -> None:
    assert unwrap(url) == url


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("protect-eu.mimecast.com/s/abc", id="Mimecast"),
        pytest.param("url.uk.m.mimecastprotect.com/s/abc", id="Mimecast of a region"),
        pytest.param("shared.outlook.inky.com/link", id="Inky"),
    ],
)
def test_a_rewriter_that_hides_the_url_still_names_its_domain(host: str) -> None:
    wrapped = f"https://{host}?domain=www.example.net"
    assert unwrap(wrapped) == "https://www.example.net/"


def test_unwrapping_ends() -> None:
    wrapped = "https://example.net/"
    for _ in range(12):
        wrapped = f"https://duckduckgo.com/l/?uddg={wrapped.replace('%', '%25')}"
    assert unwrap(wrapped).startswith("https://duckduckgo.com/")
