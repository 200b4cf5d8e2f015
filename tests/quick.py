"""Whether work takes no longer than it may, whoever else is at work in the process."""

import gc
import time
from collections.abc import Callable

ROUNDS = 3


def is_quick(work: Callable[[], object], seconds: float) -> bool:
    """Whether one of a few rounds takes at most so much time of this very thread.

    What a round takes beside the work is not the work's: other threads, and the
    collector that walks through all that earlier tests left.
    """
    return any(_seconds(work) < seconds for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        begun = time.thread_time()
        work()
        return time.thread_time() - begun
    finally:
        if was_collecting:
            gc.enable()
