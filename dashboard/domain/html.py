"""HTML parts: what a reader sees, what is hidden, what each element carries."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from dashboard.domain import dom
from dashboard.domain.dom import Look
from dashboard.domain.message import Breach, Field, Hidden, LinkKind
from dashboard.domain.places import in_element, in_markup

MAX_NODES = 40_000
MAX_DEPTH = 500
MAX_MENTIONS = 3000
MAX_HIDDEN = 200

_REFRESH = re.compile(r"url\s{0,9}=\s{0,9}['\"]?([^'\"]+)", re.I)
_CSS_URL = re.compile(r"url\(\s{0,9}['\"]?([^'\")]+)", re.I)
_CANDIDATE = re.compile(r"[^\s,]\S*")
_INPUTS = frozenset({"input", "textarea", "select"})

_URLS: dict[str, tuple[tuple[str, LinkKind], ...]] = {
    "a": (("href", LinkKind.ANCHOR), ("xlink:href", LinkKind.ANCHOR)),
    "area": (("href", LinkKind.ANCHOR),),
    "form": (("action", LinkKind.FORM),),
    "button": (("formaction", LinkKind.FORM),),
    "input": (("formaction", LinkKind.FORM), ("src", LinkKind.IMAGE)),
    "img": (("src", LinkKind.IMAGE),),
    "image": (("href", LinkKind.IMAGE), ("xlink:href", LinkKind.IMAGE)),
    "source": (("src", LinkKind.RESOURCE),),
    "link": (("href", LinkKind.RESOURCE),),
    "script": (("src", LinkKind.RESOURCE),),
    "iframe": (("src", LinkKind.RESOURCE),),
    "frame": (("src", LinkKind.RESOURCE),),
    "embed": (("src", LinkKind.RESOURCE),),
    "object": (("data", LinkKind.RESOURCE),),
    "video": (("src", LinkKind.RESOURCE), ("poster", LinkKind.IMAGE)),
    "audio": (("src", LinkKind.RESOURCE),),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A URL an element carries, not yet cleaned."""

    written: str
    kind: LinkKind
    path: str
    attribute: str
    start: int | None = None
    end: int | None = None
    text: str | None = None  # shown text; None when the element shows none


@dataclass(slots=True)
class Page:
    """Everything one pass over an HTML part found."""

    visible: str = ""
    title: str = ""
    base: str = ""
    fields: list[Field] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    scripts: list[tuple[str, str]] = field(default_factory=list)  # path, attribute
    mentions: list[Mention] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)


class _Frame:
    """An element on the way down: enough to name its children's paths."""

    __slots__ = ("_counts", "depth", "look", "number", "parent", "tag")

    def __init__(self, parent: "_Frame | None", tag: str, look: Look) -> None:
        self.parent, self.tag, self.look = parent, tag, look
        self.depth: int = parent.depth + 1 if parent else 0
        self.number = parent.count(tag) if parent else 1
        self._counts: dict[str, int] = {}

    def count(self, tag: str) -> int:
        number = self._counts.get(tag, 0) + 1
        self._counts[tag] = number
        return number

    @property
    def path(self) -> str:
        steps = []
        frame: _Frame | None = self
        while frame and frame.parent:
            steps.append(f"{frame.tag}[{frame.number}]")
            frame = frame.parent
        return "/".join(reversed(steps))


def read(text: str, part: str) -> Page:
    """Read an HTML part in one pass over its tree."""
    document = dom.document(text)
    reader = _Reader(part)
    if len(document.source) < len(text):
        detail = f"Only {len(document.source)} characters of an HTML part were read."
        place = in_markup(part, len(document.source), len(text))
        reader.page.breaches.append(Breach("html-size", detail, place))
    if document.root is not None:
        reader.run(document.root, document.look)
    return reader.page


