"""Draws every page, from the demonstration set, into docs/screens.

    make screens [ONLY="name ..."]

Starts the product in a folder of its own, fills it, and walks its pages at 1440 and
390 px, light and dark. Needs Chromium.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, Response, sync_playwright

from dashboard.documents.connection import now
from dashboard.documents.export import Export
from tests.containers import archive
from tests.product import PASSWORD, ROOT, Product, running, wait_for

TARGET = ROOT / "docs" / "screens"
MESSAGES = ROOT / "tests" / "messages"
SIZES = {1440: 900, 390: 844}
THEMES = ("light", "dark")
COLOURS = 128
TALLEST = 2600  # pixels shown of a long page
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
CHOSEN = 3  # messages on the pages about several
INSIDE = ("paypal-spoof-forged-results.eml", "html-smuggling-invoice.eml")
HANDED_IN = ("executive-acquisition-wire.eml", "awareness-newsletter.eml")
SETTINGS = "/settings/organisation"
OURS = {
    "own_domains": ("example.org",),
    "executives": ("Chief Executive", "Finance Director"),
    "protected": ("Harbour Trust: harbourtrust.example, ht-post.example",),
    "trusted_servers": ("mx.example.org",),
    "forwarders": ("lists.example.net", "203.0.113.0/28"),
}
SECONDS = 60.0  # for a file to be found and unpacked
# Frames would grow with the window.
KEEP_FRAMES = """() => document.querySelectorAll("iframe").forEach(
    frame => { frame.style.height = `${frame.offsetHeight}px` })"""
COUNT = iter(range(1, 1000))
NEVER_SEEN = "0"  # a version no message ever had


def there(_page: Page) -> None:
    """The page is where its path leads."""


def first_row(page: Page) -> None:
    """Open the first of a list."""
    page.locator("main table a.pn-open").first.click()
    page.wait_for_load_state()


def first_row_changed(page: Page) -> None:
    """Begin to change the first of a list."""
    first_row(page)
    page.goto(f"{page.url}/edit")


def safe_view(page: Page) -> None:
    """Open the safe view of the first message."""
    first_row(page)
    page.goto(f"{page.url}#p-safe")


def invited(page: Page) -> None:
    """Invite somebody, whose link is shown once."""
    name = f"colleague-{next(COUNT)}"
    page.fill("[name=username]", name)
    page.fill("[name=email]", f"{name}@example.org")
    page.click("main button[type=submit]")
    page.wait_for_selector("#link")


def accepting(page: Page) -> None:
    """Open the link of an invitation as whoever gets it."""
    invited(page)
    link = page.locator("#link").input_value()
    page.context.clear_cookies()
    page.goto(link)


def chosen(page: Page) -> None:
    """Choose some messages of the list."""
    for box in page.locator("#rows tbody input[name=id]").all()[:CHOSEN]:
        box.check()


def judging(page: Page) -> None:
    """Ask for a verdict on several without saying which."""
    chosen(page)
    page.locator("#judge summary").click()
    button = page.locator("#judge button")
    button.evaluate("it => it.form.noValidate = true")
    button.click()
    page.wait_for_url("**/chosen/verdict")


def deleting(page: Page) -> None:
    """Ask to delete several."""
    chosen(page)
    page.locator(".pn-bulk").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/chosen/delete")


def refused(page: Page) -> None:
    """Ask to delete several that were judged since the list was read."""
    deleting(page)
    for held in page.locator("main input[name=id]").all():
        held.evaluate(f"it => it.value = it.value.replace(/\\d+$/, '{NEVER_SEEN}')")
    page.fill("[name=reason]", "Sent by mistake")
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def told(page: Page) -> None:
    """Write down what the organisation is."""
    for name, lines in OURS.items():
        page.fill(f"[name={name}]", "\n".join(lines))


def tried_out(page: Page) -> None:
    """See what these settings would change."""
    told(page)
    page.get_by_role("button", name="Preview").click()
    page.wait_for_selector("#preview:not([hx-get])", timeout=SECONDS * 1000)


def saved(page: Page) -> None:
    """Save these settings."""
    told(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    page.goto(page.url)


class Shot(NamedTuple):
    """A picture: the template of its page, where to begin, and what leads there."""

    template: str
    path: str
    go: Callable[[Page], None] = there
    is_stranger: bool = False


SHOTS = {
    "sign-in": Shot("auth/sign_in.html", "/login", is_stranger=True),
    "invitation": Shot("auth/invited.html", "/users/new", accepting),
    "analyses": Shot("analyses/index.html", "/analyses"),
    "analyses-none": Shot("analyses/index.html", "/analyses?q=nothing-is-like-this"),
    "receipt": Shot("analyses/show.html", "/analyses?level=critical", first_row),
    "receipt-safe": Shot("analyses/show.html", "/analyses?level=critical", safe_view),
    "judge": Shot("bulk/judge.html", "/analyses", judging),
    "delete": Shot("bulk/delete.html", "/analyses", deleting),
    "refused": Shot("bulk/outcome.html", "/analyses", refused),
    "submit": Shot("analyses/new.html", "/analyses/new"),
    "uploads": Shot("uploads/index.html", "/uploads"),
    "upload": Shot("uploads/show.html", "/uploads", first_row),
    "indicators": Shot("indicators/index.html", "/indicators"),
    "indicator": Shot("indicators/show.html", "/indicators", first_row),
    "indicator-new": Shot("indicators/new.html", "/indicators/new"),
    "indicator-edit": Shot("indicators/edit.html", "/indicators", first_row_changed),
    "users": Shot("users/index.html", "/users"),
    "user": Shot("users/show.html", "/users", first_row),
    "user-new": Shot("users/new.html", "/users/new"),
    "user-invited": Shot("users/invited.html", "/users/new", invited),
    "settings-preview": Shot("settings/show.html", SETTINGS, tried_out),
    "settings": Shot("settings/edit.html", SETTINGS, saved),
    "profile": Shot("profile/edit.html", "/profile"),
    "sessions": Shot("sessions/index.html", "/sessions"),
    "sessions-all": Shot("sessions/every.html", "/sessions/all"),
    "audit": Shot("audit/index.html", "/audit"),
    "audit-entry": Shot("audit/show.html", "/audit", first_row),
    "exports": Shot("exports/index.html", "/exports"),
    "export": Shot("exports/show.html", "/exports", first_row),
    "missing": Shot("errors/page.html", "/no-such-page"),
    # Last, once its numbers are of the whole set.
    "overview": Shot("overview/index.html", "/overview"),
}
FIRST = "first"  # drawn before there is anybody who could sign in
NAMES = (FIRST, *SHOTS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=NAMES, choices=NAMES)
    names = parser.parse_args().only
    program = which("chromium")
    if program is None:
        print("Chromium is missing. Install it with: apt-get install chromium")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "var") as product,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS)
        )
        for name, picture in pictures(browser, product, names):
            (TARGET / name).write_bytes(picture)
            print(f"{name:40} {len(picture) // 1024:5} kB")
        browser.close()
    return 0


def pictures(
    browser: Browser, product: Product, names: list[str]
) -> Iterator[tuple[str, bytes]]:
    """Every picture that was asked for, in every size and theme."""
    here, link = f"http://127.0.0.1:{product.port}", product.first_link()
    if FIRST in names:
        for size, page in pages(browser, {}):
            page.goto(here + link)
            yield f"{FIRST}-{size}.png", drawn(page)
    state = first_visit(browser, here + link)
    fill(product)
    for name in names:
        if name == FIRST:
            continue
        shot = SHOTS[name]
        for size, page in pages(browser, {} if shot.is_stranger else state):
            page.goto(here + shot.path)
            shot.go(page)
            yield f"{name}-{size}.png", drawn(page)


def pages(browser: Browser, state: dict[str, Any]) -> Iterator[tuple[str, Page]]:
    """A window in every size and theme, and what its pictures are called after."""
    for width, height in SIZES.items():
        for theme in THEMES:
            with window(
                browser,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                storage_state=state,
                reduced_motion="reduce",
            ) as page:
                broken: list[str] = []
                page.on("response", partial(note, broken))
                yield f"{width}-{theme}", page
                if broken:
                    raise SystemExit(f"Broken: {broken[0]}")


def note(broken: list[str], answer: Response) -> None:
    """Keep the address of a page that could not be built."""
    if answer.status >= 500:
        broken.append(answer.url)


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    yield context.new_page()
    context.close()


def first_visit(browser: Browser, link: str) -> dict[str, Any]:
    """Make the first administrator; return the cookies of that browser."""
    with window(browser) as page:
        page.goto(link)
        page.fill("[name=username]", "keeper")
        page.fill("[name=email]", "keeper@example.org")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit], form button[type=submit]")
        page.wait_for_load_state()
        return dict(page.context.storage_state())


def fill(product: Product) -> None:
    """Put the demonstration set through the pipeline, then what it does not hold."""
    run(product, "demo", "fill")
    run(product, "submit", *(str(MESSAGES / name) for name in HANDED_IN))
    database = product.database()
    inside = {name: (MESSAGES / name).read_bytes() for name in INSIDE}
    zipped = archive({**inside, "setup.eml": b"MZ\x90\x00" * 99})
    inbox = product.directory / "inbox"
    (inbox / "reported.part").write_bytes(zipped)
    (inbox / "reported.part").rename(inbox / "reported.zip")
    unpacked = {"state": "done"}
    wait_for(lambda: database["uploads"].find_one(unpacked) is not None, SECONDS)
    database["exports"].insert_one(finished(database["users"].find_one({})))


def run(product: Product, *words: str) -> None:
    """Run a command beside the product."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    environment = {**os.environ, "VAR_DIR": str(product.directory)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def finished(owner: dict[str, Any]) -> dict[str, Any]:
    """A list of that person's that a worker has written."""
    made = Export(
        user_id=str(owner["_id"]),
        slot=str(owner["_id"]),
        username=owner["username"],
        listed="audit",
        format="csv",
        since=now() - timedelta(days=30),
        until=now(),
        state="done",
        rows=10_400,
        size=3_100_000,
        window=60.0,
        finished_at=now(),
        expires_at=now() + timedelta(hours=24),
    )
    return dict(made.to_mongo())


def drawn(page: Page) -> bytes:
    """The page as a small PNG, in a window as tall as it is.

    So what sticks to the edges of the window stands at the edges of the picture.
    """
    page.wait_for_load_state("networkidle")
    page.evaluate(KEEP_FRAMES)
    wide, tall = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": wide, "height": min(tall, TALLEST)})
    page.evaluate("scrollTo(0, 0)")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    out = io.BytesIO()
    shot.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
