"""A test client that answers with parsed HTML, checked as it goes by."""

import re
from collections import Counter
from html import unescape
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.page import page_of

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
INLINE = {"style", "onclick", "onload", "onerror", "onsubmit"}
CONTROLS = {"input", "select", "textarea"}


class Browser:
    """Speaks to the app as htmx or a browser does; `response` is the last answer."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.response: Any = None
        self.token = ""
        self.account: Any = None  # who is signed in, when somebody is

    def get(self, url: str, *, status: int = 200, **options: Any) -> BeautifulSoup:
        return self._open("GET", url, status, **options)

    def post(self, url: str, *, status: int = 303, **options: Any) -> BeautifulSoup:
        data = {"csrf_token": self.csrf(), **(options.pop("data", None) or {})}
        return self._open("POST", url, status, data=data, **options)

    def csrf(self) -> str:
        """The token of this browser's session; an unknown one is read off a page."""
        if not self.token:
            pages = ["/login", "/analyses/new"]
            if self.account:  # the first leads somebody who is signed in elsewhere
                pages.reverse()
            found = next(filter(None, map(self._token_on, pages)), None)
            assert found is not None, "no page with a token"
            self.token = unescape(found[1])
        return self.token

    def _token_on(self, path: str) -> re.Match[str] | None:
        return TOKEN.search(self.client.get(path).text)

    def _open(
        self, method: str, url: str, status: int, *, htmx: bool = False, **options: Any
    ) -> BeautifulSoup:
        headers = {
            **options.pop("headers", {}),
            **({"HX-Request": "true"} if htmx else {}),
        }
        self.response = self.client.open(url, method=method, headers=headers, **options)
        got = self.response.status_code
        assert got == status, f"{method} {url}: {got}, not {status}"
        text = self.response.get_data().decode("utf-8", "replace")
        page = BeautifulSoup(text, "html.parser") if htmx else page_of(text)
        if self.response.mimetype == "text/html":
            self._check(page)
        return page

    @staticmethod
    def _check(page: BeautifulSoup) -> None:
        elements = page.find_all(True)  # walked once: every page of every test is
        ids = Counter(each["id"] for each in elements if "id" in each.attrs)
        twice = {name for name, count in ids.items() if count > 1}
        assert not twice, f"ids used twice: {twice}"
        assert not list(filter(_is_inline, elements)), "the CSP forbids inline code"
        named = {each.get("for") for each in elements if each.name == "label"}
        for control in filter(_is_control, elements):
            assert _is_labelled(control, named), f"no label: {control}"


def _is_inline(element: Any) -> bool:
    is_script = element.name == "script" and "src" not in element.attrs
    return is_script or not INLINE.isdisjoint(element.attrs)


def _is_control(element: Any) -> bool:
    return element.name in CONTROLS and element.get("type") != "hidden"


def _is_labelled(control: Any, named: set[Any]) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby"):
        return True
    identity = control.get("id")
    is_named = identity is not None and identity in named
    return is_named or control.find_parent("label") is not None
