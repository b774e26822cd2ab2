"""``run``: everything on one port, and the provider simulator beside it when it is needed."""

from __future__ import annotations

import errno
import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mbs_app import logs
from mbs_app.domain.errors import ConfigurationError
from mbs_app.settings import Settings, read_settings
from mbs_app.setup import frontend, lifeline
from mbs_app.setup.console import CONFIGURATION_IS_WRONG, say, stop
from mbs_app.setup.database import first_admin_link, migrate
from mbs_app.setup.paths import ROOT
from mbs_app.setup.ports import answers, free_port

if TYPE_CHECKING:
    from mbs_app.providers.simulator.server import SimulatorProcess

LONGEST_START_SECONDS = 120
# Reflex's own switches for a process that serves pages built earlier. Internal to it, hence the pinned
# version, and a test that starts the product.
SERVE_BUILT_PAGES = {
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    lifeline.VARIABLE: "1",
}


def run() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    settings = settings_or_stop()
    with _port_to_ourselves(settings):
        migrate()
        frontend.build()
        os.environ.update(SERVE_BUILT_PAGES)
        simulator = _Simulator(settings) if settings.simulator_is_needed else None
        try:
            _serve(settings, simulator)
        finally:
            if simulator:
                simulator.end()


def settings_or_stop() -> Settings:
    """The checked settings; a wrong one ends the program with a sentence and exit code 2."""
    try:
        return read_settings()
    except ConfigurationError as error:
        stop(error.message, CONFIGURATION_IS_WRONG)


@contextmanager
def _port_to_ourselves(settings: Settings) -> Iterator[None]:
    """Hold the port from the first moment: the server itself, which shares it, binds it seconds later."""
    _stop_when_port_is_taken(settings)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    owner = os.getuid()
    with (Path(tempfile.gettempdir()) / f"mbs-{owner}-{settings.port}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stop(_port_is_taken(settings))
        yield


def _stop_when_port_is_taken(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            stop(_why_port_cannot_be_used(settings, error))


def _why_port_cannot_be_used(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _port_is_taken(settings)
    if error.errno == errno.EACCES:
        return "Ports below 1024 need special rights. Choose another port: make run PORT=8000"
    return (
        f"HOST={settings.host} can’t be listened on ({error.strerror}). Use 0.0.0.0 or 127.0.0.1."
    )


def _port_is_taken(settings: Settings) -> str:
    another = settings.port + 1 if settings.port < 65535 else 8000
    return (
        f"Port {settings.port} is taken by another program. "
        f"Stop that program, or choose another port: make run PORT={another}"
    )


class _Simulator:
    """The provider simulator as a process beside the server; started again should it ever end.

    It watches the pipe to this process, so that it ends even when this one is killed.
    """

    def __init__(self, settings: Settings) -> None:
        self.port = settings.simulator_port or free_port()
        # The server's processes, started later, read the same variable.
        os.environ["SIMULATOR_PORT"] = str(self.port)
        self._options = _simulator_options(settings)
        self._settings = settings
        self._ending = threading.Event()
        self._process: SimulatorProcess | None = None
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)
        self._keeper.start()

    def _keep_running(self) -> None:
        from mbs_app.providers.simulator import credentials
        from mbs_app.providers.simulator.server import start_process

        environment = credentials.environment_of(self._settings)
        while not self._ending.is_set():
            try:
                self._process = start_process(
                    *self._options, port=self.port, environment=environment
                )
            except RuntimeError as error:
                say(f"The provider simulator doesn’t start: {error}")
            while self._process and self._process.is_running and not self._ending.is_set():
                self._ending.wait(0.2)
            self._ending.wait(1)

    def end(self) -> None:
        self._ending.set()
        self._keeper.join(2)
        if self._process:
            self._process.stop()


def _simulator_options(settings: Settings) -> list[str]:
    """Where it calls back: signed for the public address, delivered over loopback."""
    options = ["--seed", str(settings.simulator_seed)]
    options += ["--public-url", settings.address]
    options += ["--app-url", f"http://127.0.0.1:{settings.port}"]
    options += ["--inbound", f"{settings.address}/webhooks/twilio/inbound"]
    options += ["--mail-webhook", f"{settings.address}/webhooks/resend"]
    return [*options, "--ledger", str(settings.data_dir / "simulator.json")]


def _serve(settings: Settings, simulator: _Simulator | None) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    # A forked worker would inherit this process's threads' locks and database handles.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "mbs_app.mbs_app:app",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        # Off for good: the websocket's address holds the tab's token.
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=logs.configuration(),
        # An open page's websocket keeps a process from ending by itself.
        workers_kill_timeout=2,
        respawn_failed_workers=True,
        working_dir=ROOT,
    )
    greeting = threading.Thread(target=_greet, args=(settings, simulator), daemon=True)
    greeting.start()
    server.serve()


def _greet(settings: Settings, simulator: _Simulator | None) -> None:
    """Once the server answers, say where it is and how the first admin gets in."""
    link = first_admin_link(settings.address)
    deadline = time.monotonic() + LONGEST_START_SECONDS
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    while not answers(settings.port, host):
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    say(f"\nMBS is running at {settings.address}  (stop it with Ctrl-C)")
    if link:
        say(f"Create the first admin here; the link works once: {link}")
    if simulator:
        say(
            f"Nothing leaves this machine: the simulator delivers. Read it at http://localhost:{simulator.port}"
        )
