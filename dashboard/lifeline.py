"""Ties a process to the one that started it, so that none is ever left behind."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with(parent: int) -> None:
    """Have the kernel kill this process as soon as its parent, that pid, ends.

    For children that were forked and not started as programs of their own. Does
    nothing where the kernel cannot.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was quicker than we were
        os.kill(os.getpid(), signal.SIGKILL)
