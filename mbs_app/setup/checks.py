"""``lint`` and ``test``: every check the code must pass, in the order in which they fail fastest."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from mbs_app.setup import browser, frontend
from mbs_app.setup.console import say, stop
from mbs_app.setup.paths import ROOT, VENV_BIN

PYTHON_SOURCES = ["mbs_app", "tests", "alembic", "rxconfig.py"]


def lint() -> None:
    """Style, types, layers, and that the migrations say the same as the tables."""
    _check("style", ["ruff", "check", *PYTHON_SOURCES])
    _check("form", ["ruff", "format", "--check", *PYTHON_SOURCES])
    _check("types", ["mypy"])
    _check("layers", ["lint-imports", "--no-cache"])
    with tempfile.TemporaryDirectory() as folder:
        database = {"DATABASE_URL": f"sqlite:///{Path(folder) / 'checked.db'}"}
        _check("migrations", ["alembic", "upgrade", "head"], database)
        _check("tables", ["alembic", "check"], database)


def test(arguments: Sequence[str]) -> None:
    """All checks, then pytest with ``arguments``."""
    started = time.monotonic()
    lint()
    frontend.build()
    chromium = browser.find_or_install()
    _check("tests", [sys.executable, "-m", "pytest", *arguments], {"MBS_CHROMIUM": chromium})
    say(f"All checks passed in {time.monotonic() - started:.0f} s.")


def format_sources() -> None:
    _check("imports", ["ruff", "check", "--fix", "--quiet", *PYTHON_SOURCES])
    _check("form", ["ruff", "format", *PYTHON_SOURCES])


def _check(name: str, command: Sequence[str], extra: Mapping[str, str] | None = None) -> None:
    say(f"── {name}: {Path(command[0]).name} {' '.join(command[1:])}".rstrip())
    path = os.pathsep.join([str(VENV_BIN), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, **(extra or {})}
    finished = subprocess.run(command, cwd=ROOT, env=environment)
    if finished.returncode:
        stop(f"“{name}” failed; its report is above.", finished.returncode)
