"""Server processes that never outlive the program that started them, however it ends."""

from __future__ import annotations

import os
import signal
import threading

# Set by ``run`` for the processes it starts; elsewhere (tests, a console) nothing is watched.
VARIABLE = "MBS_ENDS_WITH_PARENT"
LOOK_EVERY_SECONDS = 0.5
SECONDS_TO_END = 1.5


def follow_parent() -> None:
    """End this process once its parent has ended, even by ``kill -9``. Does nothing outside ``run``."""
    if os.environ.get(VARIABLE) == "1":
        watch = threading.Thread(target=_end_after, args=(os.getppid(),), daemon=True)
        watch.start()


def _end_after(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    pause.wait(SECONDS_TO_END)
    os._exit(1)
