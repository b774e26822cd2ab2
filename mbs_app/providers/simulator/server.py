"""Starting a simulator: in a thread of this process, or as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import Queue

from mbs_app.providers.simulator.app import create_app
from mbs_app.providers.simulator.asgi_server import AsgiServer
from mbs_app.providers.simulator.config import SimulatorConfig

READY = "simulator ready at "
_START_WITHIN = 15.0


@dataclass
class ThreadedSimulator:
    """``config`` may be changed while it runs; its faults, for one."""

    url: str
    config: SimulatorConfig
    _thread: threading.Thread
    _loop: asyncio.AbstractEventLoop
    _stopping: asyncio.Event

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)


@dataclass
class SimulatorProcess:
    url: str
    _process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        if self._process.stdout:
            self._process.stdout.close()


async def serve(
    config: SimulatorConfig,
    host: str,
    port: int,
    stopping: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """Serve until ``stopping`` is set. ``ready`` is called with the address. Raises OSError."""
    server = AsgiServer(create_app(config), host, port)
    url = await server.start()
    ready(url)
    try:
        await stopping.wait()
    finally:
        await server.stop()


def start_in_thread(
    config: SimulatorConfig | None = None, *, host: str = "127.0.0.1", port: int = 0
) -> ThreadedSimulator:
    """Start one in this process, for tests. Raises OSError for a taken port."""
    config = config or SimulatorConfig()
    started: Queue[tuple[str, asyncio.AbstractEventLoop, asyncio.Event] | Exception] = Queue()

    async def main() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        try:
            await serve(
                config, host, port, stopping, lambda url: started.put((url, loop, stopping))
            )
        except Exception as error:  # raised again by who waits for the start
            started.put(error)

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="simulator", daemon=True)
    thread.start()
    answer = started.get(timeout=_START_WITHIN)
    if isinstance(answer, Exception):
        raise answer
    url, loop, stopping = answer
    return ThreadedSimulator(url, config, thread, loop, stopping)


def start_process(
    *options: str,
    host: str = "127.0.0.1",
    port: int = 0,
    with_parent: bool = True,
    environment: Mapping[str, str] | None = None,
) -> SimulatorProcess:
    """Start one as a process of its own, by the command line's ``options``.

    ``environment`` is added to this process's; see :func:`credentials.environment_of`.

    It ends when this process does, however that ends, unless ``with_parent`` is False.
    Raises RuntimeError with what it said where it can't start.
    """
    command = [sys.executable, "-m", "mbs_app.providers.simulator"]
    command += ["--alone", "--host", host, "--port", str(port), *options]
    if with_parent:
        command.append("--until-stdin-closes")
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl+C is for the app, which then stops us in its own time
        env={**os.environ, **(environment or {}), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if line.startswith(READY):
            return SimulatorProcess(line.removeprefix(READY).strip(), process)
        said.append(line)
    process.wait(5)
    raise RuntimeError("".join(said).strip() or "The simulator didn’t start.")


def options_of(faults: dict[str, float]) -> list[str]:
    """Faults as the command line takes them."""
    return ["--faults", json.dumps(faults)]
