"""Small messages for tests of the engine."""

from dashboard.domain.message import Message
from dashboard.domain.parsing import parse

HEAD = b"From: Desk <desk@example.org>\r\nTo: you@example.com\r\nSubject: Hello\r\n"


def plain(body: str, *headers: str) -> bytes:
    """A plain text message."""
    extra = "".join(f"{header}\r\n" for header in headers).encode()
    return (
        HEAD
        + extra
        + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        + body.encode()
    )


def html(body: str, *headers: str) -> bytes:
    """An HTML message."""
    extra = "".join(f"{header}\r\n" for header in headers).encode()
    return (
        HEAD + extra + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    )


def parts(*bodies: bytes, kind: str = "mixed", boundary: str = "b1") -> bytes:
    """A multipart message of parts that bring their own headers."""
    head = HEAD + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()
    mark = f"--{boundary}".encode()
    pieces = b"".join(mark + b"\r\n" + body + b"\r\n" for body in bodies)
    return head + b"\r\n" + pieces + mark + b"--\r\n"


def read(raw: bytes) -> Message:
    """The message as the engine sees it."""
    return parse(raw)


def limits(message: Message) -> list[str]:
    """The limits a message passed."""
    return [breach.limit for breach in message.breaches]
