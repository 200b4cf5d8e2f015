"""Signatures on a mail, verified with keys that somebody else looked up (RFC 6376)."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from dashboard.domain import canonical, keys, tags
from dashboard.domain.domains import ascii_host, is_within
from dashboard.domain.headers import Block, Field, scan
from dashboard.domain.message import Message
from dashboard.domain.remembering import remembered
from dashboard.domain.verification import Outcome

MOST: Final = 5  # signatures of one mail that are verified
SKEW: Final = 24 * 3600  # seconds by which clocks may differ
# What was found at a name; None: no answer. A name that is missing was not asked for.
Answers = Mapping[str, tuple[bytes, ...] | None]

_KINDS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_NEEDED = ("b", "bh", "d", "h", "s", "a")
# Whoever may change one of these shows a reader something that nobody signed.
# Large providers leave the type out, so one that stands alone may be unsigned.
_SHOWN = {"from": 0, "subject": 0, "reply-to": 0, "content-type": 1}
_DIGITS = 15


class Source(NamedTuple):
    """The headers and the body of a mail as they travelled."""

    raw: bytes
    block: Block

    def field(self, field: Field) -> bytes:
        """A header as it stands, with its name."""
        end = self.raw.index(b":", field.start) + 1 + len(field.value)
        return self.raw[field.start : end]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the headers was left out or cut."""
        is_cut = any(field.cut for field in self.block.fields)
        return not (self.block.has_more or is_cut or self.block.broken_at >= 0)


class Signed(NamedTuple):
    """What one signature says of itself."""

    field: Field
    told: Mapping[str, str]
    domain: str
    selector: str

    @property
    def forms(self) -> tuple[str, str]:
        """How headers and body were written for it."""
        header, _, body = self.told.get("c", "simple/simple").lower().partition("/")
        return header.strip(), body.strip() or "simple"


@remembered
def source(message: Message) -> Source:
    """Find the headers again in the bytes of a message."""
    at = 3 if message.raw.startswith(b"\xef\xbb\xbf") else 0
    first = message.headers[0].line if message.headers else 1
    for _ in range(first - 1):
        at = message.raw.find(b"\n", at) + 1
    return Source(message.raw, scan(message.raw, at, len(message.raw)))


def signed(message: Message) -> tuple[Signed, ...]:
    """The first signatures of a message, top first."""
    fields = source(message).block.named.get("dkim-signature", [])
    return tuple(read(field) for field in fields[:MOST])


def read(field: Field) -> Signed:
    """What a signature says; nothing is told by one that is malformed."""
    told = tags.read(field.value.decode("latin-1"))
    domain = ascii_host(told.get("d", ""))
    return Signed(field, told, domain, told.get("s", "").lower())


def outcome(
    message: Message, each: Signed, records: tuple[bytes, ...] | None, at: datetime
) -> Outcome:
    """What becomes of a DKIM signature, given what DNS holds for its key."""
    if found := fault(message, each, at):
        return found
    if records is None:
        return Outcome.UNANSWERED
    parts = [*hashed(source(message), each), _own(source(message), each)]
    return verdict(each, records, b"".join(parts), body_of(message, each))


def fault(message: Message, each: Signed, at: datetime) -> Outcome | None:
    """Why a signature cannot be relied on, whatever its key is."""
    return _flaw(message, each, at) or _uncovered(message, each)


def _flaw(message: Message, each: Signed, at: datetime) -> Outcome | None:
    told = each.told
    if any(not told.get(name) for name in _NEEDED) or not source(message).is_whole:
        return Outcome.MALFORMED
    if told["a"].lower() not in _KINDS:
        return Outcome.WEAK if "sha1" in told["a"].lower() else Outcome.MALFORMED
    header, body = each.forms
    if header not in canonical.HEADERS or body not in canonical.BODIES:
        return Outcome.MALFORMED
    if not _is_of(each):
        return Outcome.MALFORMED
    return _out_of_time(told, at)