class _Reader:
    def __init__(self, part: str) -> None:
        self.part = part
        self.page = Page()
        self._seen: list[str] = []
        self._full: set[str] = set()

    def run(self, root: LexborNode, look: Look) -> None:
        """Visit every node once, without recursion, up to the limits."""
        top = _Frame(None, "", look)
        stack: list[tuple[LexborNode | None, _Frame]] = [(root, top)]
        visited = 0
        while stack:
            node, parent = stack.pop()
            if node is None:  # the end of a block
                self._seen.append("\n")
                continue
            if visited and (after := node.next) is not None:
                stack.append((after, parent))
            visited += 1
            if visited > MAX_NODES:
                self._breach("html-nodes", f"An HTML part has over {MAX_NODES} nodes.")
                break
            self._visit(node, parent, stack)
        lines = (" ".join(line.split()) for line in "".join(self._seen).split("\n"))
        self.page.visible = "\n".join(line for line in lines if line)

    def _visit(
        self,
        node: LexborNode,
        parent: _Frame,
        stack: list[tuple[LexborNode | None, _Frame]],
    ) -> None:
        tag = node.tag or ""
        if tag == dom.TEXT:
            if not parent.look.how:
                self._seen.append(dom.tidy(node.text_content or ""))
            return
        if tag == dom.COMMENT or not node.is_element_node:
            return
        attributes = node.attributes
        frame = _Frame(parent, tag, dom.look_of(parent.look, attributes))
        self._note(node, frame, attributes)
        if tag in dom.BLOCKS:
            self._seen.append("\n")
            stack.append((None, frame))
        if frame.depth > MAX_DEPTH:
            self._breach("html-depth", f"HTML is nested over {MAX_DEPTH} deep.")
        elif (tag not in dom.SILENT or tag == "head") and (child := node.first_child):
            stack.append((child, frame))

    def _note(
        self, node: LexborNode, frame: _Frame, attributes: dict[str, str | None]
    ) -> None:
        tag = frame.tag
        if frame.look.how and frame.parent and not frame.parent.look.how:
            self._note_hidden(node, frame)
        if attributes:
            self._note_attributes(node, frame, attributes)
        if tag == "script":
            self.page.scripts.append((frame.path, ""))
        elif tag == "title" and not self.page.title:
            self.page.title = dom.text_of(node, frame.look)
        elif tag in _INPUTS:
            self._note_field(frame, attributes)

    def _note_hidden(self, node: LexborNode, frame: _Frame) -> None:
        if len(self.page.hidden) >= MAX_HIDDEN:
            return
        if text := dom.text_of(node, frame.look):
            place = in_element(self.part, frame.path)
            self.page.hidden.append(Hidden(text, frame.look.how, place))

    def _note_field(self, frame: _Frame, attributes: dict[str, str | None]) -> None:
        kind = (attributes.get("type") or "text").lower()
        shown = next((name for name in ("type", "name") if name in attributes), "")
        place = in_element(self.part, frame.path, shown)
        kind = kind if frame.tag == "input" else frame.tag
        self.page.fields.append(Field(kind, attributes.get("name") or "", place))

    def _note_attributes(
        self, node: LexborNode, frame: _Frame, attributes: dict[str, str | None]
    ) -> None:
        for attribute, kind in _URLS.get(frame.tag, ()):
            if written := attributes.get(attribute):
                self._note_url(node, frame, written, kind, attribute)
        if frame.tag == "meta":
            self._note_refresh(frame, attributes)
        elif frame.tag == "base" and not self.page.base:
            self.page.base = attributes.get("href") or ""
        for attribute, value in attributes.items():
            if attribute.startswith("on"):
                self.page.scripts.append((frame.path, attribute))
            elif value:
                self._note_images(frame, attribute, value)

    def _note_images(self, frame: _Frame, attribute: str, value: str) -> None:
        if attribute == "background":
            self._mention(Mention(value, LinkKind.IMAGE, frame.path, attribute))
        elif attribute == "srcset":
            self._note_each(frame, attribute, value, _CANDIDATE)
        elif attribute == "style" and "url(" in value:
            self._note_each(frame, attribute, value, _CSS_URL)

    def _note_url(
        self,
        node: LexborNode,
        frame: _Frame,
        written: str,
        kind: LinkKind,
        attribute: str,
    ) -> None:
        text = dom.text_of(node, frame.look) if kind is LinkKind.ANCHOR else None
        self._mention(Mention(written, kind, frame.path, attribute, text=text))

    def _note_refresh(self, frame: _Frame, attributes: dict[str, str | None]) -> None:
        if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
            return
        self._note_each(
            frame,
            "content",
            attributes.get("content") or "",
            _REFRESH,
            LinkKind.RESOURCE,
        )

    def _note_each(
        self,
        frame: _Frame,
        attribute: str,
        value: str,
        pattern: re.Pattern[str],
        kind: LinkKind = LinkKind.IMAGE,
    ) -> None:
        group = pattern.groups
        for found in pattern.finditer(value[:20_000]):
            if group == 0 and not re.search(r"[/.:]", found[0]):
                continue  # the width or density of an image in a srcset
            start, end = found.span(group)
            self._mention(
                Mention(found[group], kind, frame.path, attribute, start, end)
            )

    def _mention(self, mention: Mention) -> None:
        if len(self.page.mentions) < MAX_MENTIONS:
            self.page.mentions.append(mention)
        else:
            self._breach("links", f"An HTML part holds over {MAX_MENTIONS} links.")

    def _breach(self, limit: str, detail: str) -> None:
        if limit not in self._full:
            self._full.add(limit)
            place = in_markup(self.part, 0, 0)
            self.page.breaches.append(Breach(limit, detail, place))
