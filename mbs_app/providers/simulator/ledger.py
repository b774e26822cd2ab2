"""The provider's books: one line of JSON for each thing that happened, written before it is answered.

Only appended to, each line with one write, so that killing the process at any moment loses nothing that
was answered. A text's first line is ``{"event": "accepted", …}``; there is exactly one for each text taken. Mails
stand in one line for each request that brought them, with its idempotency key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mbs_app.providers.simulator.store import Answered, Mail, Store, Text


class Ledger:
    """``path`` None keeps no file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            _end_torn_line(path, self._file)

    def accepted(self, text: Text, fault: str | None) -> None:
        self._write("accepted", {**_of_text(text), "fault": fault})

    def moved(self, text: Text) -> None:
        self._write(
            "status",
            {
                "sid": text.sid,
                "status": text.status,
                "error_code": text.error_code,
                "at": round(text.updated, 3),
            },
        )

    def other_text(self, text: Text) -> None:
        """An answer by a person, or a reply that isn't the product's."""
        self._write("text", _of_text(text))

    def opted(self, person: str, sender: str, out: bool) -> None:
        self._write("opted_out" if out else "opted_in", {"person": person, "sender": sender})

    def mails(self, mails: list[Mail], answered: Answered | None) -> None:
        """What one request brought, with its key, so that a restart forgets neither without the other."""
        self._write(
            "mails",
            {
                "mails": [asdict(mail) for mail in mails],
                "answered": asdict(answered) if answered else None,
            },
        )

    def mail_moved(self, mail: Mail) -> None:
        self._write("mail_status", {"mail_id": mail.mail_id, "status": mail.last_event})

    def empty(self) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def restore(self, store: Store) -> None:
        """Fill an empty store from the file."""
        for line in self.lines():
            event = line.pop("event")
            if event in ("accepted", "text"):
                line.pop("fault", None)
                text = Text(**line)
                store.add(text)
                if event == "accepted":
                    store.requests[text.to] = store.requests.get(text.to, 0) + 1
            elif event == "status" and (known := store.texts.get(line["sid"])):
                store.move(known, line["status"], line["error_code"], line["at"])
            elif event == "opted_out":
                store.opted_out.add((line["person"], line["sender"]))
            elif event == "opted_in":
                store.opted_out.discard((line["person"], line["sender"]))
            elif event == "mails":
                for mail in line["mails"]:
                    store.add_mail(Mail(**mail))
                if line["answered"] is not None:
                    store.answered[line["answered"]["key"]] = Answered(**line["answered"])
            elif event == "mail_status" and (sent := store.mails.get(line["mail_id"])):
                store.move_mail(sent, line["status"])

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line of the file. A line torn by a crash was never answered and is left out."""
        if self._path is None:
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue

    def _write(self, event: str, fields: dict[str, Any]) -> None:
        if self._file is not None:
            line = json.dumps({"event": event, **fields}, ensure_ascii=False)
            os.write(self._file, line.encode() + b"\n")


def _of_text(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid,
        "to": text.to,
        "from_": text.from_,
        "body": text.body,
        "direction": text.direction,
        "status": text.status,
        "segments": text.segments,
        "created": round(text.created, 3),
        "service_sid": text.service_sid,
        "callback": text.callback,
        "nth": text.nth,
    }


def _end_torn_line(path: Path, file: int) -> None:
    with path.open("rb") as reading:
        if reading.seek(0, os.SEEK_END) == 0:
            return
        reading.seek(-1, os.SEEK_END)
        if reading.read(1) != b"\n":
            os.write(file, b"\n")
