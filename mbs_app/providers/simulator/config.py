"""How one simulator behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.faults import Faults


@dataclass(slots=True)
class SimulatorConfig:
    """Times are in seconds.

    ``latency`` is the span an answer to a send takes, ``receipt_scale`` stretches (or, at 0, removes) the
    time until sent and delivered. ``public_url`` and ``app_url`` belong together: callbacks to the first
    are signed for it and delivered to the second, for an app whose public address can't be reached from here.
    ``advanced_opt_out`` adds OptOutType to inbound texts, as Twilio does where its replies are customised.
    """

    seed: int = 1
    latency: tuple[float, float] = (0.02, 0.15)
    receipt_scale: float = 1.0
    late_seconds: float = 60.0
    hang_seconds: float = 120.0
    slow_seconds: float = 3.0
    faults: Faults = field(default_factory=Faults)

    account_sid: str = credentials.ACCOUNT_SID
    auth_token: str = credentials.AUTH_TOKEN
    from_number: str = credentials.FROM_NUMBER
    inbound_url: str | None = None
    advanced_opt_out: bool = False

    resend_api_key: str = credentials.RESEND_API_KEY
    resend_webhook_secret: str = credentials.RESEND_WEBHOOK_SECRET
    mail_webhook_url: str | None = None
    mails_per_second: int = 10

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names it answers to; none for any. A mail in its inbox may hold a link that lets somebody in, so a page
    elsewhere must not read it by a name of its own that leads to this machine."""

    public_url: str | None = None
    app_url: str | None = None
    callbacks_at_once: int = 32
    callback_retries: tuple[float, ...] = (1.0, 3.0, 8.0)

    ledger: Path | None = None
    keep: int = 250_000
    """Texts kept in memory; the ledger file keeps all."""
