"""Mailboxes in a header, found in one pass whatever the nesting."""

import re
from dataclasses import dataclass, field

from dashboard.domain.findings import Place, Where
from dashboard.domain.headers import Field, Span, decode_value
from dashboard.domain.message import Address

MAX_ADDRESSES = 500

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[<>,;:()]|[^"<>,;:()\s]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


# What nearly every From line is: a name that needs no reading, and one mailbox.
_USUAL = re.compile(
    r"""(?:"([^"\\]*)"|([^"\\<>@(),:;\s](?:[^"\\<>@(),:;]*[^"\\<>@(),:;\s])?))?
        \s*<([^\s<>@(),:;"]+@[^\s<>@(),:;"]+)>\Z""",
    re.VERBOSE,
)
_ALONE = re.compile(r"[^\s<>@(),:;\"]+@[^\s<>@(),:;\"]+\Z")


@dataclass(slots=True)
class _Entry:
    """One mailbox being read: the span of its name and that of its address."""

    phrase: list[Span] = field(default_factory=list)
    angle: Span | None = None
    comment: Span | None = None


def read(source: Field) -> tuple[Address, ...]:
    """The mailboxes of a header; a name without one is kept with an empty mailbox.

    Comments are counted, not recursed into, so nesting costs nothing (RFC 5322, 3.2.2).
    """
    value, words, _ = decode_value(source.value)
    if not words and (usual := _usual(value, source)):
        return (usual,)
    found = _addresses(value, _mask(value, words), source)
    if words and not any(address.mailbox for address in found):
        found = _addresses(value, value, source)
    with_mailbox = tuple(address for address in found if address.mailbox)
    return with_mailbox or found[:1]


def _usual(value: str, source: Field) -> Address | None:
    """A single mailbox in the usual form, read at once."""
    if _ALONE.match(value):
        return Address(value, "", _within(source, (0, len(value))))
    found = _USUAL.match(value)
    if not found:
        return None
    mailbox = _within(source, found.span(3))
    name = _trim(value, found.span(1) if found[1] is not None else found.span(2))
    if not (found[1] or found[2]) or not name:
        return Address(found[3], "", mailbox)
    return Address(found[3], value[slice(*name)], mailbox, _within(source, name))


def _mask(value: str, words: tuple[Span, ...]) -> str:
    """The value with decoded words blotted out: they hold text, never syntax."""
    pieces, last = [], 0
    for start, end in words:
        pieces += [value[last:start], "x" * (end - start)]
        last = end
    return "".join([*pieces, value[last:]])


def _addresses(value: str, syntax: str, source: Field) -> tuple[Address, ...]:
    entries = _entries(syntax)
    read_entries = (_address(entry, value, syntax, source) for entry in entries)
    return tuple(address for address in read_entries if address != Address())


def _entries(syntax: str) -> list[_Entry]:
    entries = [_Entry()]
    depth = opened = 0
    angle = -1
    for token in _TOKEN.finditer(syntax):
        mark, (start, end) = token[0], token.span()
        if len(entries) > MAX_ADDRESSES:
            break
        if mark in "()" and angle < 0:
            opened = end if depth == 0 else opened
            depth = max(0, depth + (1 if mark == "(" else -1))
            if depth == 0:
                entries[-1].comment = (opened, start)
        elif depth == 0:
            angle = _step(entries, mark, (start, end), angle)
    if angle >= 0:
        entries[-1].angle = (angle, len(syntax))
    return entries


def _step(entries: list[_Entry], mark: str, span: Span, angle: int) -> int:
    """Take one token; answers where the open angle bracket began, or -1."""
    if angle >= 0:
        if mark != ">":
            return angle
        entries[-1].angle = (angle, span[0])
    elif mark == "<":
        if entries[-1].angle:
            entries.append(_Entry())
        return span[1]
    elif mark in ",;":
        entries.append(_Entry())
    elif mark == ":":  # the name of a group, such as undisclosed-recipients
        entries[-1].phrase.clear()
    elif mark != ">":
        entries[-1].phrase.append(span)
    return -1


def _address(entry: _Entry, value: str, syntax: str, source: Field) -> Address:
    phrase, mailbox = entry.phrase, entry.angle
    if mailbox is None:
        phrase, mailbox = _bare(entry.phrase, syntax)
    elif (route := value.rfind(":", *mailbox)) >= 0:
        mailbox = (route + 1, mailbox[1])  # RFC 5322, 4.4: an obsolete source route
    mailbox = _trim(value, mailbox) if mailbox else None
    name = _name_span(phrase, value) or (entry.comment and _trim(value, entry.comment))
    return Address(
        mailbox=value[slice(*mailbox)] if mailbox else "",
        name=_name(value[slice(*name)]) if name else "",
        place=_within(source, mailbox) if mailbox else None,
        name_place=_within(source, name) if name else None,
    )


def _bare(phrase: list[Span], syntax: str) -> tuple[list[Span], Span | None]:
    """Split words without angle brackets into a name and the word with the @."""
    for at in range(len(phrase) - 1, -1, -1):
        if "@" in syntax[slice(*phrase[at])]:
            start, end = phrase[at]
            if at and phrase[at - 1][1] == start:  # "a quoted local part"@domain
                return phrase[: at - 1], (phrase[at - 1][0], end)
            is_quoted = syntax[start] == '"' == syntax[end - 1]  # as a reader takes it
            return phrase[:at], (start + is_quoted, end - is_quoted)
    return phrase, None


def _name_span(phrase: list[Span], value: str) -> Span | None:
    """The stretch the name covers, without the quotes around it."""
    if not phrase:
        return None
    start, end = phrase[0][0], phrase[-1][1]
    if len(phrase) == 1 and end - start > 1 and value[start] == value[end - 1] == '"':
        start, end = start + 1, end - 1
    return _trim(value, (start, end))


def _trim(value: str, span: Span) -> Span | None:
    start, end = span
    text = value[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    return (start, end) if start < end else None


def _name(text: str) -> str:
    """A name as shown: without quotes and escapes."""
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    elif text.count('"') >= 2:
        text = text.replace('"', "")
    return text


def _within(source: Field, span: Span) -> Place:
    return Place(Where.HEADER, source.name, source.number, source.line, "", "", *span)
