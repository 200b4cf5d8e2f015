"""Copies of a message that no longer tell which collection it was found in.

A set of messages is known by its transport, list tags, footers, dates and the
tokens that stand for removed addresses before it is known by any deceit. What is
learned must also hold on these copies.
"""

import hashlib
import html
import re
from collections.abc import Sequence
from random import Random

from dashboard.domain.message import LinkKind, Message
from dashboard.domain.parsing import parse

Fields = list[tuple[bytes, bytes]]

DATE = b"Tue, 14 May 2024 09:12:44 +0000"
MOST_TEXT = 60_000
MOST_LINKS = 20
_KEPT = frozenset(
    {b"from", b"to", b"subject", b"reply-to", b"date", b"message-id", b"mime-version"}
)
_THREAD = frozenset({b"in-reply-to", b"references", b"thread-index", b"thread-topic"})
_READERS = frozenset({b"cc", b"sender", b"delivered-to", b"x-original-to"})
_LISTS = frozenset({b"list-id", b"list-post", b"mailing-list", b"x-beenthere"})
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_TAG = re.compile(rb"\[[A-Za-z][^\]\n]{1,40}\][ \t]*")
_REPLY = re.compile(rb"(?i)\A\s*(?:(?:re|fwd?|aw|wg|antw|sv|tr|rv)\s*:\s*)+")
_FOOTER = re.compile(
    rb"(?ims)^(?:_{20,}|-{20,}|-- ?$|--=20$|You received this message because)"
    rb".{0,1500}\Z"
)
_MAILBOX = re.compile(rb"[\w.+-]+@[\w.-]+")
_URL = re.compile(r"https?://[^\s<>&\"]+")


def bare(raw: bytes, name: str, tokens: Sequence[str] = ()) -> bytes:
    """The message with nothing but what its author wrote.

    `name` decides, and nothing else, what stands in for the reader's address.
    """
    fields, body = _divided(raw)
    return _joined(*_scrubbed(fields, body, name, tokens))


def exchanged(raw: bytes, name: str, donor: bytes, tokens: Sequence[str] = ()) -> bytes:
    """The same under the transport headers of another message, made to fit."""
    fields, body = _divided(raw)
    lent, _ = _divided(donor)
    own, other = _domain(fields), _domain(lent)
    transport = [
        (key, value.replace(other, own) if own and other else value)
        for key, value in lent
        if _is_transport(key.lower())
    ]
    date = next((value for key, value in lent if key.lower() == b"date"), DATE)
    scrubbed, text = _scrubbed(fields, body, name, tokens, date=date.strip())
    return _joined(transport + scrubbed, text)


def redressed(raw: bytes, name: str, tokens: Sequence[str] = ()) -> bytes:
    """The same words in the other dress: a page as plain text, plain text as a page."""
    fields, _ = _divided(raw)
    scrubbed, _ = _scrubbed(fields, b"", name, tokens)
    written = [(key, value) for key, value in scrubbed if not _is_form(key.lower())]
    message = parse(raw)
    is_page = any(page.is_body for page in message.html)
    kind = b" text/plain" if is_page else b" text/html"
    body = (_as_text(message) if is_page else _as_page(message)).encode(
        "utf-8", "replace"
    )
    written += [
        (b"MIME-Version", b" 1.0"),
        (b"Content-Type", kind + b"; charset=utf-8"),
        (b"Content-Transfer-Encoding", b" 8bit"),
    ]
    return _joined(written, _without(body, tokens, _reader(name)))


def _as_text(message: Message) -> str:
    shown = "\n".join(page.visible for page in message.html if page.is_body)
    led = (each.target for each in message.links if each.kind is LinkKind.ANCHOR)
    return "\n".join([shown[:MOST_TEXT], "", *list(dict.fromkeys(led))[:MOST_LINKS]])


def _as_page(message: Message) -> str:
    text = "\n".join(part.text for part in message.texts)[:MOST_TEXT]
    cut = _FOOTER.sub(b"", text.encode("utf-8", "replace")).decode("utf-8", "replace")
    linked = _URL.sub(r'<a href="\g<0>">\g<0></a>', html.escape(cut))
    paragraphs = "".join(f"<p>{each}</p>" for each in linked.split("\n\n"))
    return f"<html><body>{paragraphs}</body></html>"


def _divided(raw: bytes) -> tuple[Fields, bytes]:
    """The header fields as written, and the body."""
    raw = raw.replace(b"\r\n", b"\n")
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    fields: Fields = []
    at = 0
    while found := _FIELD.match(raw, at):
        fields.append((found[1], found[2]))
        at = found.end()
    return fields, raw[at:].removeprefix(b"\n")


def _joined(fields: Fields, body: bytes) -> bytes:
    return b"".join(b"%s:%s\n" % field for field in fields) + b"\n" + body


def _is_form(key: bytes) -> bool:
    return key.startswith(b"content-") or key == b"mime-version"


def _is_transport(key: bytes) -> bool:
    return key not in _KEPT | _THREAD | _READERS and not _is_form(key)


def _scrubbed(
    fields: Fields,
    body: bytes,
    name: str,
    tokens: Sequence[str],
    *,
    date: bytes = DATE,
) -> tuple[Fields, bytes]:
    """What the author wrote, without tags, footers, answers, dates and tokens."""
    reader, answers_go_to_a_list = _reader(name), _is_list(fields)
    made_at = _domain(fields) or b"mail.example"
    number = hashlib.sha256(name.encode()).hexdigest()[:20].encode()
    said = {
        b"date": b" " + date,
        b"to": b" " + reader,
        b"message-id": b" <%s@%s>" % (number, made_at),
    }
    kept: Fields = []
    for field, value in fields:
        key = field.lower()
        if key not in _KEPT and not _is_form(key):
            continue
        if key == b"reply-to" and answers_go_to_a_list:
            continue
        if key == b"subject":
            value = b" " + _REPLY.sub(b"", _TAG.sub(b"", value))
        kept.append((field, said.get(key, _without(value, tokens, reader))))
    return kept, _FOOTER.sub(b"", _without(body, tokens, reader))


def _without(text: bytes, tokens: Sequence[str], reader: bytes) -> bytes:
    """A text whose tokens for removed addresses became an ordinary address."""
    for token in tokens:
        for sign in (b"@", b"=40", b"%40"):
            written = token.encode().replace(b"@", sign)
            text = text.replace(written, reader.replace(b"@", sign))
    return text


def _is_list(fields: Fields) -> bool:
    """Whether answers go to those written to: that marks a mailing list."""
    if any(key.lower() in _LISTS for key, _ in fields):
        return True
    told = {key.lower(): value.lower() for key, value in fields}
    readers = told.get(b"to", b"") + told.get(b"cc", b"")
    return any(to in readers for to in _MAILBOX.findall(told.get(b"reply-to", b"")))


def _domain(fields: Fields) -> bytes:
    """The domain of the address shown as the sender."""
    told = (value for key, value in fields if key.lower() == b"from")
    mailboxes = _MAILBOX.findall(next(told, b""))
    return mailboxes[-1].rpartition(b"@")[2] if mailboxes else b""


def _reader(name: str) -> bytes:
    """An address that only the name of a message decides."""
    chosen = Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - no secret
    local = "".join(chosen.choices("abcdeghiklmnoprstu", k=6))
    label = "".join(chosen.choices("bcdefghiklmnoprst", k=7))
    return f"{local}@{label}.example".encode()
