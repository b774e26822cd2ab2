"""What each kind of mail says, as a letter: title, a paragraph, facts, one button, what to do otherwise.

The facts of each kind are the keyword arguments of its function: one too many or too few is a TypeError. HTML and
plain text are made from the same letter, so that they can't differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mbs_app.domain.time_words import moment_in_full
from mbs_app.domain.vocabulary import MailKind


class Button(NamedTuple):
    words: str
    link: str


class Fact(NamedTuple):
    name: str
    value: str
    is_code: bool = False


class Otherwise(NamedTuple):
    """What to do when the mail isn't expected, or tells of what somebody else did."""

    question: str
    answer: str
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """``preheader`` is what an inbox shows beside the subject; ``quote`` are somebody else's words."""

    subject: str
    preheader: str
    title: str
    body: str
    hello: str = ""
    facts: tuple[Fact, ...] = ()
    quote: str = ""
    button: Button | None = None
    otherwise: Otherwise | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a letter is written: the workspace's name, this installation's address, the reader's time zone."""

    workspace: str
    address: str
    zone: str

    def when(self, moment: datetime) -> str:
        return moment_in_full(moment, self.zone)


def invitation(
    here: Setting, *, inviter: str, link: str, code: str, expires_at: datetime | None
) -> Letter:
    until = (Fact("Use it until", here.when(expires_at)),) if expires_at else ()
    who = f"{inviter} invites you" if inviter else "You’re invited"
    return Letter(
        subject=f"You’re invited to {here.workspace}",
        preheader=f"{who} to send texts together. Your code is {code}.",
        title=f"{who} to {here.workspace}",
        body=(
            f"People at {here.workspace} use MBS to send texts to their customers. Make your account with this "
            "invitation. An admin then looks at it before it opens, and you get a mail when it does."
        ),
        facts=(Fact("Invite code", code, is_code=True), *until),
        button=Button("Accept invitation", link),
        otherwise=Otherwise(
            "Didn’t expect this?", "Then leave it be. No account is made unless you make it."
        ),
    )


def already_joined(here: Setting, *, name: str, link: str) -> Letter:
    return Letter(
        subject=f"You have an account at {here.workspace} already",
        preheader="Somebody used an invite code with your address.",
        title="You have an account already",
        hello=_hello(name),
        body=(
            f"Somebody, most likely you, tried to join {here.workspace} with this address. It has an account, so "
            "nothing was changed and no second one was made. Sign in with the password you chose then."
        ),
        button=Button("Sign in", link),
        otherwise=Otherwise(
            "Don’t remember the password?",
            "Choose “Forgot password?” where you sign in.",
        ),
    )


def approved(here: Setting, *, name: str, link: str) -> Letter:
    return Letter(
        subject=f"Your account at {here.workspace} is approved",
        preheader="You can sign in now.",
        title="Your account is approved",
        hello=_hello(name),
        body=(
            f"An admin of {here.workspace} has opened your account. Sign in with your email and the password "
            "you chose."
        ),
        button=Button("Sign in", link),
    )


def rejected(here: Setting, *, name: str, reason: str) -> Letter:
    said = "This is the reason they gave:" if reason.strip() else "They gave no reason."
    return Letter(
        subject=f"Your account at {here.workspace}",
        preheader="An admin looked at it and didn’t approve it.",
        title="Your account wasn’t approved",
        hello=_hello(name),
        body=(f"An admin of {here.workspace} looked at your account and didn’t approve it. {said}"),
        quote=reason.strip(),
        otherwise=Otherwise(
            "Think it’s a mistake?",
            "Ask the person who invited you. An admin can still approve it.",
        ),
    )


def password_reset(here: Setting, *, name: str, link: str, minutes: int, by_admin: bool) -> Letter:
    for_how_long = _in_words(minutes)
    if by_admin:
        asked = f"An admin of {here.workspace} sends you this link, to choose a new password with."
        otherwise = Otherwise(
            "Didn’t expect this?",
            "Ask an admin, in person or by phone, before you use the link. Your password stays as it is until "
            "then.",
        )
    else:
        asked = f"Somebody, most likely you, asked for a new password for your account at {here.workspace}."
        otherwise = Otherwise(
            "Wasn’t you?",
            "Then leave it be: your password stays as it is. Give the link to nobody, whoever asks.",
        )
    return Letter(
        subject=f"Choose a new password for {here.workspace}",
        preheader=f"The link works once, for {for_how_long}.",
        title="Choose a new password",
        hello=_hello(name),
        body=(
            f"{asked} The link works once, for {for_how_long}. A new password signs you out "
            "everywhere."
        ),
        button=Button("Choose a new password", link),
        otherwise=otherwise,
    )


