"""What stands in the audit log, in plain words.

``ACTS`` has one row for each action that is ever recorded; a test reads the source and holds that none is
missing. A sentence begins with who did it and goes on with the row's words, in which

- ``{subject}`` is the name of what it was done to, or the row's ``thing`` where no name is known;
- ``{name}`` is a detail of the event, ``{people|customer|customers}`` a counted one;
- ``[…]`` is left out where a detail in it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from mbs_app.domain.money import format_price
from mbs_app.domain.names import field_label
from mbs_app.domain.vocabulary import Role


class ActGroup(StrEnum):
    SIGNING_IN = "signing_in"
    PEOPLE = "people"
    INVITES = "invites"
    PASSWORDS = "passwords"
    KEYS = "keys"
    SECURITY = "security"
    SETTINGS = "settings"
    WORK = "work"
    LOOKS = "looks"


GROUP_WORDS: dict[ActGroup, str] = {
    ActGroup.SIGNING_IN: "Signing in",
    ActGroup.PEOPLE: "People",
    ActGroup.INVITES: "Invites",
    ActGroup.PASSWORDS: "Passwords",
    ActGroup.KEYS: "Keys",
    ActGroup.SECURITY: "Security",
    ActGroup.SETTINGS: "Settings",
    ActGroup.WORK: "Customers and campaigns",
    ActGroup.LOOKS: "Looks into others’ data",
}


class Act(NamedTuple):
    """``thing`` stands for a subject whose name isn't known; ``who`` for an actor that nobody knows."""

    group: ActGroup
    did: str
    thing: str = "somebody"
    who: str = ""


_G = ActGroup
_CAMPAIGN, _FILE, _GROUP = "a campaign", "a file", "a group"

