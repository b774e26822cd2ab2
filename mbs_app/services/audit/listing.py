"""Reading the audit log: narrowed, page by page, newest first, as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import AuditEvent, UserProfile
from mbs_app.queries import audit_trail
from mbs_app.queries.audit_trail import Asked
from mbs_app.queries.bulk import any_of
from mbs_app.queries.fold_search import contains, words_of
from mbs_app.services.audit import words
from mbs_app.services.audit.recording import record
from mbs_app.services.audit.words import ActGroup, Part
from mbs_app.services.lookup import must_administrate

MOST = 50
COUNTED_TO = 1_000
NEWER_COUNTED_TO = 1_000
MOST_WORDS = 6
ONE_LOOK = timedelta(hours=1)  # later pages are no look of their own for so long
MOST_PEOPLE = 200  # whom a searched word may mean


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Every part that is set must hold. ``since`` is included, ``until`` is not; both are aware."""

    actor_id: UUID | None = None
    group: ActGroup | None = None
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    ip: str = ""
    search: str = ""

    @property
    def is_about_somebody(self) -> bool:
        """Whether it may be one person's doings that are looked up, which is itself put on record."""
        return self.actor_id is not None or bool(self.subject_id)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event. ``parts`` are its sentence; ``who`` and ``subject`` are names, and may be empty."""

    id: UUID
    at: datetime
    parts: list[Part]
    group: ActGroup
    action: str
    actor_id: UUID | None
    who: str
    subject_type: str
    subject_id: str
    subject: str
    details: dict[str, Any]
    ip: str

    @property
    def sentence(self) -> str:
        return words.told(self.parts)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """``after`` is where the next page starts, None on the last one.

    ``looked_to`` is set where the search ended early with less than a page: how far back it came. ``total``
    is counted up to ``COUNTED_TO``, and only where that is quick. ``newest`` is the newest event of all, whether
    it matches or not, to count newer ones from.
    """

    lines: list[AuditLine]
    after: UUID | None
    looked_to: datetime | None
    total: int | None
    newest: UUID | None


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    email: str


def list_events(
    session: Session,
    actor: Actor,
    chosen: AuditFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MOST,
    with_total: bool = False,
) -> AuditPage:
    """The events that match, the newest first, from below the event ``after``. Admins only.

    Raises:
        NotAllowed: the actor isn’t administrating.
    """
    must_administrate(actor)
    asked = _asked(session, chosen or AuditFilter())
    newest = audit_trail.newest_id(session)
    found = audit_trail.page(session, asked, after=after, limit=limit)
    after_this = found.looked_to
    if after_this is None and found.has_more:
        after_this = found.events[-1].id
    return AuditPage(
        lines=_lines(session, found.events),
        after=after_this,
        looked_to=_moment_of(found.looked_to),
        total=audit_trail.count(session, asked, most=COUNTED_TO + 1) if with_total else None,
        newest=newest,
    )


def count_newer(session: Session, actor: Actor, chosen: AuditFilter, *, above: UUID | None) -> int:
    """Events that match and came after ``above``, a page's ``newest``, up to ``NEWER_COUNTED_TO``. Admins only."""
    must_administrate(actor)
    asked = _asked(session, chosen)
    return audit_trail.count_newer(session, asked, above=above, most=NEWER_COUNTED_TO)


def note_look(
    session: Session, actor: Actor, chosen: AuditFilter, *, goes_on: bool = False
) -> None:
    """Put on record that an admin looks up what one other person did, or what was done to them.

    A look that ``goes_on``, to a later page, is one with the look before it, where that is on record.
    """
    must_administrate(actor)
    ids = {str(chosen.actor_id or ""), chosen.subject_id} - {"", str(actor.user_id)}
    for user_id in sorted(ids):
        if goes_on and _looked_lately(session, actor, user_id):
            continue
        if name_of(session, actor, user_id):
            record(session, actor, "audit.look", "user", user_id)


