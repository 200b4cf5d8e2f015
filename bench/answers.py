"""Prints how long single answers take that the requirements put a time to.

Usage: python -m bench.answers
"""

import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from tests.product import TOKEN, Client, Product, running

ROUNDS = 100
FORM = "application/x-www-form-urlencoded"
LIMITS = {"SIGN_IN_LIMIT": "100000/minute"}


def main() -> None:
    """Ask each question so often that the middle of the answers says something."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "var", **LIMITS) as product,
    ):
        product.signed_in()
        asker = Client(product.port)
        ping = timed(lambda: asker.request("GET", "/health/ping"))
        say("ping", ping, aim="under 10")
        show_sign_in(product)
        show_hung_database(product)


def show_sign_in(product: Product) -> None:
    """Whether the time of a refusal tells who has an account."""
    asker = Client(product.port)
    token = TOKEN.search(asker.request("GET", "/login")[1])
    assert token is not None
    known, unknown = [], []
    for _ in range(ROUNDS):  # in turns, so that both see the same machine
        for name, found in (("keeper", known), ("nobody", unknown)):
            fields = {"login": name, "password": "wrong", "csrf_token": token.group(1)}
            body = urlencode(fields).encode()
            began = time.perf_counter()
            status, _ = asker.request("POST", "/login", body, Content_Type=FORM)
            found.append(milliseconds(began))
            assert status == 422, status
    say("sign-in refused, known name", statistics.median(known))
    say("sign-in refused, unknown name", statistics.median(unknown))
    apart = abs(statistics.median(known) - statistics.median(unknown))
    say("difference of the two", apart, aim="under 20")


def show_hung_database(product: Product) -> None:
    """How long a page waits for a database that hangs."""
    hung = product.children("database")[0]
    os.kill(hung, signal.SIGSTOP)
    try:
        began = time.perf_counter()
        status, _ = Client(product.port).request("GET", "/first/guess")
        say(
            f"database hangs, page says {status}",
            milliseconds(began),
            aim="at most 6000",
        )
    finally:
        os.kill(hung, signal.SIGCONT)


def timed(ask: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        found.append(milliseconds(began))
    return statistics.median(found)


def milliseconds(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def say(what: str, median: float, aim: str = "") -> None:
    print(f"{what:36} {median:8.1f} ms  {aim}")


if __name__ == "__main__":
    main()
