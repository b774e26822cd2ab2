"""Helper processes that never outlive the program that started them, however it ends.

``start`` gives a child a pipe whose other end only the parent holds. When the parent ends, even by
``kill -9``, the pipe closes and the child's ``hold`` ends it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

LIFELINE_VARIABLE = "MBS_LIFELINE"
SECONDS_TO_END = 1.5


def start(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a helper in a process group of its own, so that Ctrl-C reaches it through its parent only."""
    return subprocess.Popen(
        command,
        env={**environment, LIFELINE_VARIABLE: "stdin"},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the helper to end, and make it when it doesn't within 1.5 seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin is not None:
        process.stdin.close()


def hold() -> None:
    """Called by a helper at its start: end this process when the one that started it has ended."""
    if os.environ.pop(LIFELINE_VARIABLE, None) != "stdin":
        return
    descriptor = os.dup(sys.stdin.fileno())
    threading.Thread(target=_end_with, args=(descriptor,), daemon=True, name="lifeline").start()


def _end_with(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Timer(SECONDS_TO_END, os._exit, args=(1,)).start()


def follow_parent() -> None:
    """As ``hold``, for a process that was not started with ``start``: watches the parent's process id."""
    parent = os.getppid()
    threading.Thread(target=_end_after, args=(parent,), daemon=True, name="lifeline").start()


def _end_after(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    pause.wait(SECONDS_TO_END)
    os._exit(1)
