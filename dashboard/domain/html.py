"""HTML parts: what a reader sees, what is hidden, what each element carries."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from dashboard.domain import dom
from dashboard.domain.dom import Document, Look
from dashboard.domain.findings import Sentence
from dashboard.domain.message import Breach, Field, Hidden, LinkKind
from dashboard.domain.places import in_element, in_markup

MAX_NODES = 40_000
MAX_DEPTH = 500
MAX_MENTIONS = 3000
MAX_HIDDEN = 200
MAX_PLANS = 4096

_REFRESH = re.compile(r"url\s{0,9}=\s{0,9}['\"]?([^'\"]+)", re.I)
_CSS_URL = re.compile(r"url\(\s{0,9}['\"]?([^'\")]+)", re.I)
_CANDIDATE = re.compile(r"[^\s,]\S*")
_ADDRESS = re.compile(r"[/:]")
_NOTED = frozenset({"script", "title", "meta", "base", "input", "textarea", "select"})
_LOADING = frozenset({"srcset", "background"})

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


class Mention(NamedTuple):
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
        detail = Sentence(
            "Only %(number)s characters of an HTML part were read.",
            number=len(document.source),
        )
        place = in_markup(part, len(document.source), len(text))
        reader.page.breaches.append(Breach("html-size", detail, place))
    if document.root is not None:
        reader.run(document.root)
    return reader.page


class _Plan(NamedTuple):
    """What is done with an element, told by its name and its attributes' names."""

    is_noted: bool  # the element or one of its attributes tells something
    looks: bool  # an attribute may change how its text looks
    is_block: bool
    is_silent: bool
    urls: tuple[tuple[str, LinkKind], ...]
    unusual: tuple[str, ...]  # attributes that run or load something


_plans: dict[tuple[str, ...], _Plan] = {}


def _plan(names: tuple[str, ...]) -> _Plan:
    """The plan for an element of this name with attributes of these names."""
    tag, given = names[0], frozenset(names[1:])
    urls = tuple(pair for pair in _URLS.get(tag, ()) if pair[0] in given)
    unusual = tuple(n for n in names[1:] if n[:2] == "on" or n in _LOADING)
    plan = _Plan(
        is_noted=bool(urls or unusual or tag in _NOTED),
        looks=not dom.LOOKING.isdisjoint(given),
        is_block=tag in dom.BLOCKS,
        is_silent=tag in dom.SILENT and tag != "head",
        urls=urls,
        unusual=unusual,
    )
    if len(_plans) < MAX_PLANS:
        _plans[names] = plan
    return plan


_State = tuple[Look, int, int]  # how text looks, the block it is in, the depth
_BREAK = "\x00"  # between blocks; no text of a parsed page holds it
_TEXT = dom.TEXT
_ANEW = -1  # no block: whatever text comes next begins a line


class _Reader:
    def __init__(self, part: str, document: Document) -> None:
        self.part = part
        self.page = Page()
        self._document = document
        self._paths = dom.Paths()
        self._seen: list[str] = []  # texts, and breaks between blocks
        self._block = _ANEW
        self._top: _State = (document.look, 0, 0)
        self._has_pictures = "url(" in document.source
        self._ruled = document.look.ruled
        self._full: set[str] = set()

    def run(self, root: LexborNode) -> None:
        """Visit every node once, parents first, without recursion, up to the limits."""
        visited = 0
        inside = self._enter(root, root.tag or "", self._top, 0)
        stack = [(root.first_child, inside)] if inside else []
        while stack:
            node, state = stack.pop()
            while node is not None and visited < MAX_NODES:
                visited += 1
                tag = node.tag or ""
                if tag == _TEXT:
                    if not state[0].how:
                        self._hear(node.text_content or "", state[1])
                elif inside := self._enter(node, tag, state, visited):
                    stack.append((node.next, state))
                    node, state = node.first_child, inside
                    continue
                node = node.next
        if visited == MAX_NODES:
            told = Sentence("An HTML part has over %(limit)s nodes.", limit=MAX_NODES)
            self._breach("html-nodes", told)
        lines = [" ".join(line.split()) for line in "".join(self._seen).split(_BREAK)]
        self.page.visible = "\n".join(filter(None, lines))

    def _hear(self, text: str, block: int) -> None:
        """Take in a text, with a break where it begins another block."""
        if self._block != block:
            self._block = block
            self._seen.append(_BREAK)
        self._seen.append(text)

    def _enter(
        self, node: LexborNode, tag: str, state: _State, number: int
    ) -> _State | None:
        """Take in an element; answers how things stand for its children."""
        if not tag or tag[0] == "-":  # comments and the like
            return None
        around, block, depth = state
        look = around
        attributes = node.attributes
        names = (tag, *attributes)
        plan = _plans.get(names) or _plan(names)
        is_noted, looks, is_block, is_silent, _, _ = plan
        if looks or tag in self._ruled:
            look = around.within(tag, attributes)
            if look is not around and look.how and not around.how:
                self._note_hidden(node, look)
            if self._has_pictures and "url(" in (attributes.get("style") or ""):
                self._note_picture(node, look, attributes["style"] or "")
        if is_noted:
            self._note(node, tag, look, attributes, plan)
        if is_block:
            self._block, block = _ANEW, number
        if depth > MAX_DEPTH:
            told = Sentence("HTML is nested over %(limit)s deep.", limit=MAX_DEPTH)
            self._breach("html-depth", told)
            return None
        return None if is_silent else (look, block, depth + 1)

    def _note_picture(self, node: LexborNode, look: Look, style: str) -> None:
        self._note_each(self._path(node, look), "style", style, _CSS_URL)

    def _note(
        self,
        node: LexborNode,
        tag: str,
        look: Look,
        attributes: dict[str, str | None],
        plan: _Plan,
    ) -> None:
        for attribute, kind in plan.urls:
            if written := attributes[attribute]:
                shows = kind is LinkKind.ANCHOR
                text = dom.text_of(node, look) if shows else None
                path = self._path(node, look)
                self._mention(Mention(written, kind, path, attribute, text=text))
        for attribute in plan.unusual:
            self._note_unusual(node, look, attribute, attributes[attribute] or "")
        if tag in _NOTED:
            self._note_element(node, tag, look, attributes)

    def _note_element(
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
        elif tag == "meta":
            self._note_refresh(node, look, attributes)
        elif tag == "base":
            self.page.base = self.page.base or attributes.get("href") or ""
        else:
            self._note_field(node, look, attributes)

    def _note_unusual(
        self, node: LexborNode, look: Look, attribute: str, value: str
    ) -> None:
        if attribute[:2] == "on":
            self.page.scripts.append((self._path(node, look), attribute))
        elif attribute == "srcset":
            self._note_each(self._path(node, look), attribute, value, _CANDIDATE)
        elif value:
            path = self._path(node, look)
            self._mention(Mention(value, LinkKind.IMAGE, path, attribute))

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
            told = Sentence(
                "An HTML part holds over %(limit)s links.", limit=MAX_MENTIONS
            )
            self._breach("links", told)

    def _breach(self, limit: str, detail: Sentence) -> None:
        if limit not in self._full:
            self._full.add(limit)
            place = in_markup(self.part, 0, 0)
            self.page.breaches.append(Breach(limit, detail, place))
