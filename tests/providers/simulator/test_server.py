"""Starting it: on a free port, on a taken one, and ending with whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from mbs_app.providers.simulator.__main__ import LIFELINE_VARIABLE, main
from mbs_app.providers.simulator.server import start_in_thread, start_process


def test_a_process_says_its_address_and_stops() -> None:
    simulator = start_process("--latency", "0")
    assert requests.get(f"{simulator.url}/simulator/ready", timeout=5).json()["ready"]
    assert simulator.is_running
    simulator.stop()
    assert not simulator.is_running


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "from mbs_app.providers.simulator.server import start_process; import time; "
                "p = start_process(); print(p.pid, flush=True); time.sleep(60)"
            ),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 5
    while Path(f"/proc/{child}/cmdline").exists() and time.monotonic() < end:
        if not Path(f"/proc/{child}/cmdline").read_bytes():
            break  # ended, and not yet collected
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{child}").exists()


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"can’t use port {port}"):
            start_process(port=port)
        with pytest.raises(OSError, match="in use"):
            start_in_thread(port=port)


def test_bad_faults_are_refused_at_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--alone", "--faults", '{"nonsense": 1}'])
    assert "nonsense is no fault" in capsys.readouterr().err


def test_started_beside_the_app_it_takes_the_apps_settings(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SIMULATOR_PORT": str(port),
        "DATA_DIR": str(tmp_path),
        LIFELINE_VARIABLE: "stdin",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "mbs_app.providers.simulator"],
        env=environment,
        stdin=subprocess.PIPE,
    )
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                requests.get(f"http://127.0.0.1:{port}/simulator/ready", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        assert (tmp_path / "simulator.jsonl").exists()
    finally:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(5) == 0
