"""The element tree of an HTML part: bounded before it is built, walked by path."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dashboard.domain import styles
from dashboard.domain.sheets import Sheet

MAX_SIZE = 512_000  # characters considered
MAX_TAGS = 8000  # a deep tree takes time with the square of its depth
MAX_ATTRIBUTES = 1000  # of one tag: their names are compared in pairs
MAX_REBUILT = 1_000_000  # unclosed formatting elements times tags
MAX_COPIED = 32_000_000  # characters of such elements times tags
LONG_TAG = 8192  # characters up to which a tag is measured
MAX_TEXT = 4000  # characters of one element's text
MAX_TEXT_NODES = 2000

# What an element says about its look: inline style, colours, hidden, picture, class.
_Said = tuple[str, str, str, bool, bool, bool]

TEXT, COMMENT = "-text", "-comment"
_WITHOUT_TEXT = "script style template noembed noframes iframe title head object applet"
_ON_OWN_LINE = (
    "address article aside blockquote body br center dd div dl dt fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody "
    "td th tr ul option textarea"
)
SILENT = frozenset(_WITHOUT_TEXT.split())
BLOCKS = frozenset(_ON_OWN_LINE.split())
_OPENING = re.compile(r"<[a-zA-Z]")
_FORMATTING = re.compile(
    r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s>]", re.I
)
# A tag and its attributes, as the HTML tokeniser divides them (13.2.5.8 to .37).
_TAG = re.compile(
    r"""<[a-z][^\t\n\f\r />]*+
    ((?:[\t\n\f\r /]++
       |[^\t\n\f\r />][^\t\n\f\r />=]*+
        (?:[\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+
           (?:"[^"]*+"?|'[^']*+'?|[^\t\n\f\r >"'][^\t\n\f\r >]*+)?)?
    )*+)""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"\"[^\"<]*\"|'[^'<]*'")
_STEP = re.compile(r"(.{1,200})\[([0-9]{1,6})\]\Z", re.DOTALL)
LOOKING = frozenset(
    {"style", "hidden", "color", "bgcolor", "background", "class", "id", "text"}
)


def considered(text: str) -> str:
    """The part of an HTML source that is read: bounded in size and in effort.

    A parser's time grows with the square of the depth, and of the attributes of a
    tag; and formatting elements left open are rebuilt in every later paragraph (HTML,
    13.2.4.3), so a short text can make a tree of any size. What goes beyond is cut.
    """
    text = text[:MAX_SIZE]
    if text.count("<") > MAX_TAGS:
        text = _cut_tags(text)
    text = _cut_formatting(text)
    return _cut_attributes(text) if len(text) > 50_000 else text


def _cut_tags(text: str) -> str:
    for count, found in enumerate(_OPENING.finditer(text)):
        if count >= MAX_TAGS:
            return text[: found.start()]
    return text


def _cut_formatting(text: str) -> str:
    tags = text.count("<")
    if tags * max(tags / 4, len(text) * MAX_REBUILT / MAX_COPIED) < MAX_REBUILT:
        return text
    unclosed, copied = list[int](), 0
    for found in _FORMATTING.finditer(text):
        if not found[1]:
            unclosed.append(_length(text, found.start()))
            copied += unclosed[-1]
        elif unclosed:
            copied -= unclosed.pop()
        if len(unclosed) * tags > MAX_REBUILT or copied * tags > MAX_COPIED:
            return text[: found.start()]
    return text


def _length(text: str, at: int) -> int:
    """How long a tag is; one that is very long is taken to have no end."""
    found = _TAG.match(text, at, at + LONG_TAG)
    end = found.end() if found else at
    return end - at if end < at + LONG_TAG else len(text) - at


def _cut_attributes(text: str) -> str:
    for found in _TAG.finditer(text):
        if len(found[1]) < 2 * MAX_ATTRIBUTES:
            continue
        if len(_QUOTED.sub(" ", found[1]).split()) > MAX_ATTRIBUTES:
            return text[: found.start()]
    return text


_Seen = tuple[str, bool, bool, styles.Colour | None, styles.Colour | None]


class Look:
    """How text would be shown at some point of the page."""

    __slots__ = ("_all", "_seen", "_under", "how", "is_removed", "ruled", "sheet")

    def __init__(
        self,
        *,
        sheet: Sheet | None = None,
        seen: _Seen = ("", False, False, None, (255, 255, 255)),
        others: "dict[_Seen, Look] | None" = None,
    ) -> None:
        self._seen = seen  # removed, zero size, invisible, colour, background
        self.sheet = sheet  # the page's own style blocks, if there are any
        # Elements whose look these change by their name alone.
        self.ruled = frozenset() if sheet is None else sheet.tags
        self._under: dict[_Said, Look] = {}
        self._all = {seen: self} if others is None else others
        self.is_removed = bool(seen[0])  # with everything inside, whatever that says
        self.how = _how(*seen)  # how text here is hidden; empty when it is seen

    def within(self, tag: str, attributes: dict[str, str | None]) -> "Look":
        """How text looks inside an element that says something of its look."""
        if self.is_removed:
            return self
        get = attributes.get
        ruled = "" if self.sheet is None else self.sheet.said(tag, attributes)
        said = (
            ruled + (get("style") or ""),
            get("color") or get("text") or "",
            get("bgcolor") or "",
            "hidden" in attributes,
            "background" in attributes,
            "class" in attributes or "id" in attributes,
        )
        return self._under.get(said) or self._new(said)

    def _new(self, said: _Said) -> "Look":
        """A look not met before here; those that are alike are one."""
        seen = self._changed(*said)
        if seen not in self._all:
            self._all[seen] = Look(sheet=self.sheet, seen=seen, others=self._all)
        look = self._under[said] = self._all[seen]
        return look

    def _changed(
        self,
        inline: str,
        colour: str,
        bgcolor: str,
        hidden: bool,
        pictured: bool,
        classed: bool,
    ) -> _Seen:
        removed, zero, invisible, around, behind = self._seen
        style = styles.read(inline) if inline else styles.NOTHING
        unknown = classed and self.sheet is not None
        background = style.background or (
            styles.colour_of(bgcolor) if bgcolor else None
        )
        if background is None and not (style.paints or pictured or unknown):
            background = behind
        own = style.colour or (styles.colour_of(colour) if colour else None)
        return (
            removed or style.removes or ("hidden" if hidden else ""),
            style.size == "zero" if style.size else zero,
            style.visibility == "hidden" if style.visibility else invisible,
            own or (None if unknown else around),
            background,
        )


def _how(
    removed: str,
    zero: bool,
    invisible: bool,
    colour: styles.Colour | None,
    background: styles.Colour | None,
) -> str:
    if removed:
        return removed
    if zero:
        return "font-size:0"
    if invisible:
        return "visibility:hidden"
    if colour and background and styles.are_alike(colour, background):
        return "text in the colour of its background"
    return ""


class Document:
    """A parsed HTML source."""

    def __init__(self, text: str) -> None:
        self.source = considered(text)
        self._parser = LexborHTMLParser(self.source)
        self.known: dict[str, tuple[LexborNode, Look]] = {}
        self.look = Look(sheet=self._sheet())

    @property
    def root(self) -> LexborNode | None:
        return self._parser.root

    def _sheet(self) -> Sheet | None:
        if "<style" not in self.source and "<STYLE" not in self.source:
            return None
        return Sheet(
            (
                (node.attributes.get("media") or "").strip().lower(),
                node.text(deep=True) or "",
            )
            for node in self._parser.tags("style")
        )

    def find(self, path: str) -> tuple[LexborNode, Look]:
        """The element at a path and how its text looks; LookupError if none is."""
        if path in self.known:
            return self.known[path]
        node, look = self.root, self.look
        for number, step in enumerate(path.split("/")):
            found = _STEP.match(step)
            if node is None or not found:
                raise LookupError(path)
            siblings = [node] if number == 0 else children(node)
            node = _nth(siblings, found[1], int(found[2]))
            if node is None:
                raise LookupError(path)
            look = look_of(look, node.tag or "", attributes_of(node))
        if node is None:
            raise LookupError(path)
        return node, look


@lru_cache(maxsize=12)
def document(text: str) -> Document:
    """A parsed source; those of a few messages are kept, to read places in them."""
    return Document(text)


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The child nodes of an element, in order."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def attributes_of(node: LexborNode) -> dict[str, str | None]:
    return node.attributes if node.is_element_node else {}


class Paths:
    """The paths of elements, each step counted once."""

    def __init__(self) -> None:
        self._paths: dict[int, str] = {}
        self._numbers: dict[int, int] = {}

    def of(self, node: LexborNode) -> str:
        """The path of an element, such as `html[1]/body[1]/div[2]`."""
        steps: list[tuple[int, str]] = []
        above: LexborNode | None = node
        path = ""
        while above is not None and above.is_element_node:
            if above.mem_id in self._paths:
                path = self._paths[above.mem_id]
                break
            steps.append((above.mem_id, f"{above.tag}[{self._number(above)}]"))
            above = above.parent
        for key, step in reversed(steps):
            path = f"{path}/{step}" if path else step
            self._paths[key] = path
        return path

    def _number(self, node: LexborNode) -> int:
        """Which of its parent's children of that name; neighbours are remembered."""
        tag, between = node.tag, 1
        before = node.prev
        while before is not None:
            if before.tag == tag:
                if before.mem_id in self._numbers:
                    between += self._numbers[before.mem_id]
                    break
                between += 1
            before = before.prev
        self._numbers[node.mem_id] = between
        return between


def text_at(page: Document, path: str) -> str:
    """The text a reader sees in an element; of a hidden one, the text it hides."""
    node, look = page.find(path)
    return text_of(node, look)


def attribute_at(page: Document, path: str, name: str) -> str:
    """An attribute as written; LookupError if the element has none of that name."""
    node, _ = page.find(path)
    attributes = attributes_of(node)
    if name not in attributes:
        raise LookupError(name)
    return attributes[name] or ""


def text_of(node: LexborNode, look: Look) -> str:
    """An element's text as its own visibility has it, white space collapsed.

    Of a script or style element, its source.
    """
    if node.tag in SILENT and node.tag != "head":
        return (node.text(deep=True) or "")[:MAX_TEXT].strip()
    first = node.first_child
    if first is not None and first.tag == TEXT and first.next is None:
        return " ".join((first.text_content or "").split())[:MAX_TEXT].rstrip()
    pieces: list[str] = []
    length = 0
    stack: list[tuple[LexborNode | None, Look]] = [(first, look)]
    for _ in range(MAX_TEXT_NODES):
        if not stack or length > 2 * MAX_TEXT:
            break
        child, around = stack.pop()
        if child is not None:
            stack.append((child.next, around))
            if piece := _piece(child, around, stack, hidden=bool(look.how)):
                pieces.append(piece)
                length += len(piece)
    return " ".join("".join(pieces).split())[:MAX_TEXT].rstrip()


def _piece(
    node: LexborNode,
    around: Look,
    stack: list[tuple[LexborNode | None, Look]],
    *,
    hidden: bool,
) -> str:
    """What one node adds to a text; its children are put on the stack."""
    tag = node.tag
    if tag == TEXT:
        return (node.text_content or "") if bool(around.how) == hidden else ""
    if tag in SILENT or tag == COMMENT:
        return ""
    look = look_of(around, tag or "", attributes_of(node))
    stack.append((node.first_child, look))
    return " " if tag in BLOCKS else ""


def look_of(parent: Look, tag: str, attributes: dict[str, str | None]) -> Look:
    """How text looks inside an element, given how it looks around it."""
    is_plain = not attributes or LOOKING.isdisjoint(attributes)
    is_same = is_plain and tag not in parent.ruled
    return parent if is_same else parent.within(tag, attributes)


def _nth(nodes: Iterable[LexborNode], tag: str, number: int) -> LexborNode | None:
    same = (node for node in nodes if node.tag == tag)
    return next(islice(same, max(0, number - 1), None), None)
