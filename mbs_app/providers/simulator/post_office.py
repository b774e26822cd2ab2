"""The mail service's part: takes mails, lets them arrive or come back, and reports it, signed as Svix signs."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from mbs_app.providers.simulator.agenda import Agenda
from mbs_app.providers.simulator.callbacks import Call, Caller
from mbs_app.providers.simulator.chance import uniforms
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import ReportFault
from mbs_app.providers.simulator.ledger import Ledger
from mbs_app.providers.simulator.special_addresses import fate_of
from mbs_app.providers.simulator.store import Answered, Mail, Store
from mbs_app.providers.simulator.svix import svix_headers

# Seconds from taking a mail to its first event, and between events: at least, and at most.
_FIRST, _NEXT = (0.2, 0.6), (0.8, 3.0)


class PostOffice:
    """Everything runs on one event loop, so each method is whole."""

    def __init__(
        self,
        config: SimulatorConfig,
        store: Store,
        ledger: Ledger,
        agenda: Agenda,
        caller: Caller,
    ) -> None:
        self._config, self._store, self._ledger = config, store, ledger
        self._agenda, self._caller = agenda, caller

    def take(self, mails: list[Mail], answered: Answered | None) -> None:
        """Take the mails of one request: they are in the ledger, with their key, when this returns."""
        for mail in mails:
            mail.nth = self._store.mails_to.get(mail.to[0], 0)
            self._store.add_mail(mail)
        if answered is not None:
            self._store.answered[answered.key] = answered
        self._ledger.mails(mails, answered)
        for mail in mails:
            self._carry(mail)

    def resume(self) -> None:
        """After a restart: carry on with every mail that hasn't met its end."""
        for mail in self._store.mails.values():
            self._carry(mail)

    def _carry(self, mail: Mail) -> None:
        """Let what is still to happen to a mail happen."""
        age, after = time.time() - mail.created, 0.0
        pace = uniforms(self._config.seed, "post", mail.to[0], mail.nth)
        for number, event in enumerate(fate_of(mail.to[0]).events):
            low, high = _NEXT if number else _FIRST
            after += low + (high - low) * pace[number % len(pace)]
            if number >= mail.events:
                self._agenda.after(
                    after * self._config.receipt_scale - age, self._happens, mail, event
                )

    def _happens(self, mail: Mail, event: str) -> None:
        self._store.move_mail(mail, event.removeprefix("email."))
        self._ledger.mail_moved(mail)
        if self._config.mail_webhook_url is None:
            return
        fault = self._config.faults.for_reports(self._config.seed, mail.to[0], mail.nth)
        if fault is ReportFault.LOST:
            return
        payload = json.dumps(_event(mail, event), ensure_ascii=False).encode()
        message_id = f"msg_{uuid4().hex[:27]}"
        if fault is ReportFault.LATE:
            self._agenda.after(self._config.late_seconds, self._report, message_id, payload)
            return
        self._report(message_id, payload)
        if fault is ReportFault.DOUBLED:
            self._report(message_id, payload)

    def _report(self, message_id: str, payload: bytes) -> None:
        assert self._config.mail_webhook_url is not None
        headers = svix_headers(self._config.resend_webhook_secret, message_id, payload)
        headers |= {"Content-Type": "application/json", "User-Agent": "Svix-Webhooks/1.24.0"}
        self._caller.post(
            Call(self._config.mail_webhook_url, payload, headers, retry_on_status=True)
        )


def iso(at: float) -> str:
    """A time as Resend writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(mail: Mail, event: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "email_id": mail.mail_id,
        "message_id": f"<{mail.mail_id}@simulator.test>",
        "created_at": iso(mail.created),
        "from": mail.from_,
        "to": mail.to,
        "subject": mail.subject,
    }
    if mail.tags:
        data["tags"] = mail.tags
    data |= fate_of(mail.to[0]).details.get(event, {})
    return {"type": event, "created_at": iso(time.time()), "data": data}
