"""The watched folder: what is taken in, what is left, and where it goes."""

import os
import time

import pytest

from dashboard.documents.connection import database as stored
from dashboard.services import inbox, uploads
from dashboard.services.uploads import Limits
from tests import factories
from tests.containers import mbox

LIMITS = Limits(100_000, 1_000_000)
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "inbox"


def lay(folder, name, content, *, age=60):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def names(folder):
    return sorted(p.name for p in folder.iterdir() if p.is_file() and p.name != ".lock")


def rows():
    return list(stored()["email_analyses"].find({}))


def test_a_message_is_handed_in_and_moved(folder):
    lay(folder, "a.eml", factories.eml())
    inbox.sweep(folder, LIMITS)

    assert names(folder) == []
    assert names(folder / "done") == ["a.eml"]
    assert (rows()[0]["source"], rows()[0]["user_id"]) == ("inbox", "inbox")


def test_a_mailbox_becomes_an_upload(folder):
    lay(folder, "Inbox", mbox(factories.eml()))
    inbox.sweep(folder, LIMITS)

    assert stored()["uploads"].find_one({})["actor"] == "inbox"
    assert names(folder / "done") == ["Inbox"]


def test_what_is_refused_lies_beside_its_reason(folder):
    lay(folder, "invoice.eml", PROGRAM)
    inbox.sweep(folder, LIMITS)
    reason = (folder / "refused" / "invoice.eml.reason.txt").read_text()

    assert "a Windows program" in reason
    assert names(folder / "refused") == ["invoice.eml", "invoice.eml.reason.txt"]
    assert rows() == []


def test_a_file_that_still_changes_is_left(folder):
    lay(folder, "a.eml", factories.eml(), age=0)
    lay(folder, "b.eml.part", factories.eml())
    lay(folder, ".hidden", factories.eml())

    assert inbox.sweep(folder, LIMITS) == 0
    assert names(folder) == [".hidden", "a.eml", "b.eml.part"]


def test_a_file_that_changes_while_it_is_read_is_left(folder, monkeypatch):
    path = lay(folder, "a.eml", factories.eml())
    take_in = uploads.take_in

    def slowly(*arguments):
        path.write_bytes(path.read_bytes() + b"more")
        return take_in(*arguments)

    monkeypatch.setattr(uploads, "take_in", slowly)

    assert inbox.sweep(folder, LIMITS) == 0
    assert names(folder) == ["a.eml"]


def test_a_link_leads_nowhere(folder, tmp_path):
    secret = lay(tmp_path, "secret", factories.eml("secret"))
    folder.mkdir()
    (folder / "a.eml").symlink_to(secret)
    os.mkfifo(folder / "pipe.eml")
    (folder / "sub.eml").mkdir()
    inbox.sweep(folder, LIMITS)

    assert rows() == []
    assert secret.exists()


def test_a_file_that_was_stored_but_not_moved_is_one_analysis(folder, monkeypatch):
    lay(folder, "a.eml", factories.eml())
    monkeypatch.setattr(inbox, "_move", die)
    with pytest.raises(Killed):
        inbox.sweep(folder, LIMITS)
    monkeypatch.undo()
    inbox.sweep(folder, LIMITS)

    assert len(rows()) == 1
    assert names(folder / "done") == ["a.eml"]


def test_files_of_one_name_do_not_replace_each_other(folder):
    for n in range(3):
        lay(folder, "a.eml", factories.eml(str(n)))
        inbox.sweep(folder, LIMITS)

    assert names(folder / "done") == ["2-a.eml", "3-a.eml", "a.eml"]


@pytest.mark.parametrize(
    "name", ["a" * 255, "..eml..", "<b>.eml", "\udcff\udcfe.eml", "a\nb.eml"]
)
def test_names_of_any_kind_are_moved(folder, name):
    lay(folder, f"x{name}"[:255], factories.eml())
    inbox.sweep(folder, LIMITS)

    assert len(names(folder / "done")) == len(rows()) == 1


def test_two_processes_do_not_take_the_same_file(folder):
    lay(folder, "a.eml", factories.eml())
    with inbox._alone(folder) as is_alone:
        assert is_alone
        assert inbox.sweep(folder, LIMITS) == 0
    assert inbox.sweep(folder, LIMITS) == 1


class Killed(BaseException):
    """What ends a worker."""


def die(*_arguments):
    raise Killed
