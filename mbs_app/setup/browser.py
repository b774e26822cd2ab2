"""A Chromium for the browser tests: the machine's own, else Playwright's, else the distribution's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from mbs_app.setup.console import step, stop

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
WELL_KNOWN = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
)


def find_or_install() -> str:
    """The path of a Chromium that starts; ends the program with a sentence where none can be had."""
    found = find()
    if found is None:
        with step("Installing a Chromium for the browser tests"):
            _install_with_playwright()
            found = find()
            if found is None and _may_use_apt():
                _install_with_apt()
                found = find()
    if found is None:
        stop(
            "No Chromium was found, and none could be installed. Install Chromium or Google Chrome, "
            "or name one: MBS_CHROMIUM=/path/to/chromium make test"
        )
    return found


def find() -> str | None:
    """The first Chromium that answers when asked for its version."""
    named = os.environ.get("MBS_CHROMIUM")
    if named:
        return named
    candidates = [shutil.which(name) for name in NAMES] + [*WELL_KNOWN, _playwrights()]
    return next((path for path in candidates if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """A launcher can be there without its browser, as Ubuntu's for its snap."""
    if not Path(path).exists():
        return False
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _playwrights() -> str | None:
    """Where Playwright keeps the Chromium of its version, downloaded or not."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    except Error:
        return None


def _install_with_playwright() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.name == "posix" and hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(-1, "--with-deps")
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=600)
    except subprocess.TimeoutExpired:
        return


def _may_use_apt() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _install_with_apt() -> None:
    quiet: dict[str, Any] = {
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
    }
    subprocess.run(["apt-get", "update", "-q"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], **quiet)
