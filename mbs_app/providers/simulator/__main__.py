"""``python -m mbs_app.providers.simulator``: Twilio and Resend on loopback, until Ctrl+C.

Port, seed, webhooks and ledger are those of this installation's settings. With ``--alone`` nothing is taken
from them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import Faults
from mbs_app.providers.simulator.server import READY, serve
from mbs_app.settings import Settings, read_settings

LIFELINE_VARIABLE = "MBS_LIFELINE"


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    if not given.alone:
        _take_from_settings(given, read_settings())
    logging.basicConfig(level=logging.WARNING, format="simulator: %(message)s")
    try:
        asyncio.run(_run(given))
    except OSError as error:
        print(f"The simulator can’t use port {given.port}: {error.strerror}.", flush=True)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


async def _run(given: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    # The app's launcher says this way that it holds the other end of our standard input.
    launched = os.environ.pop(LIFELINE_VARIABLE, None) == "stdin"
    if given.until_stdin_closes or launched:
        threading.Thread(target=_watch_stdin, args=(loop, stopping), daemon=True).start()
    await serve(
        _config(given),
        given.host,
        given.port or 0,
        stopping,
        lambda url: None if launched else print(READY + url, flush=True),
    )


def _watch_stdin(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    # The pipe closes when whoever holds its other end is gone, kill -9 included.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(stopping.set)


def _take_from_settings(given: argparse.Namespace, settings: Settings) -> None:
    """Fill what the command line leaves open from the settings of the app beside us."""
    app_url = f"http://127.0.0.1:{settings.port}"
    defaults = {
        "port": settings.simulator_port,
        "seed": settings.simulator_seed,
        "inbound": settings.address + "/webhooks/twilio/inbound",
        "mail_webhook": settings.address + "/webhooks/resend",
        "auth_token": credentials.auth_token_of(settings),
        "resend_webhook_secret": credentials.webhook_secret_of(settings),
        "public_url": settings.address,
        "app_url": app_url,
        "ledger": settings.data_dir / "simulator.jsonl",
    }
    for name, value in defaults.items():
        if getattr(given, name) is None:
            setattr(given, name, value)


def _config(given: argparse.Namespace) -> SimulatorConfig:
    config = SimulatorConfig(
        seed=1 if given.seed is None else given.seed,
        latency=given.latency,
        receipt_scale=given.receipt_scale,
        late_seconds=given.late,
        faults=given.faults,
        inbound_url=given.inbound,
        mail_webhook_url=given.mail_webhook,
        public_url=given.public_url,
        app_url=given.app_url,
        mails_per_second=given.mails_per_second,
        advanced_opt_out=given.advanced_opt_out,
        ledger=given.ledger,
    )
    if given.host not in config.hosts:
        config.hosts = ()  # who opens it to others knows by what name they come
    config.account_sid = given.account_sid or config.account_sid
    config.auth_token = given.auth_token or config.auth_token
    config.resend_api_key = given.resend_api_key or config.resend_api_key
    config.resend_webhook_secret = given.resend_webhook_secret or config.resend_webhook_secret
    return config


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mbs_app.providers.simulator", description=__doc__
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, help="0 takes a free one, and says which")
    add("--inbound", "--callback", dest="inbound", help="the app's webhook for people's answers")
    add("--mail-webhook", help="the app's webhook for mail events")
    add("--public-url", help="callbacks to this address are signed for it …")
    add("--app-url", help="… and delivered to this one")
    add("--seed", type=int)
    add("--alone", action="store_true", help="take nothing from the app’s settings")
    add("--latency", type=_span, default=(0.02, 0.15), help="seconds: 0, 0.1 or 0.02-0.15")
    add("--receipt-scale", type=float, default=1.0, help="stretches the time to sent and delivered")
    add("--late", type=float, default=60.0, help="seconds a late callback is late")
    add("--faults", type=_faults, default=Faults(), help='such as {"500_after": 0.02}')
    add("--mails-per-second", type=int, default=10, help="0 for no limit")
    add("--advanced-opt-out", action="store_true", help="add OptOutType to people's answers")
    add("--ledger", type=Path, help="a file that keeps the books over restarts")
    add("--account-sid", help="in place of the built-in account")
    add("--auth-token", default=os.environ.get(credentials.AUTH_TOKEN_VARIABLE))
    add("--resend-api-key")
    add("--resend-webhook-secret", default=os.environ.get(credentials.WEBHOOK_SECRET_VARIABLE))
    add("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    return parser


def _span(given: str) -> tuple[float, float]:
    low, _, high = given.partition("-")
    return (float(low), float(high)) if high else (float(low), float(low))


def _faults(given: str) -> Faults:
    try:
        return Faults.parse(json.loads(given))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
