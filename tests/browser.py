"""A test client that answers with parsed HTML, checked as it goes by."""

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

INLINE = "[style], [onclick], [onload], [onerror], [onsubmit], script:not([src])"


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
        """The token of this browser's session, read off a page as people get it."""
        if not self.token:
            page = BeautifulSoup(self.client.get("/login").text, "html.parser")
            field = page.select_one("[name=csrf_token]")
            if field is None:
                page = BeautifulSoup(
                    self.client.get("/analyses/new").text, "html.parser"
                )
                field = page.select_one("[name=csrf_token]")
            assert field is not None, "no page with a token"
            self.token = str(field["value"])
        return self.token

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
        page = BeautifulSoup(text, "html.parser" if htmx else "html5lib")
        if self.response.mimetype == "text/html":
            self._check(page)
        return page

    @staticmethod
    def _check(page: BeautifulSoup) -> None:
        ids = [element["id"] for element in page.select("[id]")]
        twice = {name for name in ids if ids.count(name) > 1}
        assert not twice, f"ids used twice: {twice}"
        assert not page.select(INLINE), "the CSP forbids inline code"
        for control in page.select("input:not([type=hidden]), select, textarea"):
            assert _is_labelled(page, control), f"no label: {control}"


def _is_labelled(page: BeautifulSoup, control: Any) -> bool:
    if control.get("aria-label") or control.get("aria-labelledby"):
        return True
    identity = control.get("id")
    has_label = identity and page.select_one(f'label[for="{identity}"]')
    return bool(has_label or control.find_parent("label"))
