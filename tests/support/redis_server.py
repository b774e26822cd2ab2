"""A Redis for the tests: TEST_REDIS_URL where given, else a ``redis-server`` of this machine that they start.

Without either, the tests that need one are skipped, and say so.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
import redis

from mbs_app.setup.ports import free_port

PATIENCE_SECONDS = 60


class RedisServer:
    """A server of the test's own, which can go away and come back."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("no redis-server on this machine, and no TEST_REDIS_URL")
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [program, "--port", str(port), "--save", "", "--dir", str(folder)]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url, retry_on_error=[redis.ConnectionError]) as client:
            _until_it_answers(client)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


def _until_it_answers(client: redis.Redis) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("redis-server doesn’t answer")
