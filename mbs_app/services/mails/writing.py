"""What each kind of mail says.

The facts of each kind:

- ``invitation``: inviter, link, code, expires_at (or None)
- ``approved``: name, link
- ``rejected``: name, reason (may be empty)
- ``password_reset``: name, link, minutes, by_admin
- ``password_changed``: name, device, ip, at
- ``new_device``: name, device, ip, at
- ``email_change``: name, link, new_email (sent to the new address)
- ``email_changed``: name, new_email (sent to the old address)
- ``security_changed``: name, what ("A passkey was added"), device, ip, at
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

from sqlmodel import Session

from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import Workspace


class Written(NamedTuple):
    subject: str
    text: str
    html: str


SUBJECTS = {
    MailKind.INVITATION: "You’re invited to {workspace}",
    MailKind.APPROVED: "Your account at {workspace} is approved",
    MailKind.REJECTED: "Your account at {workspace}",
    MailKind.PASSWORD_RESET: "Choose a new password for {workspace}",
    MailKind.PASSWORD_CHANGED: "Your password at {workspace} was changed",
    MailKind.NEW_DEVICE: "New sign-in to {workspace}",
    MailKind.EMAIL_CHANGE: "Confirm your new address at {workspace}",
    MailKind.EMAIL_CHANGED: "Your address at {workspace} was changed",
    MailKind.SECURITY_CHANGED: "The security of your account at {workspace} changed",
}


def write(session: Session, kind: MailKind, facts: Mapping[str, Any]) -> Written:
    """Subject, plain text and HTML."""
    workspace = session.get(Workspace, 1)
    name = workspace.name if workspace and workspace.name else "MBS"
    subject = SUBJECTS[kind].format(workspace=name)
    lines = [f"{key}: {value}" for key, value in facts.items()]
    text = "\n".join([subject, "", *lines])
    return Written(subject, text, f"<pre>{escape(text)}</pre>")
