"""Small messages for detectors, and what a detector says of them."""

import base64
from collections.abc import Callable, Iterable

from dashboard.domain.context import Context
from dashboard.domain.evidence import read
from dashboard.domain.findings import Finding
from dashboard.domain.message import Message
from dashboard.domain.parsing import parse

Detect = Callable[[Message, Context], Iterable[Finding]]

USUAL = {
    "Return-Path": "<desk@example.com>",
    "Received": "from a.example.com by mx.example.org; Mon, 2 Nov 2026 09:00:00 +0000",
    "From": "Desk <desk@example.com>",
    "To": "reader@example.org",
    "Subject": "The minutes",
    "Date": "Mon, 2 Nov 2026 08:59:00 +0000",
    "Message-ID": "<1@example.com>",
    "MIME-Version": "1.0",
}
OWN = Context(own_domains=("example.org",), executives=("Robin Example",))


def plain(body: str = "See you on Monday.", **headers: str | None) -> bytes:
    """A plain text message; a header given as None is left out."""
    return _head(headers, "text/plain; charset=utf-8") + body.encode()


def answering(raw: bytes) -> bytes:
    """The same message, naming one that it answers."""
    return b"In-Reply-To: <1@example.org>\r\n" + raw


def discussing(raw: bytes) -> bytes:
    """The same message, answering another one and repeating enough of it."""
    said = "The minutes of Monday are with the desk, which will send them round. " * 2
    told = (
        f"<p>The desk wrote:</p><p>{said}</p>" if b"text/html" in raw else f"> {said}"
    )
    return answering(raw) + f"\r\n{told}\r\n".encode()


def page(body: str, **headers: str | None) -> bytes:
    """An HTML message."""
    return _head(headers, "text/html; charset=utf-8") + body.encode()


def linked(url: str, text: str = "Here", **headers: str | None) -> bytes:
    """An HTML message with one link."""
    return page(f'<p>Look:</p><a href="{url}">{text}</a>', **headers)


def carrying(
    name: str,
    content: bytes,
    kind: str = "application/octet-stream",
    text: str = "Attached.",
) -> bytes:
    """A message with one file."""
    coded = base64.encodebytes(content).decode()
    parts = (
        f"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--b1\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{_percent(name)}\r\n\r\n"
        f"{coded}\r\n--b1--\r\n"
    )
    return _head({}, 'multipart/mixed; boundary="b1"') + parts.encode()


def checked(domain: str, result: str, url: str = "") -> bytes:
    """Mail of a domain that the receiving server checked."""
    told = f"mx.example.org; dmarc={result} header.from={domain}"
    kind = linked(url, From=f"a@{domain}") if url else plain(From=f"a@{domain}")
    return _stamped(kind, told)


def signed(message_id: str, result: str) -> bytes:
    """Checked mail that was made somewhere."""
    told = f"mx.example.org; dmarc={result} header.from=example.com"
    return _stamped(plain(Message_ID=message_id), told)


def _stamped(raw: bytes, results: str) -> bytes:
    return f"Authentication-Results: {results}\r\n".encode() + raw


def rules(detect: Detect, raw: bytes, context: Context = Context()) -> list[str]:  # noqa: B008
    """The rules that speak; whatever they show stands where they say."""
    message = parse(raw)
    found = list(detect(message, context))
    for finding in found:
        assert finding.evidence
        assert finding.summary[-1] in ".!?”"
        for seen in finding.evidence:
            assert read(message, seen.place) == seen.value
    return sorted(finding.rule for finding in found)


def _head(headers: dict[str, str | None], kind: str) -> bytes:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {**USUAL, **given, "Content-Type": kind}
    lines = (
        f"{name}: {value}\r\n" for name, value in told.items() if value is not None
    )
    return "".join(lines).encode() + b"\r\n"


def _percent(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())