ACTS: dict[str, Act] = {
    "account.create": Act(_G.PEOPLE, "made an account for {subject}[ with the role {role}]"),
    "account.join": Act(_G.PEOPLE, "joined with an invite[, noted “{note}”]"),
    "account.join_again": Act(
        _G.PEOPLE, "tried to join with the address of {subject}, who has an account", who="Somebody"
    ),
    "api_key.create": Act(_G.KEYS, "made the API key {subject}", "of a program"),
    "api_key.revoke": Act(_G.KEYS, "revoked the API key {subject}", "of a program"),
    "audit.export": Act(_G.LOOKS, "exported the audit log"),
    "audit.look": Act(_G.LOOKS, "looked up what {subject} did"),
    "admin.look": Act(_G.LOOKS, "looked into the data of {subject}"),
    "authenticator.add": Act(_G.SECURITY, "added an authenticator app"),
    "authenticator.remove": Act(_G.SECURITY, "removed the authenticator app"),
    "campaign.cancel": Act(_G.WORK, "canceled {subject}", _CAMPAIGN),
    "campaign.create": Act(_G.WORK, "started a draft, {subject}", _CAMPAIGN),
    "campaign.delete": Act(_G.WORK, "deleted the draft {subject}", _CAMPAIGN),
    "campaign.duplicate": Act(_G.WORK, "made {subject} as a copy", _CAMPAIGN),
    "campaign.export": Act(_G.WORK, "downloaded[ the {what} of] {subject}", _CAMPAIGN),
    "campaign.launch": Act(_G.WORK, "pressed Send for {subject}", _CAMPAIGN),
    "campaign.pause": Act(_G.WORK, "paused {subject}[: {reason}]", _CAMPAIGN),
    "campaign.resume": Act(_G.WORK, "resumed {subject}", _CAMPAIGN),
    "campaign.schedule": Act(_G.WORK, "scheduled {subject}", _CAMPAIGN),
    "campaign.send_late": Act(_G.WORK, "sent {subject} after its time had passed", _CAMPAIGN),
    "campaign.unschedule": Act(_G.WORK, "took {subject} off the schedule", _CAMPAIGN),
    "consent.opt_in": Act(_G.WORK, "recorded the consent of {people|customer|customers}"),
    "consent.opt_out": Act(_G.WORK, "recorded the opt-out of {people|customer|customers}"),
    "consent.follow": Act(
        _G.WORK, "changed the number of {people|customer|customers} who had opted out"
    ),
    "consent.undo": Act(_G.WORK, "took back the opt-out of {people|customer|customers}"),
    "customers.delete": Act(_G.WORK, "deleted {people|customer|customers}"),
    "customers.export": Act(_G.WORK, "exported {people|customer|customers}"),
    "email_change.ask": Act(_G.PEOPLE, "asked to change their email address[ to {new_email}]"),
    "email_change.cancel": Act(_G.PEOPLE, "called off the change of their email address"),
    "email_change.confirm": Act(_G.PEOPLE, "changed their email address[ from {old}][ to {new}]"),
    "demo.fill": Act(_G.SETTINGS, "filled the workspace with the demo"),
    "group.delete": Act(_G.WORK, "deleted the group {subject}", _GROUP),
    "import.discard": Act(_G.WORK, "discarded the upload {subject}", _FILE),
    "identity.connect": Act(_G.SECURITY, "connected a sign-in through another provider"),
    "identity.disconnect": Act(_G.SECURITY, "took away a sign-in through another provider"),
    "import.export": Act(_G.WORK, "downloaded the refused rows of {subject}", _FILE),
    "import.start": Act(_G.WORK, "imported {subject}[, {rows|row|rows}]", _FILE),
    "import.stop": Act(_G.WORK, "stopped the import of {subject}", _FILE),
    "invite.create": Act(_G.INVITES, "made an invite[ for {email}][, noted “{note}”]"),
    "invite.revoke": Act(_G.INVITES, "revoked an invite[, noted “{note}”]"),
    "invite.send": Act(_G.INVITES, "mailed an invite[ to {to}]"),
    "mail_address.release": Act(_G.SETTINGS, "let mail go to {subject} again", "an address"),
    "mail_address.set_aside": Act(
        _G.SETTINGS, "sends no more mail to {subject}[: it {reason}]", "an address"
    ),
    "passkey.add": Act(_G.SECURITY, "added a passkey[, “{name}”]"),
    "passkey.copied": Act(
        _G.SECURITY, "showed a passkey of {subject} that seems to be a copy", who="Somebody"
    ),
    "passkey.refuse": Act(_G.SIGNING_IN, "failed to sign in with a passkey", who="Somebody"),
    "passkey.remove": Act(_G.SECURITY, "removed a passkey[, “{name}”]"),
    "passkey.rename": Act(_G.SECURITY, "renamed a passkey[ to “{name}”]"),
    "recovery_codes.make": Act(_G.SECURITY, "made new recovery codes"),
    "recovery_codes.use": Act(_G.SIGNING_IN, "used a recovery code[; {left} left]"),
    "second_factor.refuse": Act(
        _G.SIGNING_IN, "entered a wrong code for {subject}", who="Somebody"
    ),
    "second_factor.reset": Act(_G.SECURITY, "took the second factor off the account of {subject}"),
    "password.change": Act(_G.PASSWORDS, "changed their own password"),
    "password.refuse": Act(_G.PASSWORDS, "gave a wrong password when changing it"),
    "password.reset": Act(_G.PASSWORDS, "chose a new password with a link from a mail"),
    "password_reset.cancel": Act(_G.PASSWORDS, "took back the link to a new password of {subject}"),
    "password_reset.request": Act(
        _G.PASSWORDS, "asked for a link to a new password[ for {subject}]", who="Somebody"
    ),
    "password_reset.send": Act(_G.PASSWORDS, "sent {subject} a link to a new password[: {reason}]"),
    "sender.update": Act(_G.SETTINGS, "changed the sending number {subject}", "of the workspace"),
    "session.end": Act(_G.SIGNING_IN, "signed out"),
    "session.end_other": Act(_G.SIGNING_IN, "ended another of their sessions"),
    "session.end_others": Act(
        _G.SIGNING_IN, "ended {ended|other session|other sessions} of their own"
    ),
    "session.refuse": Act(_G.SIGNING_IN, "failed to sign in", who="Somebody"),
    "session.reuse": Act(
        _G.SECURITY,
        "used a refresh token of {subject} a second time, so its sign-in ended",
        who="Somebody",
    ),
    "session.start": Act(_G.SIGNING_IN, "signed in"),
    "workspace.second_factor": Act(_G.SECURITY, "changed who needs a second factor[, to {now}]"),
    "user.approve": Act(_G.PEOPLE, "approved {subject}"),
    "user.change_role": Act(
        _G.PEOPLE, "changed the role of {subject}[ from {before}][ to {after}]"
    ),
    "user.reject": Act(_G.PEOPLE, "rejected {subject}[: {reason}]"),
    "user.restore": Act(_G.PEOPLE, "restored the account of {subject}"),
    "user.sign_out": Act(_G.PEOPLE, "signed {subject} out everywhere"),
    "user.suspend": Act(_G.PEOPLE, "suspended {subject}[: {reason}]"),
    "workspace.rename": Act(_G.SETTINGS, "renamed the business to {subject}", "another name"),
}

# Parts of the program, by the label they act under, where "MBS" alone would say too little.
_PROGRAM = {
    "command line": "Somebody at the server’s command line",
    "setup": "Somebody with the setup link",
}
# The details in which a subject's name may stand, the likeliest first.
_NAMES = ("name", "file_name", "label", "code", "email", "to_email")
_PLACE = re.compile(r"\{(\w+)(?:\|([^|}]+)\|([^}]+))?\}")
# The details in which a role may stand; screens call a user a marketer.
_ROLE_KEYS = ("role", "before", "after")
_CODE_WORD = re.compile(r"[a-z]+(_[a-z]+)+")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


