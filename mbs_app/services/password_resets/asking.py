"""Somebody who forgot their password asks for a link.

Whether the address has an account must show neither in the answer nor in its time. So both ways count the guess,
look the address up, write the letter and leave an entry in the audit log; and the edge answers after a fixed time
(:data:`ANSWER_AFTER`), which hides the two rows more that a real mail takes.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import TooManyAttempts
from mbs_app.domain.vocabulary import MailKind, ResetType
from mbs_app.models import UserProfile
from mbs_app.services import accounts, audit, throttle
from mbs_app.services.mails import writing
from mbs_app.services.password_resets import links
from mbs_app.services.throttle import Limit

ANSWER_AFTER = 0.4  # seconds; the work takes some 10 ms
WINDOW = timedelta(hours=1)
PER_ADDRESS = 30
PER_MAILBOX = 3

_NOBODY = UserProfile(name="Nobody Here", email="nobody@example.com")


def ask(session: Session, actor: Actor, email: str) -> None:
    """Mail a link to the account of ``email``, where there is one that may have it.

    A flood of requests for one mailbox sends few mails, and is told nothing of it. ``actor`` is the program, with
    the address the request came from.

    Raises:
        InvalidInput: this is no email address.
        TooManyAttempts: too many were asked for from this address.
    """
    email = accounts.clean_email(email)
    throttle.admit(session, Limit(f"reset|{throttle.place(actor.ip)}", PER_ADDRESS, WINDOW))
    may_have_one_more = _admits(session, Limit(f"reset|mailbox|{email}", PER_MAILBOX, WINDOW))
    user = accounts.find_user(session, email)
    if user is not None and may_have_one_more and links.may_reset(user):
        links.mail_link(session, user, ResetType.USER)
    else:
        facts = links.letter_facts("-" * 43, _NOBODY.name, ResetType.USER)
        writing.write(session, MailKind.PASSWORD_RESET, facts, to=email, zone="UTC")
    audit.record(
        session, actor, "password_reset.request", "user" if user else "", user.id if user else ""
    )


def _admits(session: Session, limit: Limit) -> bool:
    try:
        throttle.admit(session, limit)
    except TooManyAttempts:
        return False
    return True