def _looked_lately(session: Session, actor: Actor, user_id: str) -> bool:
    look = Asked(
        subject_id=user_id,
        actor_id=actor.user_id,
        actions=("audit.look",),
        since=utc_now() - ONE_LOOK,
    )
    return bool(audit_trail.page(session, look, after=None, limit=1).events)


def find_people(session: Session, actor: Actor, search: str, *, limit: int = 8) -> list[Person]:
    """Users whose name or address has each word of ``search`` in it, by name. Admins only."""
    must_administrate(actor)
    named = [_is_named(session, word) for word in words_of(search)[:MOST_WORDS]]
    users = session.exec(
        select(UserProfile)
        .where(*named)
        .order_by(col(UserProfile.name), col(UserProfile.id))
        .limit(limit)
    )
    return [Person(user.id, user.name, user.email) for user in users]


def name_of(session: Session, actor: Actor, user_id: str) -> str:
    """The name of a user; empty where there is none with this id. Admins only."""
    must_administrate(actor)
    return _names(session, [user_id]).get(user_id, "")


def _asked(session: Session, chosen: AuditFilter) -> Asked:
    return Asked(
        subject_id=chosen.subject_id,
        actor_id=chosen.actor_id,
        actions=words.actions_in(chosen.group) if chosen.group else None,
        ip=chosen.ip,
        since=chosen.since,
        until=chosen.until,
        words=tuple(_has_word(session, word) for word in words_of(chosen.search)[:MOST_WORDS]),
    )


def _has_word(session: Session, word: str) -> sa.ColumnElement[bool]:
    """The word is part of who, what, to whom, where from, or of a detail."""
    people = session.exec(
        select(UserProfile.id).where(_is_named(session, word)).limit(MOST_PEOPLE)
    ).all()
    return sa.or_(
        contains(session, AuditEvent.actor_label, word),
        col(AuditEvent.ip).startswith(word, autoescape=True),
        _is_detailed(session, word),
        any_of(AuditEvent.action, words.actions_saying(word) or ["-"]),
        any_of(AuditEvent.actor_id, people),
        any_of(AuditEvent.subject_id, [str(one) for one in people] or ["-"]),
    )


def _is_detailed(session: Session, word: str) -> sa.ColumnElement[bool]:
    written = sa.cast(AuditEvent.details, sa.Text)
    if session.get_bind().dialect.name == "sqlite":
        # It keeps JSON as it was written, with letters beyond ASCII spelled out; its LIKE ignores case.
        return written.contains(json.dumps(word)[1:-1], autoescape=True)
    return written.icontains(word, autoescape=True)


def _is_named(session: Session, word: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        contains(session, UserProfile.name, word),
        col(UserProfile.email).icontains(word, autoescape=True),
    )


def _lines(session: Session, events: Sequence[AuditEvent]) -> list[AuditLine]:
    names = _names(session, (event.subject_id for event in events if event.subject_type == "user"))
    return [_line(event, names.get(event.subject_id, "")) for event in events]


def _line(event: AuditEvent, name: str) -> AuditLine:
    act = words.act_of(event.action)
    who = words.who_words(event.actor_id, event.actor_label, act)
    subject = words.subject_words(event.subject_type, event.subject_id, name, event.details)
    return AuditLine(
        id=event.id,
        at=event.at,
        parts=words.sentence(act, who, subject, event.details),
        group=act.group,
        action=event.action,
        actor_id=event.actor_id,
        who=who,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        subject=subject,
        details=event.details,
        ip=event.ip,
    )


def _names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of the users among ``ids``, as they are called now."""
    wanted = {uuid for uuid in map(_as_uuid, ids) if uuid is not None}
    if not wanted:
        return {}
    rows = session.exec(
        select(UserProfile.id, UserProfile.name).where(any_of(UserProfile.id, wanted))
    )
    return {str(user_id): name for user_id, name in rows}


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment_of(event_id: UUID | None) -> datetime | None:
    """When an id was made, which it says itself."""
    if event_id is None:
        return None
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)
