"""The worker as a process of its own, to be killed at any moment."""

from __future__ import annotations

import multiprocessing
from multiprocessing.process import BaseProcess
from typing import Any

from mbs_app.delivery.pace import Pace
from mbs_app.settings import read_settings

QUICK = Pace(
    lease=1.5,
    sweep=0.3,
    beat=0.3,
    doubt_looks=(0.5, 1.0, 2.0),
    receipt_looks=(0.7, 1.0, 2.0),
    stop_within=5.0,
)
"""All as in earnest, with shorter waits."""

# A server that has the imports done already forks each worker: a process of its own in some milliseconds.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.support.worker_process", "mbs_app.worker"])


def start_worker(database_url: str, simulator_url: str, public_url: str) -> BaseProcess:
    process = _processes.Process(
        target=_run,
        args=(
            {
                "_env_file": None,
                "database_url": database_url,
                "twilio_api_base_url": simulator_url,
                "resend_api_base_url": simulator_url,
                "public_base_url": public_url,
                "texts_per_second": 150.0,
            },
        ),
        daemon=True,
    )
    process.start()
    return process


def _run(settings: dict[str, Any]) -> None:
    from mbs_app import worker

    worker.main(read_settings(**settings), pace=QUICK)
