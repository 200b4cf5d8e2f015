"""Prints how long a mailbox of messages takes to become analyses, and how much memory.

`python -m bench.containers [COUNT]` on an embedded database of its own. What examines
the messages afterwards is not part of it: `bench.analyse` measures that.
"""

import io
import resource
import sys
import tempfile
import time
from pathlib import Path

from pydantic import SecretStr

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.documents import connection, schema
from dashboard.documents.connection import database
from dashboard.services import unpacking, uploads
from dashboard.services.audit import Actor
from dashboard.services.uploads import Given, Limits
from dashboard.standalone import running_database
from tests.conftest import SECRET
from tests.containers import mbox
from tests.factories import eml

LIMITS = Limits(25_000_000, 100_000_000)
MESSAGE_BYTES = 20_000
SOMEBODY = Actor("bench", "0" * 24)


def main(count: int) -> None:
    """Measure one mailbox of so many messages."""
    folder = Path(tempfile.mkdtemp())
    with running_database(folder / "server", sync=True) as uri:
        settings = Settings(
            ENVIRONMENT="test",
            SECRET_KEY=SecretStr(SECRET),
            MONGODB_URI=SecretStr(uri),
            CELERY_BROKER_URL=SecretStr(f"files://{folder / 'queue'}"),
            VAR_DIR=folder,
        )
        create_app(settings)
        connection.connect(settings)
        schema.prepare()
        measure(count)
        connection.disconnect()


def measure(count: int) -> None:
    """Take a mailbox in and unpack it, printing as it goes."""
    content = mbox(*(eml(body="x" * 76 + "\r\n" * 2) for _ in range(50)))
    unpack(content)  # what is read once is read now
    body = ("x" * 76 + "\r\n") * (MESSAGE_BYTES // 78)
    content = mbox(*(eml(f"number {n}", body=body) for n in range(count)))
    before, started = peak(), time.perf_counter()
    unpack(content)
    seconds = time.perf_counter() - started
    print(f"messages   {count} of {MESSAGE_BYTES // 1000} kB")
    print(f"seconds    {seconds:.1f}")
    print(f"a message  {1000 * seconds / count:.1f} ms")
    print(f"memory     {before} MB before, {peak()} MB at most")


def unpack(content: bytes) -> None:
    """What web process and worker do, one after the other."""
    given = Given(io.BytesIO(content), "upload", "bench.mbox")
    opened = uploads.take_in(given, SOMEBODY, LIMITS)
    states = {"waiting", "working"}
    while states & {row["state"] for row in database()["uploads"].find({})}:
        unpacking.unpack(opened.upload_id, LIMITS)


def peak() -> int:
    """The most memory this program has needed so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
