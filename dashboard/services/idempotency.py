"""Doing what a program asks for once, however often it asks with the same key."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database, now

KEPT: Final = timedelta(hours=24)
WORKED_ON: Final = timedelta(seconds=60)  # then whoever asked first is taken for dead

Answer = tuple[int, dict[str, object]]


class KeyReused(ValueError):
    """The key was used before, with something else."""


class StillWorking(Exception):
    """The first request with the key is not answered yet."""


def once(owner: str, key: str, digest: str, work: Callable[[], Answer]) -> Answer:
    """The answer to the first request with that key; `work` makes it, once.

    Raises `KeyReused` or `StillWorking`. Where `work` fails nothing is kept, so that
    the same request may be sent again.
    """
    name = hashlib.sha256(f"{owner}\0{key}".encode()).hexdigest()
    if known := _begin(name, digest):
        return known
    is_answered = False
    try:
        status, answer = work()
        told = {"$set": {"status": status, "answer": answer}}
        _keys().update_one({"_id": name}, told)
        is_answered = True
    finally:
        if not is_answered:
            _keys().delete_one({"_id": name, "status": 0})
    return status, answer


def sweep() -> int:
    """Forget what is older than a day; how many answers that were."""
    old = {"created_at": {"$gte": BEGINNING, "$lt": now() - KEPT}}
    return int(_keys().delete_many(old).deleted_count)


def _begin(name: str, digest: str) -> Answer | None:
    """The answer that is kept; None when this request is to make it."""
    row = {"_id": name, "digest": digest, "status": 0, "answer": {}}
    try:
        _keys().insert_one({**row, "created_at": now()})
        return None
    except DuplicateKeyError:
        known = _keys().find_one({"_id": name})
    if known is None or _is_over(known):
        _take_over(name, digest, known["created_at"] if known else None)
        return None
    if known["digest"] != digest:
        raise KeyReused
    if not known["status"]:
        raise StillWorking
    return known["status"], known["answer"]


def _is_over(row: dict[str, Any]) -> bool:
    """Whether an answer is too old to be told, or will never come."""
    age = now() - row["created_at"]
    return bool(age > KEPT or (not row["status"] and age > WORKED_ON))


def _take_over(name: str, digest: str, seen: datetime | None) -> None:
    """Put this request in the place of one that is over, unless another was quicker."""
    fresh = {"digest": digest, "status": 0, "answer": {}, "created_at": now()}
    held = {"_id": name, "created_at": seen}
    if seen is None or not _keys().update_one(held, {"$set": fresh}).modified_count:
        raise StillWorking


def _keys() -> Any:
    return database()["idempotency_keys"]
