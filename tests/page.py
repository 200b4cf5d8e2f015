"""A page as a browser understands it, in the shape tests ask about."""

from typing import Any

from bs4 import BeautifulSoup, Comment
from bs4.builder import HTMLTreeBuilder
from selectolax.lexbor import LexborHTMLParser, LexborNode


class _Builder(HTMLTreeBuilder):
    """Builds what a fast parser of HTML 5 found; another takes three times as long."""

    features = ()

    def __init__(self) -> None:
        super().__init__(preserve_whitespace_tags={"html"})  # that is, everywhere

    def feed(self, markup: Any) -> None:
        self._take(LexborHTMLParser(markup).root)

    def _take(self, node: LexborNode) -> None:
        if node.is_text_node:
            self.soup.handle_data(node.text_content)
        elif node.is_comment_node:
            self.soup.endData()
            self.soup.handle_data(node.comment_content)
            self.soup.endData(Comment)
        else:
            given = {name: value or "" for name, value in node.attributes.items()}
            self.soup.handle_starttag(node.tag, None, None, given)
            child = node.first_child
            while child is not None:
                self._take(child)
                child = child.next
            self.soup.handle_endtag(node.tag)


def page_of(text: str) -> BeautifulSoup:
    """The document a browser would build of a whole page."""
    return BeautifulSoup(text, builder=_Builder())
