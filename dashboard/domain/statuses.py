"""The states of an analysis and of its job, and the only ways between them."""

from enum import StrEnum


class Status(StrEnum):
    """How far an analysis has come."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    """How far one attempt at analysing has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class UploadState(StrEnum):
    """How far the unpacking of a container has come."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    # What is read within a second is never seen to be running.
    Status.PENDING: frozenset(
        {Status.RUNNING, Status.DONE, Status.FAILED, Status.CANCELLED}
    ),
    Status.RUNNING: frozenset({Status.DONE, Status.FAILED, Status.PENDING}),
    Status.DONE: frozenset({Status.PENDING}),
    Status.FAILED: frozenset({Status.PENDING}),
    Status.CANCELLED: frozenset({Status.PENDING}),
}


def sources_of(target: Status) -> list[Status]:
    """The states from which an analysis may reach the target, in a fixed order."""
    return [state for state in Status if target in TRANSITIONS[state]]
