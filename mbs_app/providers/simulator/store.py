"""What the simulator remembers: texts in both directions, who opted out, and mails."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

STOP_WORDS = frozenset(
    ["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"]
)
START_WORDS = frozenset(["START", "UNSTOP", "YES"])
HELP_WORDS = frozenset(["HELP", "INFO"])
FINAL = frozenset(("delivered", "undelivered", "failed", "received"))


def new_sid(prefix: str = "SM") -> str:
    return prefix + os.urandom(16).hex()


@dataclass(slots=True)
class Text:
    """A text in either direction. Times are seconds since the epoch."""

    sid: str
    to: str
    from_: str
    body: str
    direction: str
    status: str
    segments: int
    created: float
    service_sid: str | None = None
    callback: str = ""
    nth: int = 0
    error_code: int | None = None
    updated: float = 0.0
    sent: float | None = None

    @property
    def person(self) -> str:
        """The number of the person, whichever way the text went."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


@dataclass(slots=True)
class Mail:
    mail_id: str
    from_: str
    to: list[str]
    subject: str
    html: str
    text: str
    headers: dict[str, str]
    created: float
    tags: dict[str, str] = field(default_factory=dict)
    key: str = ""  # its idempotency key
    nth: int = 0
    last_event: str = "queued"
    events: int = 0


@dataclass(slots=True)
class Answered:
    """The answer to a request with an idempotency key. ``digest`` is of what was asked."""

    key: str
    digest: str
    answer: dict[str, Any]
    at: float


@dataclass(slots=True)
class Store:
    """All of it, in memory. ``keep`` bounds the texts; the oldest leave first."""

    keep: int = 250_000
    texts: OrderedDict[str, Text] = field(default_factory=OrderedDict)
    conversations: OrderedDict[str, list[Text]] = field(default_factory=OrderedDict)
    opted_out: set[tuple[str, str]] = field(default_factory=set)
    mails: OrderedDict[str, Mail] = field(default_factory=OrderedDict)
    mails_to: dict[str, int] = field(default_factory=dict)
    answered: dict[str, Answered] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    version: int = 0

    def add(self, text: Text) -> None:
        text.updated = text.updated or text.created
        self.texts[text.sid] = text
        self.conversations.setdefault(text.person, []).append(text)
        self.conversations.move_to_end(text.person)
        if text.direction == "outbound-api":
            self.accepted[text.to] = self.accepted.get(text.to, 0) + 1
        self.version += 1
        if len(self.texts) > self.keep:
            self._forget_oldest()

    def move(
        self, text: Text, status: str, error_code: int | None, at: float | None = None
    ) -> None:
        """The carrier's own truth about a text, whether or not a callback tells of it."""
        text.status, text.error_code = status, error_code
        text.updated = at or time.time()
        if status == "sent":
            text.sent = text.updated
        self.version += 1

    def next_request(self, to: str) -> int:
        """How many requests there were for this number before."""
        before = self.requests.get(to, 0)
        self.requests[to] = before + 1
        return before

    def add_mail(self, mail: Mail) -> None:
        self.mails[mail.mail_id] = mail
        self.mails_to[mail.to[0]] = self.mails_to.get(mail.to[0], 0) + 1
        self.version += 1
        if len(self.mails) > self.keep:
            self.mails.popitem(last=False)

    def move_mail(self, mail: Mail, event: str) -> None:
        mail.last_event = event
        mail.events += 1
        self.version += 1

    def clear(self) -> None:
        for part in (self.texts, self.conversations, self.opted_out, self.mails):
            part.clear()
        self.mails_to.clear()
        self.answered.clear()
        self.accepted.clear()
        self.requests.clear()
        self.version += 1

    def _forget_oldest(self) -> None:
        _, oldest = self.texts.popitem(last=False)
        conversation = self.conversations[oldest.person]
        conversation.remove(oldest)
        if not conversation:
            del self.conversations[oldest.person]
