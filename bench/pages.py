"""What every page costs with 10,000 analyses stored, and with a tenth of that.

    python -m bench.pages [--rounds N] [--only WORD] [--stock FOLDER] [--profile PATH]

Ten events of the trail, an indicator and a twentieth of a user stand beside each
analysis. One client, one gunicorn process for each size, both databases on one
embedded server with durable commits. Requests to both sizes alternate, so that noise
meets both. Prints medians, growth, processor time, bytes and database commands, each
beside its budget; `--profile` adds where the time of a page goes. With `--stock` the
filled databases are kept and used again. Never fails by a time.
"""

import argparse
import cProfile
import os
import pstats
import re
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from bench.serve import AGENT, Site, Stock, counting, plain, product, stocked
from bench.visits import LIST, LISTS, PAGES, Visit
from bench.weight import BUDGET_FIRST, BUDGET_LATER, first_page, packed
from dashboard.documents.session import PersistentSession
from dashboard.documents.user import User

SIZES = (1_000, 10_000)
WARM = 4
CPU_BATCH = 20
NEXT = re.compile(r'href="([^"]*[?&;]after=[^"]+)"')
ACCESS = [d._get_collection_name() for d in (PersistentSession, User)]
BUDGET_MS, BUDGET_RATIO, BUDGET_CPU, BUDGET_ACCESS = 40, 1.3, 2.2, 2

Paths = dict[str, list[str]]  # of a page, one for each site