def password_changed(
    here: Setting,
    *,
    name: str,
    device: str,
    ip: str,
    at: datetime,
    passkeys: int,
    providers: str,
    api_keys: int,
) -> Letter:
    others = [
        _counted(passkeys, "passkey") if passkeys else "",
        f"the sign-in through {providers}" if providers else "",
        _counted(api_keys, "API key") if api_keys else "",
    ]
    still_work = ", ".join(filter(None, others))
    look = " Then take away what you don’t know of what still works." if still_work else ""
    return Letter(
        subject=f"Your password at {here.workspace} was changed",
        preheader=f"{here.when(at)}, {_from(device, ip)}. Was it you?",
        title="Your password was changed",
        hello=_hello(name),
        body=(
            f"The password of your account at {here.workspace} was changed. If it was you, there is nothing to "
            "do."
        ),
        facts=(
            *_where(here, device, ip, at),
            *([Fact("Still works", still_work)] if still_work else []),
        ),
        button=Button("Open security settings", f"{here.address}/settings/security")
        if still_work
        else None,
        otherwise=Otherwise(
            "Wasn’t you?",
            f"Choose a new password at once. That signs everybody else out.{look} Then tell an admin.",
            Button("Choose a new password", f"{here.address}/forgot"),
        ),
    )


def new_device(here: Setting, *, name: str, device: str, ip: str, at: datetime) -> Letter:
    return Letter(
        subject=f"New sign-in to {here.workspace}",
        preheader=f"{here.when(at)}, {_from(device, ip)}. Was it you?",
        title="New sign-in to your account",
        hello=_hello(name),
        body=(
            f"Somebody signed in to your account at {here.workspace} from a browser that wasn’t used for it "
            "before. If it was you, there is nothing to do."
        ),
        facts=_where(here, device, ip, at),
        otherwise=Otherwise(
            "Wasn’t you?",
            "Then somebody knows your password. Choose a new one at once. That signs everybody else out. Then "
            "tell an admin.",
            Button("Choose a new password", f"{here.address}/forgot"),
        ),
    )


def email_change(here: Setting, *, name: str, link: str, new_email: str) -> Letter:
    return Letter(
        subject=f"Confirm your new address at {here.workspace}",
        preheader=f"So that you sign in with {new_email} from now on.",
        title="Confirm your new address",
        hello=_hello(name),
        body=(
            f"You want to use this address for your account at {here.workspace}. Confirm it, and you sign in "
            "with it from then on. Until then your old one holds."
        ),
        facts=(Fact("New address", new_email),),
        button=Button("Confirm this address", link),
        otherwise=Otherwise(
            "Didn’t ask for this?", "Then leave it be: without the click nothing changes."
        ),
    )


def email_changed(here: Setting, *, name: str, new_email: str) -> Letter:
    return Letter(
        subject=f"Your address at {here.workspace} was changed",
        preheader=f"From now on you sign in with {new_email}.",
        title="Your address was changed",
        hello=_hello(name),
        body=(
            f"Your account at {here.workspace} has a new email address. You sign in with it from now on, and "
            "mails about your account go there. This one is no longer used."
        ),
        facts=(Fact("New address", new_email),),
        otherwise=Otherwise(
            "Wasn’t you?",
            f"Tell an admin of {here.workspace} at once. They can close the account and give it back to you.",
        ),
    )


def security_changed(
    here: Setting, *, name: str, what: str, device: str, ip: str, at: datetime
) -> Letter:
    return Letter(
        subject=f"The security of your account at {here.workspace} changed",
        preheader=f"{what}: {here.when(at)}, {_from(device, ip)}. Was it you?",
        title=what,
        hello=_hello(name),
        body=(
            f"How you sign in to {here.workspace} has changed. If it was you, there is nothing to do."
        ),
        facts=(Fact("Change", what), *_where(here, device, ip, at)),
        otherwise=Otherwise(
            "Wasn’t you?",
            "Undo it in your security settings and choose a new password. If you can’t get in, tell an admin at "
            "once.",
            Button("Open security settings", f"{here.address}/settings/security"),
        ),
    )


LETTERS: dict[MailKind, Callable[..., Letter]] = {
    MailKind.INVITATION: invitation,
    MailKind.ALREADY_JOINED: already_joined,
    MailKind.APPROVED: approved,
    MailKind.REJECTED: rejected,
    MailKind.PASSWORD_RESET: password_reset,
    MailKind.PASSWORD_CHANGED: password_changed,
    MailKind.NEW_DEVICE: new_device,
    MailKind.EMAIL_CHANGE: email_change,
    MailKind.EMAIL_CHANGED: email_changed,
    MailKind.SECURITY_CHANGED: security_changed,
}


def _hello(name: str) -> str:
    return f"Hello {name.strip()}," if name.strip() else "Hello,"


def _where(here: Setting, device: str, ip: str, at: datetime) -> tuple[Fact, ...]:
    return (
        Fact("When", here.when(at)),
        Fact("Device", device or "Unknown"),
        Fact("Internet address", ip or "Unknown"),
    )


def _from(device: str, ip: str) -> str:
    return f"from {device or 'an unknown device'}" + (f" at {ip}" if ip else "")


def _in_words(minutes: int) -> str:
    """ "30 minutes", "1 hour", "24 hours", "3 days"."""
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes % size == 0 and (minutes > size or unit == "hour"):
            return _counted(minutes // size, unit)
    return _counted(minutes, "minute")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
