"""The names of the tasks, shared by those who ask and those who answer."""

from enum import StrEnum


class Job(StrEnum):
    """What can be asked of a worker."""

    EXAMINE = "analyses.examine"
    REPORT_LOSS = "queue.report_loss"
    EXPORT = "exports.write"
    SWEEP_EXPORTS = "exports.sweep"
    PREVIEW = "organisation.preview"
    SWEEP = "queue.sweep"
    SWEEP_FILES = "messages.sweep"
    TIDY = "deletions.tidy"
    SWEEP_SESSIONS = "sessions.sweep"
    GATHER_COUNTERS = "counters.gather"
    UNPACK = "uploads.unpack"
    SWEEP_INBOX = "inbox.sweep"
