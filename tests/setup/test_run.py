"""``run``, started for real: what it says, what it serves, and that nothing outlives it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
import pytest

from mbs_app.setup import frontend
from mbs_app.setup.paths import ROOT
from mbs_app.setup.ports import free_port

START_WITHIN = 90


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    said: str
    helpers: list[psutil.Process]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


def command(data: Path, port: int, **settings: str) -> subprocess.Popen[str]:
    names = ("PATH", "HOME", "REFLEX_WEB_WORKDIR")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {"PORT": str(port), "DATA_DIR": str(data), "HOST": "127.0.0.1", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "mbs_app", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start(data: Path) -> Running:
    port = free_port()
    process = command(data, port)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Nothing leaves this machine"):
            break
    helpers = psutil.Process(process.pid).children(recursive=True)
    return Running(process, port, said, helpers)


@pytest.fixture(scope="module", autouse=True)
def _pages() -> None:
    frontend.build()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Running]:
    running = start(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(20)


def gone(helpers: list[psutil.Process], within: float) -> bool:
    _, alive = psutil.wait_procs(helpers, timeout=within)
    return [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


async def status_of_socket(running: Running, origin: str) -> int:
    address = f"{running.address}/_event/?EIO=4&transport=websocket&token=x"
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(address, origin=origin) as socket_:
                return 101 if not socket_.closed else 0
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


class TestStarted:
    def test_serves_pages_and_api_and_says_how_to_get_in(self, product: Running) -> None:
        assert f"MBS is running at {product.address}" in product.said
        assert f"{product.address}/setup?token=" in product.said
        with urllib.request.urlopen(f"{product.address}/signin") as page:
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
            assert "Sign in" in page.read().decode()
        with urllib.request.urlopen(f"{product.address}/api/openapi.json") as api:
            assert api.status == 200

        # The websocket opens for this site's pages only.
        assert asyncio.run(status_of_socket(product, product.address)) == 101
        assert asyncio.run(status_of_socket(product, "http://evil.example")) in (400, 403)

        # Its address holds the tab's token, so no address is logged.
        product.process.send_signal(signal.SIGINT)
        assert product.process.stdout is not None
        assert "token=x" not in product.process.stdout.read()

    def test_a_second_one_on_the_same_port_is_told_in_one_line(
        self, product: Running, tmp_path: Path
    ) -> None:
        second = command(tmp_path / "other", product.port)
        said, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert said.startswith(f"Port {product.port} is taken by another program.")
        assert said.count("\n") == 1


class TestStopped:
    def test_ctrl_c_ends_it_and_all_it_started(self, product: Running) -> None:
        assert len(product.helpers) >= 2
        product.process.send_signal(signal.SIGINT)
        assert product.process.wait(20) == 0
        assert gone(product.helpers, 5)

    def test_nothing_outlives_a_kill(self, product: Running) -> None:
        product.process.kill()
        product.process.wait(5)
        assert gone(product.helpers, 15)


class TestRefused:
    @pytest.mark.parametrize(
        ("settings", "sentence"),
        [
            ({"TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "Twilio is half set up"),
            ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must start with"),
            ({"PUBLIC_BASE_URL": "sms.example.com"}, "PUBLIC_BASE_URL must be an address"),
        ],
    )
    def test_wrong_settings_end_the_start_with_a_sentence(
        self, tmp_path: Path, settings: dict[str, str], sentence: str
    ) -> None:
        started = time.monotonic()
        refused = command(tmp_path, free_port(), **settings)
        said, _ = refused.communicate(timeout=START_WITHIN)
        assert refused.returncode == 2
        assert said.startswith(sentence)
        assert "Traceback" not in said
        assert time.monotonic() - started < START_WITHIN

    def test_a_database_out_of_reach_is_named(self, tmp_path: Path) -> None:
        url = f"postgresql://nobody@127.0.0.1:{free_port()}/mbs"
        refused = command(tmp_path, free_port(), DATABASE_URL=url)
        said, _ = refused.communicate(timeout=START_WITHIN)
        assert refused.returncode == 1
        assert "The database can’t be reached" in said
        assert "Traceback" not in said
