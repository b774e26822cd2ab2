"""What the mail service reports of a mail, and how far that moves it. A mail only ever moves up a rank.

Kinds of events: https://resend.com/docs/dashboard/webhooks/event-types.
"""

from __future__ import annotations

from mbs_app.domain.vocabulary import MailStatus

_SAID = {
    "email.sent": MailStatus.SENT,
    "email.delivered": MailStatus.DELIVERED,
    "email.bounced": MailStatus.BOUNCED,
    "email.complained": MailStatus.COMPLAINED,
    "email.failed": MailStatus.FAILED,
    "email.suppressed": MailStatus.FAILED,
}

# A mailbox may take a mail and send it back later; a person complains of what has arrived.
_RANK = {
    MailStatus.SENT: 1,
    MailStatus.DELIVERED: 2,
    MailStatus.FAILED: 3,
    MailStatus.BOUNCED: 3,
    MailStatus.COMPLAINED: 4,
}
WAITING = (MailStatus.PENDING, MailStatus.SENDING)


def status_said_by(kind: str) -> MailStatus | None:
    """What an event says of a mail; None where it changes nothing."""
    return _SAID.get(kind)


def advance(status: MailStatus, said: MailStatus, *, is_known: bool) -> MailStatus:
    """The status after ``said``: the higher of the two ranks, the old one where they are equal.

    ``is_known`` is whether the service has given the mail an id. Without one, whatever ended the mail here was
    our own guess, and the service knows better.
    """
    rank = _RANK.get(status, 0) if is_known else 0
    return said if _RANK[said] > rank else status
