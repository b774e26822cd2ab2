"""What the rest of the program may expect of a provider. No I/O here.

A send ends in one of a closed set of outcomes. Each says whether the same text may be handed over again,
and what to tell the person at the screen::

    SendOutcome
    ├── Accepted        the provider has it, under its own id
    ├── NotProcessed    it certainly never took it (429, connection refused): hand it over again later
    ├── Rejected        it looked at it and will not send it: final, and about this person or this text
    ├── SenderRefused   it will not send anything for us now: stop, tell the owner, no fault of the person
    └── InDoubt         it may have taken it (time-out, reset, 5xx): look it up, never send it again blindly

A provider's ``send`` never raises for anything the provider or the network does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID


class ProviderUnavailable(Exception):
    """A look-up could not be made now. Nothing is known; ask again later."""


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text, frozen. ``to`` is E.164; one of ``from_number`` and ``messaging_service_sid`` is set.

    ``status_callback`` is the absolute URL the provider reports to.
    """

    message_id: UUID
    to: str
    body: str
    from_number: str | None
    messaging_service_sid: str | None
    status_callback: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """``status`` is the provider's first word for it; ``segments`` is None where it doesn't know yet."""

    may_retry: ClassVar[bool] = False
    provider_id: str
    status: str
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class NotProcessed:
    """Certainly not taken. ``retry_after`` is in seconds, None where the provider didn't say."""

    may_retry: ClassVar[bool] = True
    retry_after: float | None
    code: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Will not be sent. ``message`` is the provider's own sentence, ``words`` ours for the screen."""

    may_retry: ClassVar[bool] = False
    code: int | None
    message: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class SenderRefused:
    """Nothing wrong with the person: credentials, sender or account. ``words`` say how to mend it."""

    may_retry: ClassVar[bool] = False
    code: int | None
    message: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """May have been processed. ``reason`` is for the log and the message's history."""

    may_retry: ClassVar[bool] = False
    reason: str
    words: ClassVar[str] = "The carrier didn’t say whether it took this text. Looking it up."


SendOutcome = Accepted | NotProcessed | Rejected | SenderRefused | InDoubt


@dataclass(frozen=True, slots=True)
class ProviderMessage:
    """A text as the provider's own books have it. Times are aware, UTC, whole seconds."""

    provider_id: str
    to: str
    from_: str | None
    body: str
    status: str
    error_code: int | None
    date_created: datetime
    date_sent: datetime | None
    segments: int | None


class TextProvider(Protocol):
    """Hands texts to a carrier. One instance belongs to one event loop."""

    async def send(self, text: OutgoingText) -> SendOutcome:
        """Hand over one text, once."""

    async def find(self, to: str, *, since: datetime) -> list[ProviderMessage]:
        """Outgoing texts to this number created at or after ``since`` (cut to the second), newest first.

        The provider's clock counts; leave a margin. Raises ProviderUnavailable.
        """

    async def fetch(self, provider_id: str) -> ProviderMessage | None:
        """One text by the provider's id, None where it doesn't know it. Raises ProviderUnavailable."""

    async def aclose(self) -> None:
        """Close the connections."""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail, frozen. ``idempotency_key`` (1–256 characters) makes a repeat of the same mail harmless.

    ``headers`` are extra ones, such as List-Unsubscribe; ``tags`` come back with what is reported of the mail.
    """

    idempotency_key: str
    to: str
    subject: str
    html: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailAccepted:
    may_retry: ClassVar[bool] = False
    provider_id: str


@dataclass(frozen=True, slots=True)
class MailTakenBefore:
    """An earlier try with this key was taken, with other content: it is out already, under an unknown id."""

    may_retry: ClassVar[bool] = False
    words: ClassVar[str] = "An earlier copy was taken. What became of it isn’t known."


@dataclass(frozen=True, slots=True)
class MailNotAnswered:
    """No clear answer. Unlike a text, the same mail may be repeated with the same idempotency key."""

    may_retry: ClassVar[bool] = True
    retry_after: float | None
    reason: str
    words: ClassVar[str] = "The mail service didn’t answer. It will be tried again."


@dataclass(frozen=True, slots=True)
class MailRejected:
    """This mail will not be sent. ``name`` is the service's error name, such as ``validation_error``."""

    may_retry: ClassVar[bool] = False
    name: str
    message: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class MailSenderRefused:
    """No mail can be sent now: key, sender domain or quota. ``words`` say how to mend it."""

    may_retry: ClassVar[bool] = False
    name: str
    message: str
    words: str = ""


MailOutcome = MailAccepted | MailTakenBefore | MailNotAnswered | MailRejected | MailSenderRefused


class MailProvider(Protocol):
    """Hands mails to a mail service. One instance belongs to one event loop."""

    async def send(self, mail: OutgoingMail) -> MailOutcome:
        """Hand over one mail; a repeat with the same key and content is the same mail."""

    async def why_not(self) -> str:
        """A look at key and sender without sending anything: what keeps mails from leaving, empty for nothing.

        Raises ProviderUnavailable.
        """

    async def aclose(self) -> None:
        """Close the connections."""
