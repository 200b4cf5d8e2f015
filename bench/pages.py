"""What the list of analyses costs with 1,000 and with 10,000 analyses stored.

    python -m bench.pages [--rounds N] [--profile]

One client, one gunicorn process for each database, all on the embedded server with
durable commits. Requests to both sizes alternate, so that noise meets both. Prints
medians, ratios, database commands and processor time, each beside its budget;
`--profile` adds where the time of a list page goes. Never fails by a time.
"""

import argparse
import cProfile
import pstats
import re
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from bench.seed import COMMON_DOMAIN, RARE_DOMAIN, RARE_WORD
from bench.serve import Site, Stock, counting, plain, product, stocked
from dashboard.standalone import running_database

SIZES = (1_000, 10_000)
DEEP = 20  # pages before the one measured
WARM = 4
CPU_BATCH = 20  # the clock of a process ticks a hundred times a second
NEXT = re.compile(r'href="([^"]*[?&;]after=[^"]+)"')
ACCESS = ("persistent_sessions", "users")
LIST = "/analyses"
SHAPES = {
    "list": LIST,
    "level:critical": f"{LIST}?level=critical",
    "level:safe": f"{LIST}?level=safe",
    "status:failed": f"{LIST}?status=failed",
    "from a common domain": f"{LIST}?from={COMMON_DOMAIN}",
    "from a rare domain": f"{LIST}?from={RARE_DOMAIN}",
    "since:-7d": f"{LIST}?since=-7d",
    "a common word": f"{LIST}?q=invoice",
    "a rare word": f"{LIST}?q={RARE_WORD}",
    "two words, one level": f"{LIST}?q=invoice+october&level=safe",
}
BUDGET_MS, BUDGET_RATIO, BUDGET_CPU = 40, 1.3, 2.2
BUDGET_ACCESS, BUDGET_LIST = 2, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60, help="requests a page")
    parser.add_argument("--profile", action="store_true")
    told = parser.parse_args()
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        uri = stack.enter_context(running_database(folder / "database", sync=True))
        stocks = [stocked(uri, folder / "var", count) for count in SIZES]
        print(f"stocked in {time.monotonic() - began:.0f} s")
        sites = [stack.enter_context(product(each, folder)) for each in stocks]
        shapes = measure(sites, told.rounds)
        show_times(sites, shapes)
        bare = stack.enter_context(plain(stocks[-1], folder))
        show_cpu(sites[-1], bare, max(told.rounds // 5, 3))
        for each in stocks:
            show_commands(each, shapes)
        if told.profile:
            profile(stocks[-1], LIST)
    print(f"took {time.monotonic() - began:.0f} s in all")


def measure(sites: list[Site], rounds: int) -> dict[str, list[str]]:
    """Read every page in turn from every site; return the paths, a site each."""
    shapes = {name: [path] * len(sites) for name, path in SHAPES.items()}
    shapes[f"page {DEEP + 1}"] = [deep(site, LIST) for site in sites]
    shapes["page 3, level:safe"] = [deep(s, SHAPES["level:safe"], 2) for s in sites]
    for turn in range(WARM + rounds):
        for name, paths in shapes.items():  # in turn, so that noise meets all alike
            for site, path in zip(sites, paths, strict=True):
                site.timed(name if turn >= WARM else "warm", path)
    return shapes


def deep(site: Site, path: str, pages: int = DEEP) -> str:
    """Follow the link to older rows so many times; return where it leads."""
    for _ in range(pages):
        found = NEXT.search(site.get(path).decode())
        if found is None:
            print(f"(no further page after {path})")
            return path
        path = unescape(found[1])
    return path


def show_times(sites: list[Site], shapes: dict[str, list[str]]) -> None:
    """Print a line a page: medians, 95th percentiles and the growth."""
    small, large = sites
    print(f"\n{'milliseconds':22}{SIZES[0]:>9,}{'p95':>8}{SIZES[1]:>10,}{'p95':>8}  x")
    for name in shapes:
        before, after = small.median(name), large.median(name)
        is_good = max(before, after) < BUDGET_MS and after / before <= BUDGET_RATIO
        print(
            f"{name:22}{before:9.1f}{small.p95(name):8.1f}{after:10.1f}"
            f"{large.p95(name):8.1f}  {after / before:.2f}{'' if is_good else '  OVER'}"
        )
    print(f"budget: median under {BUDGET_MS} ms, growth at most {BUDGET_RATIO}")


def show_cpu(listed: Site, bare: Site, rounds: int) -> None:
    """Print what one list page costs the web process, beside a bare page."""
    asked = [(listed, LIST), (bare, "/same"), (listed, LIST), (bare, "/")]
    spent = [0.0] * len(asked)
    for _ in range(rounds):
        for place, (site, path) in enumerate(asked):
            before = site.cpu_seconds()
            for _ in range(CPU_BATCH):
                site.get(path)
            spent[place] += site.cpu_seconds() - before
    lists, same, lists_again, plainly = (
        each / rounds / CPU_BATCH * 1000 for each in spent
    )
    print(f"\nprocessor time of the list page: {(lists + lists_again) / 2:.2f} ms")
    ratio = lists / same
    over = "" if ratio <= BUDGET_CPU else "  OVER"
    print(f"beside a bare page, same table:  {same:.2f} ms, {ratio:.2f} times{over}")
    ratio = lists_again / plainly
    print(f"beside one with a plain table:   {plainly:.2f} ms, {ratio:.2f} times")
    print(f"budget: {BUDGET_CPU} times, aim 1.5")


def show_commands(stock: Stock, shapes: dict[str, list[str]]) -> None:
    """Print how many database commands each page sends, in this process."""
    print(f"\ndatabase commands with {stock.count:,}: access, list")
    with stock.connected():
        client = stock.app.test_client(use_cookies=False)
        client.get(LIST, headers=_browser(stock.cookie))  # reads the counters
        for name, paths in shapes.items():
            counts = min(
                (_commands(client, paths[-1], stock.cookie) for _ in range(2)),
                key=Counter.total,  # once a minute the session is marked as seen
            )
            is_good = (
                counts["access"] <= BUDGET_ACCESS and counts["list"] <= BUDGET_LIST
            )
            over = "" if is_good else "  OVER"
            print(f"{name:22}{counts['access']:6}{counts['list']:6}{over}")
    print(f"budget: access at most {BUDGET_ACCESS}, list at most {BUDGET_LIST}")


def _browser(cookie: str) -> dict[str, str]:
    """What the browser sends that the session was begun in: no name of itself."""
    return {"Cookie": cookie, "User-Agent": ""}


def _commands(client: FlaskClient, path: str, cookie: str) -> Counter[str]:
    observed: list[str] = []
    stop = counting(observed)
    client.get(path, headers=_browser(cookie))
    stop()
    return Counter("access" if to in ACCESS else "list" for to in observed)


def profile(stock: Stock, path: str, rounds: int = 200) -> None:
    """Print where the processor time of a page goes inside the web process."""
    with stock.connected():
        client = stock.app.test_client(use_cookies=False)
        first = client.get(path, headers=_browser(stock.cookie))
        cookie = first.headers.get("Set-Cookie", stock.cookie).partition(";")[0]
        with cProfile.Profile(time.thread_time) as watched:  # without waiting
            for _ in range(rounds):
                client.get(path, headers=_browser(cookie))
    figures = pstats.Stats(watched).strip_dirs()
    figures.sort_stats("tottime").print_stats(35)
    figures.sort_stats("cumtime").print_stats(60)


if __name__ == "__main__":
    main()
