"""Where the set-up keeps what it makes."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if os.name == "nt" else "python")

REQUIREMENTS = ROOT / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "requirements-dev.txt"
CONSTRAINTS = ROOT / "constraints.txt"
FRONT_END_LOCK = ROOT / "reflex.lock"

WEB = Path(os.environ.get("REFLEX_WEB_WORKDIR") or ROOT / ".web")
BUILT_PAGES = WEB / "build" / "client"

OURS_ALONE = 0o700
"""The rights of a folder that we make for data: customers' numbers are nobody else's on this machine."""
