"""The whole product, started as a user starts it: one command, one port, the simulator beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mbs_app.settings import PROJECT_ROOT
from mbs_app.setup.ports import free_port

START_SECONDS = 240  # the first start builds the pages


@dataclass
class Product:
    """A running product. ``database_url`` lets a test look into, and prepare, its database."""

    address: str
    simulator: str
    database_url: str
    log: Path
    _process: subprocess.Popen[bytes]

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


def start_product(folder: Path, settings: Mapping[str, str] | None = None) -> Product:
    """Start ``python -m mbs_app run`` with its data in ``folder``; returns when it answers."""
    port, simulator_port = int((settings or {}).get("PORT") or free_port()), free_port()
    database_url = f"sqlite:///{folder / 'mbs.db'}"
    log = folder / "output.log"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")},
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "SIMULATOR_PORT": str(simulator_port),
        "TEXTS_PER_SECOND": "50",
        **(settings or {}),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mbs_app", "run"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    product = Product(
        f"http://localhost:{port}",
        f"http://127.0.0.1:{simulator_port}",
        database_url,
        log,
        process,
    )
    _wait_until_it_answers(product, process)
    return product


def _wait_until_it_answers(product: Product, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The product ended at its start:\n{product.output()}")
        try:
            with urllib.request.urlopen(f"{product.address}/api/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    product.stop()
    raise RuntimeError(f"The product didn’t answer in {START_SECONDS} s:\n{product.output()}")
