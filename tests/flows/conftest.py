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

# Drawn within the browser itself, a page takes two thirds of the work.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--in-process-gpu", "--no-first-run"),
    *("--disable-component-update", "--disable-sync"),
    "--disable-background-networking",
)
# A page of the same server keeps the process that draws; "about:blank" ends it.
NOTHING = "/nothing"
EMPTY = b'<!doctype html><title></title><link rel="icon" href="data:,">'
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
    """The app, which knows what it is just answering, and a few files for tests."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.under_way: set[str] = set()
        self.kept = {NOTHING: (EMPTY, "text/html")}  # the browser keeps them as well

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        if kept := self.kept.get(environ["PATH_INFO"]):
            lasting = ("Cache-Control", "max-age=3600")
            start_response("200 OK", [("Content-Type", kept[1]), lasting])
            yield kept[0]
            return
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

    def __init__(self, page: Page, size: str, address: str, app: Flask) -> None:
        self.page, self.size, self.address, self.app = page, size, address, app
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

    def begin(self) -> None:
        """A stranger sits down: nothing is open, nobody is signed in."""
        self.complaints, self.expected = [], ()
        width, height = SIZES[self.size]
        self.page.set_viewport_size({"width": width, "height": height})

    def leave(self) -> list[str]:
        """Close what is open and forget who was signed in; what was complained of."""
        self.page.unroute_all(behavior="wait")
        self.page.emulate_media(media="null")
        self.open(NOTHING)
        self.page.context.clear_cookies()
        return self.complaints

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


class Screens:
    """Windows of the browser, kept for whoever comes next: a new one takes a second."""

    def __init__(self, chromium: Browser, address: str, app: Flask) -> None:
        self.chromium, self.address, self.app = chromium, address, app
        self.free: dict[tuple[str, bool, bool], list[Visit]] = {}
        self.taken: list[tuple[tuple[str, bool, bool], Visit]] = []

    def take(
        self, size: str = "desktop", *, script: bool = True, dark: bool = False
    ) -> Visit:
        kind = (size, script, dark)
        free = self.free.setdefault(kind, [])
        visit = free.pop() if free else self.opened(*kind)
        self.taken.append((kind, visit))
        visit.begin()
        return visit

    def give_back(self) -> list[str]:
        """End every visit; return what the browsers complained of."""
        complaints = []
        while self.taken:
            kind, visit = self.taken.pop()
            complaints += visit.leave()
            self.free[kind].append(visit)
        return complaints

    def opened(self, size: str, script: bool, dark: bool) -> Visit:
        context = self.chromium.new_context(
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        return Visit(context.new_page(), size, self.address, self.app)


@pytest.fixture(scope="session")
def screens(app: Flask, chromium: Browser, address: str) -> Screens:
    return Screens(chromium, address, app)


@pytest.fixture
def visitor(database: None, served: Served, screens: Screens) -> Iterator[Visitor]:
    """Opens browsers that are strangers to each other; none may complain."""
    yield screens.take
    complaints = screens.give_back()
    # What is still being answered would write into the next test's database.
    wait_for(lambda: not served.under_way, SECONDS, lambda: str(served.under_way))
    assert not complaints


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
