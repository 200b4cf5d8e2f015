"""The message as its reader saw it, with nothing in it that loads, links or runs."""

import re
from html import escape

import nh3
from selectolax.lexbor import LexborNode

from dashboard.domain import dom
from dashboard.domain.dom import Look
from dashboard.domain.indicators import defang, reveal, shown
from dashboard.domain.links import spans
from dashboard.domain.message import Html, Message
from dashboard.domain.parsing import page_text
from dashboard.domain.urls import host_of

MAX_NODES = 20_000
MAX_OUTPUT = 200_000  # characters
MAX_DEPTH = 40  # the cleaner's time grows with the square of the depth
MAX_SHOWN = 300  # characters of one link's target

_STRUCTURE = (
    "p br div table caption thead tbody tfoot tr td th ul ol li dl dt dd h1 h2 h3 h4 "
    "h5 h6 b strong i em u s sub sup small blockquote pre code hr wbr"
)
_KEPT = frozenset(_STRUCTURE.split())
_VOID = frozenset({"br", "hr", "wbr"})
_FIELDS = frozenset({"input", "textarea", "select", "button"})

# No style may be given to what is framed, so that long words say where they fold.
_WORD = re.compile(r"\S{32}(?=\S)")
_FOLD = "\u200b"
_BLANKS = re.compile(r"(?m)^ +| {2,}")

_Step = tuple[LexborNode | str | None, Look, int]


def render(message: Message) -> str:
    """A complete HTML page of the message body: no attribute, no address, no script.

    Links are text, each followed by where it leads, defanged. What the sender hid is
    left out here; it stands among the findings. A plain message is shown as it is.
    """
    bodies = [page for page in message.html if page.is_body]
    if bodies:
        pieces = [_drawn(message, page) for page in bodies[:5]]
    else:
        texts = [part.text for part in message.texts[:20] if part.text.strip()]
        pieces = [_lines(text) for text in texts]
    body = "<hr>".join(pieces)[:MAX_OUTPUT] or "<p>This message shows no text.</p>"
    return _page(clean(body))


def clean(markup: str) -> str:
    """Markup reduced to structure: known elements without any attribute."""
    return nh3.clean(markup, tags=set(_KEPT), attributes={}, link_rel=None)


def _page(body: str) -> str:
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f"<title>Safe view</title></head><body>{body}</body></html>"
    )


def _text(text: str) -> str:
    text = text[:MAX_OUTPUT]
    if "://" in text or "www." in text.lower():
        text = _defanged(text)
    return _quoted(reveal(text))


def _lines(text: str) -> str:
    """Plain text with its lines and blanks, folded where a narrow screen ends."""
    markup = _BLANKS.sub(_blanks, _text(text[:MAX_OUTPUT].expandtabs()))
    return f"<p><code>{'<br>'.join(markup.splitlines())}</code></p>"


def _blanks(run: re.Match[str]) -> str:
    pairs, odd = divmod(len(run[0]), 2)
    return "&nbsp; " * pairs + "&nbsp;" * odd


def _quoted(text: str) -> str:
    folded = _WORD.sub(rf"\g<0>{_FOLD}", text)
    return escape(folded, quote=False).replace(_FOLD, "<wbr>")


def _defanged(text: str) -> str:
    pieces, last = [], 0
    for start, end in spans(text):
        pieces += [text[last:start], defang(text[start:end])]
        last = end
    return "".join([*pieces, text[last:]])


def _drawn(message: Message, page: Html) -> str:
    part = next(part for part in message.parts if part.path == page.part)
    document = dom.document(page_text(part))
    out: list[str] = []
    stack: list[_Step] = [(document.root, document.look, 0)]
    for _ in range(MAX_NODES):
        if not stack:
            break
        node, look, depth = stack.pop()
        if isinstance(node, str):
            out.append(node)
        elif node is not None:
            stack.append((node.next, look, depth))
            _draw(node, look, depth, out, stack)
    out += [step[0] for step in reversed(stack) if isinstance(step[0], str)]
    return "".join(out)


def _draw(
    node: LexborNode, around: Look, depth: int, out: list[str], stack: list[_Step]
) -> None:
    tag = node.tag or ""
    if tag == dom.TEXT:
        if not around.how:
            out.append(_text(node.text_content or ""))
        return
    if tag[:1] == "-" or (tag in dom.SILENT and tag != "head"):
        return
    look = dom.look_of(around, tag, node.attributes)
    if look.how:
        return
    kept = tag in _KEPT and depth < MAX_DEPTH
    if kept:
        out.append(f"<{tag}>")
    if kept and tag not in _VOID:
        stack.append((f"</{tag}>", look, depth))
    if after := _said(tag, node.attributes):
        stack.append((after, look, depth))
    stack.append((node.first_child, look, depth + kept))


def _said(tag: str, attributes: dict[str, str | None]) -> str:
    """What is written in place of what a link, picture or field would do."""
    if tag in ("a", "area") and attributes.get("href"):
        return f" <code>[{_target(attributes['href'])}]</code>"
    if tag == "img":
        host = host_of(attributes.get("src") or "")
        alt = " ".join((attributes.get("alt") or "").split())[:MAX_SHOWN]
        source = f": {shown(host)}" if host else ""
        return f" <code>[image blocked{_quoted(source)}]</code> {_text(alt)}"
    if tag == "form":
        return f" <code>[form sends to {_target(attributes.get('action'))}]</code>"
    if tag in _FIELDS and attributes.get("type") != "hidden":
        kind = (attributes.get("type") or tag)[:40]
        return f" <code>[field: {_text(kind)}]</code>"
    return ""


def _target(url: str | None) -> str:
    return _quoted(shown((url or "this page")[:MAX_SHOWN]))