def _is_of(each: Signed) -> bool:
    """Whether a signature speaks for nobody outside of its domain."""
    identity = ascii_host(each.told.get("i", f"@{each.domain}").rpartition("@")[2])
    return is_within(identity, each.domain)


def _out_of_time(told: Mapping[str, str], at: datetime) -> Outcome | None:
    made, ends = told.get("t", ""), told.get("x", "")
    for text in (made, ends):
        if text and not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
            return Outcome.MALFORMED
    if ends and int(ends) <= int(made or 0):
        return Outcome.MALFORMED
    if ends and int(ends) < at.timestamp() - SKEW:
        return Outcome.EXPIRED
    if made and int(made) > at.timestamp() + SKEW:
        return Outcome.MALFORMED
    return None


def _uncovered(message: Message, each: Signed) -> Outcome | None:
    """Whether a signature leaves out something that the reader is shown.

    A header that stands in the mail more often than it was signed could be the one
    the reader sees (RFC 6376, 8.15).
    """
    listed = tags.items(each.told["h"])
    named = source(message).block.named
    for name, unsigned in _SHOWN.items():
        if len(named.get(name, ())) > max(unsigned, listed.count(name)):
            return Outcome.UNCOVERED
    if len(named.get("from", ())) != 1:
        return Outcome.UNCOVERED
    length = each.told.get("l")
    if length is None:
        return None
    if not (length.isascii() and length.isdecimal() and len(length) <= _DIGITS):
        return Outcome.MALFORMED
    whole = _body(message, each.forms[1])[1]
    if int(length) > whole:
        return Outcome.BROKEN
    return Outcome.PARTIAL if int(length) < whole else None


def verdict(
    each: Signed, records: tuple[bytes, ...], content: bytes, body: bytes | None
) -> Outcome:
    """Whether the key signed the content; a body given as hash must agree too."""
    try:
        key = keys.read(records, _KINDS[each.told["a"].lower()])
    except keys.NoKey:
        return Outcome.NO_KEY
    except keys.WeakKey:
        return Outcome.WEAK
    if key.is_tested:
        return Outcome.TESTING
    identity = each.told.get("i", "").rpartition("@")[2]
    if key.is_narrow and identity and ascii_host(identity) != each.domain:
        return Outcome.MALFORMED
    if body is not None and keys.unpacked(each.told.get("bh", "")) != body:
        return Outcome.BROKEN
    is_genuine = keys.is_signed(key, keys.unpacked(each.told["b"]), content)
    return Outcome.PASS if is_genuine else Outcome.BROKEN


def body_of(message: Message, each: Signed) -> bytes:
    """The hash of the body in the form the signature was made for."""
    return _body(message, each.forms[1])[0]


@remembered
def _body(message: Message, form: str) -> tuple[bytes, int]:
    """The hash and the length of the body in one form."""
    raw, block = source(message)
    body = canonical.BODIES[form](raw[block.body :])
    return hashlib.sha256(body).digest(), len(body)


def hashed(mail: Source, each: Signed) -> Iterable[bytes]:
    """The headers that were signed, the lowest of a name first (RFC 6376, 5.4.2)."""
    form = canonical.HEADERS[each.forms[0]]
    left = {name: [*fields] for name, fields in mail.block.named.items()}
    for name in tags.items(each.told["h"]):
        if left.get(name):
            yield form(mail.field(left[name].pop()))


def _own(mail: Source, each: Signed) -> bytes:
    form = canonical.HEADERS[each.forms[0]]
    return form(without_value(mail.field(each.field))).removesuffix(b"\r\n")


def without_value(field: bytes) -> bytes:
    """A signature's header with nothing after its `b=` (RFC 6376, 3.7)."""
    name, colon, value = field.partition(b":")
    pieces = [
        piece.partition(b"=")[0] + b"="
        if piece.partition(b"=")[0].strip() == b"b"
        else piece
        for piece in value.split(b";")
    ]
    return name + colon + b";".join(pieces)