class Part(NamedTuple):
    """A piece of a sentence; names are ``strong``."""

    words: str
    strong: bool = False


def act_of(action: str) -> Act:
    """The row of an action; one that an older version recorded gets words from its code."""
    return ACTS.get(action) or Act(
        ActGroup.SETTINGS, f"did “{action}”[ to {{subject}}]", who="Somebody"
    )


@lru_cache(maxsize=16)
def actions_in(group: ActGroup) -> tuple[str, ...]:
    return tuple(sorted(action for action, act in ACTS.items() if act.group is group))


def actions_saying(words: str) -> list[str]:
    """The actions whose sentence has ``words`` in it."""
    wanted = words.casefold()
    return [
        action
        for action, act in ACTS.items()
        if wanted in f"{action} {act.who} {_PLACE.sub('', act.did)}".casefold()
    ]


def who_words(actor_id: object, label: str, act: Act) -> str:
    """Whose name the sentence begins with; programs act as MBS."""
    if actor_id is not None:
        return label or "Somebody"
    return act.who or _PROGRAM.get(label, "MBS")


def subject_words(
    subject_type: str, subject_id: str, found: str, details: Mapping[str, Any]
) -> str:
    """The name of the subject, of people as it is and of things in quotes; empty where none is known.

    ``found`` is the name of the user with the subject's id, where there is one.
    """
    if subject_type == "user":
        return found or str(details.get("name") or details.get("email") or "")
    if subject_type == "address":
        return subject_id
    name = next((str(details[key]) for key in _NAMES if details.get(key)), "")
    return f"“{name}”" if name else ""


def sentence(act: Act, who: str, subject: str, details: Mapping[str, Any]) -> list[Part]:
    """ "Maya Okafor suspended Jordan Bell", in parts."""
    # "Maya Okafor, key “Nightly”, …": who acts through a program is set off.
    parts = [Part(who, strong=True), Part(", " if who.endswith("”") else " ")]
    at = 0
    said = _without_gaps(act.did, subject, details)
    for place in _PLACE.finditer(said):
        parts.append(Part(said[at : place.start()]))
        parts.append(_filled(place, act, subject, details))
        at = place.end()
    parts.append(Part(said[at:]))
    return [part for part in parts if part.words]


def told(parts: list[Part]) -> str:
    return "".join(part.words for part in parts)


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def detail_words(
    details: Mapping[str, Any], when: Callable[[datetime], str] = _in_utc
) -> list[tuple[str, str]]:
    """The details of an event as labels and values for people; ``when`` says a time."""
    return [
        (_label(key), _value(key, value, when))
        for key, value in details.items()
        if value not in (None, "", [], {})
    ]


def _without_gaps(did: str, subject: str, details: Mapping[str, Any]) -> str:
    def keep(optional: re.Match[str]) -> str:
        names = [place[1] for place in _PLACE.finditer(optional[1])]
        known = all(
            subject if name == "subject" else details.get(name) not in (None, "") for name in names
        )
        return optional[1] if known else ""

    return _OPTIONAL.sub(keep, did)


def _filled(place: re.Match[str], act: Act, subject: str, details: Mapping[str, Any]) -> Part:
    name, singular, plural = place.groups()
    if name == "subject":
        return Part(subject, strong=True) if subject else Part(act.thing)
    value = details.get(name)
    if singular and isinstance(value, int):
        return Part(f"{value:,} {singular if value == 1 else plural}")
    return Part(_value(name, value) if value is not None else plural or "")


_LABELS = {
    "api_key": "API key",
    "file_name": "File",
    "ip": "Address",
    "price_per_segment_micros": "Price of a segment",
    "segments_per_second": "Segments a second",
    "source": "Copied from",
}


def _label(key: str) -> str:
    return _LABELS.get(key) or field_label(key)


def _value(key: str, value: Any, when: Callable[[datetime], str] = _in_utc) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if key.endswith("_micros") and isinstance(value, int):
        return format_price(Decimal(value) / 1_000_000)
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return "; ".join(
            f"{_label(name)}: {_value(name, one, when)}" for name, one in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(_value(key, one, when) for one in value)
    words = str(value)
    if key in _ROLE_KEYS and words == Role.USER:
        return "marketer"
    if (moment := _moment(words)) is not None:
        return when(moment)
    return field_label(words) if _CODE_WORD.fullmatch(words) else words


def _moment(words: str) -> datetime | None:
    """A time as details hold it, in ISO 8601 with a zone."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
