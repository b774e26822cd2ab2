"""The front end: built by Reflex with the Node of the virtual environment, and only when its sources changed."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mbs_app.setup import no_eval, stamp
from mbs_app.setup.console import step, stop
from mbs_app.setup.paths import (
    BUILT_PAGES,
    CONSTRAINTS,
    FRONT_END_LOCK,
    REQUIREMENTS,
    ROOT,
    VENV_BIN,
    WEB,
)

PACKAGE = ROOT / "mbs_app"
# What a page can be made of. Services and queries are not: a page reads them through events, at run time.
SOURCES = [
    PACKAGE / "ui",
    PACKAGE / "domain",
    PACKAGE / "mbs_app.py",
    PACKAGE / "setup" / "frontend.py",
    PACKAGE / "setup" / "compile_pages.py",
    PACKAGE / "setup" / "no_eval.py",
    ROOT / "assets",
    ROOT / "rxconfig.py",
    REQUIREMENTS,
    CONSTRAINTS,
]
STAMP = WEB / ".built-from"

# Stands in the built pages where the address goes that the browser came from.
PLACEHOLDER = "http://mbs.invalid"
_WEBSOCKET = re.compile(r"""(["'`])ws://mbs\.invalid(/[\w./-]*)\1""")
_HTTP = re.compile(r"""(["'`])http://mbs\.invalid(/[\w./-]*)\1""")


def build(*, force: bool = False) -> None:
    """Build the pages, unless they are already what the sources say."""
    with one_at_a_time(WEB / ".building"):
        sources = _digest_of_sources()
        if not force and is_current():
            return
        STAMP.unlink(missing_ok=True)
        with step("Building the pages"):
            _compile()
            _keep_addresses_out_of_the_lock()
            _write_one_line_for_each_package()
            _follow_the_browsers_address()
            no_eval.check_bundle(BUILT_PAGES / "assets")
        stamp.write(STAMP, _with_lock(sources))


def is_current() -> bool:
    """Whether the built pages are what the sources say."""
    return BUILT_PAGES.is_dir() and stamp.holds(STAMP, _with_lock(_digest_of_sources()))


def _digest_of_sources() -> str:
    return stamp.digest_of(SOURCES)


def _with_lock(digest: str) -> str:
    return stamp.digest_of([FRONT_END_LOCK], digest)


def _compile() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "mbs_app.setup.compile_pages", PLACEHOLDER],
        cwd=ROOT,
        env=node_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if finished.returncode or not BUILT_PAGES.is_dir():
        print(finished.stdout)
        stop("The pages could not be built; the reason is above.")


def node_environment() -> dict[str, str]:
    """The environment Reflex builds in: our Node, npm, no telemetry, no look at newer versions."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(VENV_BIN), os.environ.get("PATH", os.defpath)]),
        "REFLEX_USE_NPM": "1",
        "REFLEX_USE_SYSTEM_BUN": "0",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        "NO_COLOR": "1",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    environment.pop("NODE_ENV", None)
    # Reflex would otherwise time several public registries and take the fastest.
    registry = _npm_registry(environment)
    if registry:
        environment.setdefault("NPM_CONFIG_REGISTRY", registry)
    return environment


def _npm_registry(environment: dict[str, str]) -> str:
    """The registry npm itself would ask; empty when it can't say."""
    command = [str(VENV_BIN / "npm"), "config", "get", "registry"]
    asked = subprocess.run(command, env=environment, capture_output=True, text=True)
    answer = asked.stdout.strip()
    return answer if answer.startswith("http") else ""


def _keep_addresses_out_of_the_lock() -> None:
    """The lock file names versions and checksums; where they were fetched from is this machine's matter."""
    lock = FRONT_END_LOCK / "package-lock.json"
    if not lock.is_file():
        return
    before = lock.read_text(encoding="utf-8")
    after = re.sub(r'^\s*"resolved": "[^"]*",?\n', "", before, flags=re.MULTILINE)
    if after != before:
        lock.write_text(after, encoding="utf-8")


def _write_one_line_for_each_package() -> None:
    """Reflex and npm write ``package.json`` in two forms; one form keeps it the same from build to build."""
    manifest = FRONT_END_LOCK / "package.json"
    if manifest.is_file():
        before = manifest.read_text(encoding="utf-8")
        after = json.dumps(json.loads(before), indent=2) + "\n"
        if after != before:
            manifest.write_text(after, encoding="utf-8")


def _follow_the_browsers_address() -> None:
    """Let the built pages call back the address they were loaded from.

    Reflex writes one fixed address into the bundle, so that another port, or a proxy's https, would need
    another build.
    """
    changed = 0
    for script in sorted((BUILT_PAGES / "assets").glob("*.js")):
        before = script.read_text(encoding="utf-8")
        if PLACEHOLDER.removeprefix("http:") not in before:
            continue
        after = _WEBSOCKET.sub(r'location.origin.replace(/^http/,"ws")+"\2"', before)
        after = _HTTP.sub(r'location.origin+"\2"', after)
        _rewrite(script, after)
        changed += 1
    if not changed:
        stop("The built pages hold no server address to replace: this isn’t the pinned Reflex.")


def _rewrite(script: Path, text: str) -> None:
    script.write_text(text, encoding="utf-8")
    compressed = script.with_name(script.name + ".gz")
    if compressed.exists():
        compressed.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Two starts at the same moment build once: the second waits for ``lock``, then finds it done."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
