"""Draws every page, from the demonstration set, into docs/screens.

    make screens [ONLY=name]

Starts the product in a folder of its own, fills it, and walks its pages at 1440 and
390 px, light and dark. Needs Chromium.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.product import PASSWORD, ROOT, Product, running

TARGET = ROOT / "docs" / "screens"
SIZES = {1440: 900, 390: 844}
THEMES = ("light", "dark")
COLOURS = 128
TALLEST = 2600  # pixels kept of a long page
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

# The picture's name, and the path of its page.
PAGES = {
    "analyses": "/analyses",
    "analyses-none": "/analyses?q=nothing-is-like-this",
    "submit": "/analyses/new",
    "uploads": "/uploads",
    "indicators": "/indicators",
    "indicator-new": "/indicators/new",
    "users": "/users",
    "user-new": "/users/new",
    "profile": "/profile",
    "sessions": "/sessions",
    "sessions-all": "/sessions/all",
    "audit": "/audit",
    "exports": "/exports",
    "missing": "/no-such-page",
    "overview": "/overview",  # once its numbers are of the whole set
}
# Pages reached by the first link of a list.
DETAILS = {
    "receipt": "/analyses?level=critical",
    "indicator": "/indicators",
    "user": "/users",
    "audit-entry": "/audit",
    "upload": "/uploads",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="draw pages of this name alone")
    only = parser.parse_args().only
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
        state = first_visit(browser, product)
        fill(product)
        for name, picture in pictures(browser, product, state, only):
            (TARGET / name).write_bytes(picture)
            print(f"{name:40} {len(picture) // 1024:5} kB")
        browser.close()
    return 0


def first_visit(browser: Browser, product: Product) -> dict[str, object]:
    """Make the first administrator; return the cookies of that browser."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{product.port}{product.first_link()}")
    page.fill("[name=username]", "keeper")
    page.fill("[name=email]", "keeper@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_load_state()
    state = dict(context.storage_state())
    context.close()
    return state


def fill(product: Product) -> None:
    """Put the demonstration set through the pipeline."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "fill"]
    environment = {**os.environ, "VAR_DIR": str(product.directory)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def pictures(
    browser: Browser, product: Product, state: dict[str, object], only: str
) -> Iterator[tuple[str, bytes]]:
    """Every page in every size and theme; a page that is not there is left out."""
    for width, height in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                storage_state=state,
                reduced_motion="reduce",
            )
            page = context.new_page()
            for name in (*PAGES, *DETAILS):
                if only in ("", name) and reach(page, product.port, name):
                    yield f"{name}-{width}-{theme}.png", drawn(page)
            context.close()


def reach(page: Page, port: int, name: str) -> bool:
    """Open a page by its picture's name; say whether it is there."""
    path = PAGES.get(name) or DETAILS[name]
    answer = page.goto(f"http://127.0.0.1:{port}{path}")
    if name == "missing":
        return True
    if answer is None or answer.status != 200:
        return False
    if name in DETAILS:
        first = page.locator("main table a.pn-open").first
        if not first.count():
            return False
        page.goto(f"http://127.0.0.1:{port}{first.get_attribute('href')}")
    return True


def drawn(page: Page) -> bytes:
    """The page as a small PNG."""
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    shot = shot.crop((0, 0, shot.width, min(shot.height, TALLEST)))
    out = io.BytesIO()
    shot.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
