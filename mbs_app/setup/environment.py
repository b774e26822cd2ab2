"""The virtual environment: made when missing, filled again when the requirements changed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from mbs_app.setup import stamp
from mbs_app.setup.console import step, stop
from mbs_app.setup.paths import CONSTRAINTS, DEV_REQUIREMENTS, REQUIREMENTS, VENV, VENV_PYTHON

OLDEST_PYTHON = (3, 11)


def ensure(*, with_tests: bool = False) -> None:
    """Make the environment what ``requirements.txt`` (and, for tests, ``requirements-dev.txt``) says.

    Does nothing, in milliseconds, when it already is.
    """
    if sys.version_info < OLDEST_PYTHON:
        stop(
            f"MBS needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Install a newer one, or name it: make PYTHON=/path/to/python3.12 run"
        )
    _install(REQUIREMENTS, "Installing what MBS needs")
    if with_tests:
        _install(DEV_REQUIREMENTS, "Installing what the tests need")


def _install(requirements: Path, what: str) -> None:
    sources = [REQUIREMENTS, requirements, CONSTRAINTS]
    digest = stamp.digest_of(sources, f"{sys.version_info[0]}.{sys.version_info[1]}")
    mark = VENV / f".installed-{requirements.stem}"
    if VENV_PYTHON.exists() and stamp.holds(mark, digest):
        return
    _make_venv()
    with step(what):
        # Not compiled: Python compiles what it imports, a small part of what is installed.
        command = [*_pip(), "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
        finished = subprocess.run([*command, "-r", str(requirements), "-c", str(CONSTRAINTS)])
    if finished.returncode:
        stop(
            f"pip could not install {requirements.name} (its message is above). "
            "Check the connection to the package index, then run the command again."
        )
    stamp.write(mark, digest)


def _make_venv() -> None:
    if VENV_PYTHON.exists() and _works():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    with step("Making the virtual environment in .venv"):
        with_pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
        finished = subprocess.run([sys.executable, "-m", "venv", *with_pip, str(VENV)])
    if finished.returncode or not VENV_PYTHON.exists():
        stop(
            "Python could not make a virtual environment (its message is above). "
            "On Debian and Ubuntu: apt-get install python3-venv"
        )


def _works() -> bool:
    """Whether the environment's Python still starts: an upgrade of the system's Python can break it."""
    return subprocess.run([str(VENV_PYTHON), "-c", ""], capture_output=True).returncode == 0


def _pip() -> list[str]:
    """The environment's pip or, where Debian left it out of Python, the system's pip aimed at it."""
    if _has_module(str(VENV_PYTHON), "pip"):
        return [str(VENV_PYTHON), "-m", "pip"]
    if _has_module(sys.executable, "pip"):
        return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    shutil.rmtree(VENV, ignore_errors=True)
    return stop("This Python has no pip. On Debian and Ubuntu: apt-get install python3-venv")


def _has_module(python: str, module: str) -> bool:
    probe = [python, "-c", f"import {module}"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def enter(arguments: list[str]) -> NoReturn:
    """Go on inside the virtual environment: on POSIX in this very process."""
    command = [str(VENV_PYTHON), "-m", "mbs_app.cli", *arguments]
    if os.name == "nt":  # exec on Windows returns to the prompt before the program has ended
        raise SystemExit(subprocess.run(command).returncode)
    os.execv(command[0], command)
