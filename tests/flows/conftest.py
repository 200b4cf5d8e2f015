"""A real browser on a real server; whatever it complains about fails the test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from tests import factories
from tests.product import wait_for
from tests.system import require

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SECONDS = 20  # for a busy machine; what is there is seen at once


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window."""
    path = require("chromium")
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Served:
    """The app, which knows what it is just answering."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.under_way: set[str] = set()

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        request = f"{environ['PATH_INFO']} {uuid4()}"
        self.under_way.add(request)
        try:
            with closing(self.app(environ, start_response)) as answer:
                yield from answer
        finally:
            self.under_way.discard(request)


@pytest.fixture(scope="session")
def served(app: Flask) -> Served:
    return Served(app)


@pytest.fixture(scope="session")
def address(served: Served) -> Iterator[str]:
    """Where the app of the tests is served."""
    server = make_server("127.0.0.1", 0, served, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


class Visit:
    """One person at one screen, and everything their browser complained about."""

    def __init__(self, page: Page, address: str, app: Flask) -> None:
        self.page, self.address, self.app = page, address, app
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()  # what a test provokes on purpose
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda said: self._complain(said.type, said.text))
        page.on("pageerror", lambda error: self._complain("error", str(error)))
        page.on("dialog", lambda box: self._complain("error", f"dialog {box.message}"))
        page.on("request", self._stay_here)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, role: str = "analyst") -> factories.Account:
        """Sign in as a new account of that role, without the form."""
        account = factories.account(role)
        agent = self.page.evaluate("navigator.userAgent")
        secret = factories.begin_session(account, agent=agent)
        signer = self.app.session_interface.get_signing_serializer(self.app)
        cookie = {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": signer.dumps({"sid": secret}),
            "url": self.address.replace("http:", "https:"),
            "secure": True,
            "httpOnly": True,
        }
        self.page.context.add_cookies([cookie])
        return account

    def fits(self) -> bool:
        """Whether nothing makes the page scroll sideways."""
        width = "document.documentElement.scrollWidth <= innerWidth"
        return bool(self.page.evaluate(width))

    def _complain(self, kind: str, text: str) -> None:
        is_expected = any(part in text for part in self.expected)
        if kind in {"error", "warning"} and not is_expected:
            self.complaints.append(text)

    def _stay_here(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            self.complaints.append(f"asked elsewhere: {request.url}")


Visitor = Callable[..., Visit]


@pytest.fixture
def visitor(
    app: Flask, database: None, chromium: Browser, served: Served, address: str
) -> Iterator[Visitor]:
    """Opens browsers that are strangers to each other; none may complain."""
    visits: list[Visit] = []

    def begin(size: str = "desktop", *, script: bool = True, dark: bool = False):
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        visits.append(Visit(context.new_page(), address, app))
        return visits[-1]

    yield begin
    for visit in visits:
        visit.page.context.close()
    # What is still being answered would write into the next test's database.
    wait_for(lambda: not served.under_way, SECONDS, lambda: str(served.under_way))
    assert not [said for visit in visits for said in visit.complaints]


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, visitor: Visitor) -> Visit:
    """A stranger's browser, at each size."""
    return visitor(request.param)


@pytest.fixture
def analyst_visit(visit: Visit) -> Visit:
    """The browser of an analyst, at each size."""
    visit.sign_in("analyst")
    return visit


@pytest.fixture
def desk(visitor: Visitor) -> Visit:
    """The browser of an analyst at a desk."""
    visit = visitor("desktop")
    visit.sign_in("analyst")
    return visit
