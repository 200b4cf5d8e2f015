"""Prints how long the product takes to start, to recover and to stop.

Usage: python -m bench.start
"""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.product import AWAY, Client, Product, running, wait_for

FIRST_PAGE_SECONDS = 5.0
KINDS = ("web", "worker", "database")


def main() -> None:
    """Start, stop, start again, kill each program once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "var") as product,
    ):
        say("stop", timed(product.stop))
        say("first page", first_page(product), f"at most {FIRST_PAGE_SECONDS}")
        for kind in KINDS:
            say(f"{kind} killed, until ready again", recovery(product, kind))


def first_page(product: Product) -> float:
    """Seconds from the command to the first page that is served."""
    starting = threading.Thread(target=product.start, args=(60,))
    starting.start()
    seconds = wait_for(lambda: serves(product, "/login"), 60)
    starting.join()
    return seconds


def recovery(product: Product, kind: str) -> float:
    """Seconds from a program's death until everything answers again."""
    os.kill(product.children(kind)[0], signal.SIGKILL)
    time.sleep(0.1)
    return wait_for(lambda: serves(product, "/health/ready"), 60) + 0.1


def serves(product: Product, path: str) -> bool:
    try:
        return Client(product.port).request("GET", path)[0] == 200
    except AWAY:
        return False


def timed(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def say(what: str, seconds: float, aim: str = "") -> None:
    print(f"{what:36} {seconds:6.2f} s  {aim}")


if __name__ == "__main__":
    main()
