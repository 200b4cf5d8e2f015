"""HTML parts: what a reader sees, what is hidden, what each element carries."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from dashboard.domain import dom
from dashboard.domain.dom import Document, Look
from dashboard.domain.message import Breach, Field, Hidden, LinkKind
from dashboard.domain.places import in_element, in_markup

MAX_NODES = 40_000
MAX_DEPTH = 500
MAX_MENTIONS = 3000
MAX_HIDDEN = 200

_REFRESH = re.compile(r"url\s{0,9}=\s{0,9}['\"]?([^'\"]+)", re.I)
_CSS_URL = re.compile(r"url\(\s{0,9}['\"]?([^'\")]+)", re.I)
_CANDIDATE = re.compile(r"[^\s,]\S*")
_ADDRESS = re.compile(r"[/:]")
_NOTED = frozenset({"script", "title", "input", "textarea", "select"})
_PICTURING = frozenset({"background", "srcset", "style"})

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


def read(text: str, part: str) -> Page:
    """Read an HTML part in one pass over its tree."""
    document = dom.document(text)
    reader = _Reader(part, document)
    if len(document.source) < len(text):
        detail = f"Only {len(document.source)} characters of an HTML part were read."
        place = in_markup(part, len(document.source), len(text))
        reader.page.breaches.append(Breach("html-size", detail, place))
    if document.root is not None:
        reader.run(document.root)
    return reader.page


_Step = tuple[LexborNode | None, Look, int]  # a node, the look around it, its depth
_END = "\x00"  # of a block; no text of a parsed page holds it


class _Reader:
    def __init__(self, part: str, document: Document) -> None:
        self.part = part
        self.page = Page()
        self._document = document
        self._paths = dom.Paths()
        self._seen: list[str] = []
        self._full: set[str] = set()

    def run(self, root: LexborNode) -> None:
        """Visit every node once, without recursion, up to the limits."""
        stack: list[_Step] = [(root, self._document.look, 1)]
        visited = 0
        while stack:
            node, look, depth = stack.pop()
            if node is None:
                self._seen.append(_END)
                continue
            if (after := node.next) is not None:
                stack.append((after, look, depth))
            if node.is_text_node:
                if not look.how:
                    self._seen.append(node.text_content or "")
            else:
                self._enter(node, look, depth, stack)
            visited += 1
            if visited > MAX_NODES:
                self._breach("html-nodes", f"An HTML part has over {MAX_NODES} nodes.")
                break
        lines = (" ".join(line.split()) for line in "".join(self._seen).split(_END))
        self.page.visible = "\n".join([line for line in lines if line])

    def _enter(
        self, node: LexborNode, around: Look, depth: int, stack: list[_Step]
    ) -> None:
        tag = node.tag
        if not tag or tag[0] == "-":  # comments and the like
            return
        look = around
        if attributes := node.attributes:
            look = dom.look_of(around, attributes)
            self._note_attributes(node, tag, look, attributes)
            if look.how and not around.how:
                self._note_hidden(node, look)
        if tag in _NOTED:
            self._note(node, tag, look, attributes)
        if tag in dom.BLOCKS:
            self._seen.append(_END)
            stack.append((None, look, depth))
        if depth > MAX_DEPTH:
            self._breach("html-depth", f"HTML is nested over {MAX_DEPTH} deep.")
        elif (child := node.first_child) and (tag == "head" or tag not in dom.SILENT):
            stack.append((child, look, depth + 1))

    def _note(
        self,
        node: LexborNode,
        tag: str,
        look: Look,
        attributes: dict[str, str | None],
    ) -> None:
        if tag == "script":
            self.page.scripts.append((self._path(node, look), ""))
        elif tag == "title":
            self.page.title = self.page.title or dom.text_of(node, look)
        else:
            self._note_field(node, look, attributes)

    def _path(self, node: LexborNode, look: Look) -> str:
        path = self._paths.of(node)
        self._document.known[path] = (node, look)
        return path

    def _note_hidden(self, node: LexborNode, look: Look) -> None:
        if len(self.page.hidden) >= MAX_HIDDEN:
            return
        if text := dom.text_of(node, look):
            place = in_element(self.part, self._path(node, look))
            self.page.hidden.append(Hidden(text, look.how, place))

    def _note_field(
        self, node: LexborNode, look: Look, attributes: dict[str, str | None]
    ) -> None:
        kind = (attributes.get("type") or "text").strip().lower()
        shown = next((name for name in ("type", "name") if name in attributes), "")
        place = in_element(self.part, self._path(node, look), shown)
        kind = kind if node.tag == "input" else node.tag or ""
        self.page.fields.append(Field(kind, attributes.get("name") or "", place))

    def _note_attributes(
        self,
        node: LexborNode,
        tag: str,
        look: Look,
        attributes: dict[str, str | None],
    ) -> None:
        for attribute, kind in _URLS.get(tag, ()):
            if written := attributes.get(attribute):
                shows = kind is LinkKind.ANCHOR
                text = dom.text_of(node, look) if shows else None
                path = self._path(node, look)
                self._mention(Mention(written, kind, path, attribute, text=text))
        if tag == "meta":
            self._note_refresh(node, look, attributes)
        elif tag == "base":
            self.page.base = self.page.base or attributes.get("href") or ""
        for attribute, value in attributes.items():
            if attribute[:2] == "on":
                self.page.scripts.append((self._path(node, look), attribute))
            elif value and attribute in _PICTURING and _may_picture(attribute, value):
                self._note_images(self._path(node, look), attribute, value)

    def _note_images(self, path: str, attribute: str, value: str) -> None:
        if attribute == "background":
            self._mention(Mention(value, LinkKind.IMAGE, path, attribute))
        elif attribute == "srcset":
            self._note_each(path, attribute, value, _CANDIDATE)
        else:
            self._note_each(path, attribute, value, _CSS_URL)

    def _note_refresh(
        self, node: LexborNode, look: Look, attributes: dict[str, str | None]
    ) -> None:
        if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
            return
        path, value = self._path(node, look), attributes.get("content") or ""
        self._note_each(path, "content", value, _REFRESH, LinkKind.RESOURCE)

    def _note_each(
        self,
        path: str,
        attribute: str,
        value: str,
        pattern: re.Pattern[str],
        kind: LinkKind = LinkKind.IMAGE,
    ) -> None:
        group = pattern.groups
        for found in pattern.finditer(value[:20_000]):
            if group == 0 and not _ADDRESS.search(found[0]):
                continue  # the width or density of an image in a srcset
            start, end = found.span(group)
            self._mention(Mention(found[group], kind, path, attribute, start, end))

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


def _may_picture(attribute: str, value: str) -> bool:
    return attribute != "style" or "url(" in value
