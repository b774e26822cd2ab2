"""A second installation beside the real one: its own port, an empty folder, the simulator. For measuring, and
for taking pictures; nothing in it touches the real data."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mbs_app.settings import Settings, read_settings
from mbs_app.setup.paths import ROOT
from mbs_app.setup.ports import answers, free_port

LONGEST_START = 180.0  # seconds; the pages may have to be built first
_NOT_TAKEN_OVER = (
    "DATABASE_URL",
    "PUBLIC_BASE_URL",
    "REDIS_URL",
    "RESEND_API_BASE_URL",
    "RESEND_API_KEY",
    "RESEND_FROM_EMAIL",
    "RESEND_WEBHOOK_SECRET",
    "RUN_WORKER",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_BASE_URL",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_MESSAGING_SERVICE_SID",
    "TWILIO_PHONE_NUMBER",
)


@dataclass(frozen=True, slots=True)
class Separate:
    """``environment`` is what a process of this installation is started with."""

    folder: Path
    port: int
    environment: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'mbs.db'}"

    @property
    def settings(self) -> Settings:
        """As its processes read them."""
        return read_settings(data_dir=self.folder, port=self.port)

    def migrate(self) -> None:
        """Make its tables."""
        command = [sys.executable, "-m", "mbs_app.cli", "migrate"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve it. Raises RuntimeError with what it said where it doesn't start."""
        log = self.folder / "output.txt"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "mbs_app.cli", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            deadline = time.monotonic() + LONGEST_START
            while not answers(self.port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(log.read_text())
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def separate(**settings: str) -> Iterator[Separate]:
    """An empty installation, gone at the end. ``settings`` are environment variables of its own."""
    with tempfile.TemporaryDirectory(prefix="mbs-") as folder:
        port = free_port()
        own = {
            # Empty ones win over .env, and count as not set.
            **dict.fromkeys(_NOT_TAKEN_OVER, ""),
            "RUN_WORKER": "true",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "SIMULATOR_PORT": str(free_port()),
            "DATA_DIR": folder,
            **settings,
        }
        yield Separate(Path(folder), port, {**os.environ, **own})
