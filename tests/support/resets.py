"""Links to a new password, as they arrive by mail."""

from __future__ import annotations

import re

from sqlmodel import select

from mbs_app import db
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import OutgoingMail
from tests.support.accounts import SYSTEM


def reset_mails(to: str) -> list[OutgoingMail]:
    """The mails with a link to this address, the oldest first."""
    with db.transaction(SYSTEM, read_only=True) as session:
        wanted = select(OutgoingMail).where(
            OutgoingMail.to_email == to, OutgoingMail.kind == MailKind.PASSWORD_RESET
        )
        return list(session.exec(wanted.order_by(OutgoingMail.id)))


def mailed_tokens(to: str) -> list[str]:
    """What stands in the links of those mails, but of those that are over: they say nothing any more."""
    texts = [mail.text for mail in reset_mails(to) if mail.text]
    return [re.findall(r"/reset\?token=([\w-]+)", text)[0] for text in texts]
