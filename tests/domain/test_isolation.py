"""The engine keeps to itself: no network, no file, no program, no endless pattern."""

import importlib
import io
import pkgutil
import re
import struct
import sys
import time
import zipfile
from base64 import b64encode
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

import dashboard
from dashboard.domain import receipts, safe_view, views
from dashboard.domain.engine import examine
from tests import factories
from tests.quick import is_quick

MESSAGES = sorted((Path(__file__).parent.parent / "messages").glob("*.eml"))
OUTWARD = ("socket.", "subprocess.", "os.system", "os.exec", "ctypes.", "shutil.")
CPU_SECONDS = 1.0  # of one pattern over 20 kB; what is quadratic takes far longer
LENGTH = 20_000
APPLIED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
ENDLESS = [
    *(unit * (LENGTH // len(unit)) for unit in ("a", " ", "(", "<", '"', ".", "\\")),
    *(unit * (LENGTH // len(unit)) for unit in ("a.", "a@", "=?", "a ", "a-", "\r\n")),
    *(
        unit * (LENGTH // len(unit))
        for unit in ("http://", "%41", "a=b;", "<a ", "url(")
    ),
    *("a" * LENGTH + end for end in ("!", "\x00", "@", "\n", ">")),
    *(" " * LENGTH + end for end in ("x", ":", "<")),
]
_heard: list[str] | None = None


def hear(event, arguments):
    """Note what leaves the process; an audit hook stays for ever, so it is quiet."""
    if _heard is None:
        return
    writes = (
        event == "open"
        and isinstance(arguments[1], str)
        and set(arguments[1]) & {*"wax+"}
    )
    if event.startswith(OUTWARD) or writes:
        _heard.append(f"{event} {arguments[0]!r}")


@cache
def add_listener():
    """Only once: it hears everything this process does from now on."""
    sys.addaudithook(hear)


@contextmanager
def listening():
    """Everything the block does to the world outside the process."""
    global _heard
    add_listener()
    _heard = []
    try:
        yield _heard
    finally:
        _heard = None


def read_through(raw):
    """A message examined and shown, as a worker does it."""
    examination = examine(raw)
    receipts.to_record(examination)
    views.tabs(examination.message)
    safe_view.render(examination.message)
    return examination


def attached(content, name="a.zip"):
    head = factories.eml(Content_Type="multipart/mixed; boundary=b")
    file = f"--b\r\nContent-Type: application/zip; name={name}\r\n"
    body = b64encode(content).decode()
    return (
        head
        + f"{file}Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--".encode()
    )


def archive(*entries):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return target.getvalue()


def nested(depth):
    content = b"x" * 1000
    for _ in range(depth):
        content = archive(("a.zip", content))
    return content


def overlapping(entries):
    """A directory of very many entries that all name the same bytes."""
    one = archive(("a", b"0" * 1000))
    at = one.index(b"PK\x01\x02")
    entry = one[at : one.index(b"PK\x05\x06")]
    size = len(entry) * entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, size, at, 0)
    return one[:at] + entry * entries + end


BOMBS = {
    "zeros": lambda: archive(("a", b"\0" * 30_000_000)),
    "nested": lambda: nested(12),
    "overlap": lambda: overlapping(100_000),
    "climbing names": lambda: archive(("../../etc/passwd", b"x"), ("/abs", b"y")),
    "broken": lambda: archive(("a", b"x"))[:-9] + b"PK\x01\x02" * 9999,
}


class TestOutside:
    def test_nothing_is_asked_or_written_for_any_message(self):
        read_through(MESSAGES[0].read_bytes())  # lists are read once, before
        with listening() as heard:
            for path in MESSAGES[::6]:
                read_through(path.read_bytes())

        assert not heard

    def test_no_name_is_looked_up_for_a_link(self):
        body = "https://evil.test/ http://169.254.169.254/ http://2130706433/ file:///e"
        raw = factories.eml(body=body, Reply_To="a@no-such-host.test")
        with listening() as heard:
            read_through(raw)

        assert not heard

    def test_the_listener_hears_what_it_is_there_for(self, tmp_path):
        with listening() as heard:
            (tmp_path / "a").write_text("x")

        assert heard


class TestArchives:
    @pytest.mark.parametrize("name", BOMBS)
    def test_are_looked_at_and_never_unpacked(self, name):
        raw = attached(BOMBS[name]())
        started = time.process_time()
        with listening() as heard:
            found = read_through(raw)

        assert found.message.attachments
        assert not heard
        assert time.process_time() - started < 2

    def test_are_unpacked_nowhere_in_the_engine(self, root):
        unpackers = {"zlib", "zipfile", "gzip", "tarfile", "bz2", "lzma", "pyzipper"}
        # What people hand in is unpacked before the engine, pictures and the packed
        # objects of PDF documents within it; each has bounds of its own and tests.
        bounded = {"containers.py", "codes.py", "pdf_links.py"}
        for path in (root / "dashboard" / "domain").rglob("*.py"):
            if path.name in bounded:
                continue
            named = re.findall(r"\b(?:import|from) (\w+)", path.read_text())
            assert not unpackers & set(named), path


def patterns():
    """Every compiled pattern of the product, with the ways its module applies it."""
    for found in pkgutil.walk_packages(dashboard.__path__, "dashboard."):
        if ".standalone" not in found.name:
            module = importlib.import_module(found.name)
            source = Path(module.__file__).read_text()
            named = vars(module).items()
            for name, value in (n for n in named if isinstance(n[1], re.Pattern)):
                used = re.findall(rf"\b{name}\.({'|'.join(APPLIED)})\(", source)
                if used:
                    yield pytest.param(value, {*used}, id=f"{found.name}.{name}")


def apply(pattern, use, subject):
    """Look for all there is, in the way the product does."""
    if use in {"match", "fullmatch"}:
        getattr(pattern, use)(subject)
    else:
        list(islice(pattern.finditer(subject), 100_000))


@pytest.mark.parametrize(("pattern", "uses"), list(patterns()))
def test_no_pattern_can_be_made_to_run_for_long(pattern, uses):
    is_text = isinstance(pattern.pattern, str)
    for text in ENDLESS:
        subject = text if is_text else text.encode()

        def look(subject=subject):
            for use in uses:
                apply(pattern, use, subject)

        assert is_quick(look, CPU_SECONDS), text[:9]