def main() -> None:
    told = _told()
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept = Path(told.stock) if told.stock else folder / "stock"
        server, stocks = stack.enter_context(stocked(kept, SIZES))
        print(f"stocked in {time.monotonic() - began:.0f} s")
        sites = [stack.enter_context(product(s, folder, server)) for s in stocks]
        wanted = {n: v for n, v in (LISTS | PAGES).items() if told.only in n}
        paths = measure(sites, stocks, wanted, told.rounds)
        show_times(sites, wanted)
        show_bytes(sites[-1], paths)
        for each in stocks:
            show_commands(each, wanted, paths)
        bare = stack.enter_context(plain(stocks[-1], folder))
        show_cpu(sites[-1], bare, max(told.rounds // 5, 3))
        if told.profile:
            profile(stocks[-1], told.profile)
    print(f"took {time.monotonic() - began:.0f} s in all")


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60, help="requests a page")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--stock", default="", help="where filled databases are kept")
    parser.add_argument("--profile", default="", help="a path whose page is profiled")
    return parser.parse_args()


def measure(
    sites: list[Site], stocks: list[Stock], visits: dict[str, Visit], rounds: int
) -> Paths:
    """Read every page in turn from every site; return the paths, a site each."""
    pairs = list(zip(sites, stocks, strict=True))
    paths = {
        name: [_deep(site, visit, stock) for site, stock in pairs]
        for name, visit in visits.items()
    }
    for turn in range(WARM + rounds):
        for name in visits:  # in turn, so that noise meets all alike
            for site, path in zip(sites, paths[name], strict=True):
                site.timed(name if turn >= WARM else "warm", path)
    return paths


def _deep(site: Site, visit: Visit, stock: Stock) -> str:
    """Follow the link to older rows so many times; return where it leads."""
    path = visit.path.format(receipt=stock.receipt)
    for _ in range(visit.deep):
        found = NEXT.search(site.get(path).decode())
        if found is None:
            print(f"(no further page after {path})")
            return path
        path = unescape(found[1])
    return path


def show_times(sites: list[Site], visits: dict[str, Visit]) -> None:
    """Print a line a page: medians, 95th percentiles, growth and processor time."""
    small, large = sites
    print(
        f"\n{'milliseconds':25}{SIZES[0]:>7,}{'p95':>8}{SIZES[1]:>9,}{'p95':>8}  x"
        f"{'web':>9}{'database, of each size':>25}"
    )
    for name in visits:
        before, after = small.costs[name], large.costs[name]
        growth = after.median / before.median
        is_good = after.median < BUDGET_MS and growth <= BUDGET_RATIO
        print(
            f"{name:25}{before.median:7.1f}{before.p95:8.1f}{after.median:9.1f}"
            f"{after.p95:8.1f}  {growth:.2f}{after.web_cpu:8.1f}"
            f"{before.database_cpu:8.1f}{after.database_cpu:8.1f}"
            f"{'' if is_good else '  OVER'}"
        )
    print(f"budget: median under {BUDGET_MS} ms, growth at most {BUDGET_RATIO}")
    cores = os.cpu_count() or 1
    if (load := os.getloadavg()[0]) > cores:
        print(f"the machine is busy: {load:.1f} wait for {cores} cores, so times are")
        print("those of waiting; processor time of web and database tells more")


def show_bytes(site: Site, paths: Paths) -> None:
    """Print what a browser loads, compressed, at its first page and at later ones."""
    print("\nbytes, compressed: first page with all it needs, later pages")
    for name, (*_small, path) in paths.items():
        site.rest()
        body = site.get(path)
        first, later = first_page(body, site.get), packed(body)
        is_good = first < BUDGET_FIRST and later < BUDGET_LATER
        print(f"{name:25}{first:9,}{later:9,}{'' if is_good else '  OVER'}")
    print(f"budget: {BUDGET_FIRST:,} and {BUDGET_LATER:,}")


def show_cpu(listed: Site, bare: Site, rounds: int) -> None:
    """Print what one list page costs the web process, beside a bare page."""
    asked = [(listed, LIST), (bare, "/same"), (listed, LIST), (bare, "/")]
    spent = [0.0] * len(asked)
    for _ in range(rounds):
        for place, (site, path) in enumerate(asked):
            site.rest()
            site.get(path)
            before = site.cpu()
            for _ in range(CPU_BATCH):
                site.get(path)
            spent[place] += site.cpu() - before
    lists, same, lists_again, plainly = (each / rounds / CPU_BATCH for each in spent)
    print(f"\nprocessor time of the list page: {(lists + lists_again) / 2:.2f} ms")
    ratio = lists / same
    over = "" if ratio <= BUDGET_CPU else "  OVER"
    print(f"beside a bare page, same table:  {same:.2f} ms, {ratio:.2f} times{over}")
    ratio = lists_again / plainly
    print(f"beside one with a plain table:   {plainly:.2f} ms, {ratio:.2f} times")
    print(f"budget: {BUDGET_CPU} times, aim 1.5")


def show_commands(stock: Stock, visits: dict[str, Visit], paths: Paths) -> None:
    """Print how many database commands each page sends, in this process."""
    print(f"\ndatabase commands with {stock.count:,}: access, page")
    with stock.connected():
        client = stock.app.test_client(use_cookies=False)
        client.get(LIST, headers=_browser(stock.cookie))  # reads the counters
        for name, visit in visits.items():
            path = paths[name][SIZES.index(stock.count)]
            counts = min(  # what is learned and once a minute is not the page's
                (_commands(client, path, stock.cookie) for _ in range(3)),
                key=Counter.total,
            )
            access, page = counts["access"], counts["page"]
            is_good = access <= BUDGET_ACCESS and page <= visit.commands
            print(f"{name:25}{access:6}{page:6}{'' if is_good else '  OVER'}")
    print(f"budget: access at most {BUDGET_ACCESS}, a list at most 4")


def _browser(cookie: str) -> dict[str, str]:
    """What the browser sends that the session was begun in."""
    return {"Cookie": cookie, "User-Agent": AGENT}


def _commands(client: FlaskClient, path: str, cookie: str) -> Counter[str]:
    observed: list[str] = []
    stop = counting(observed)
    client.get(path, headers=_browser(cookie))
    stop()
    access = sum(name in observed for name in ACCESS)  # the first of each
    return Counter({"access": access, "page": len(observed) - access})


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
