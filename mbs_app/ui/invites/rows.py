"""Invites in the words and shapes the list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.time_words import clock_time, date_words, day_and_time, day_words, days_ahead
from mbs_app.domain.vocabulary import InviteState
from mbs_app.models import UserProfile
from mbs_app.services import invites
from mbs_app.services.invites import InviteRow, Joined
from mbs_app.ui.roles import ROLE_WORDS

STATE_WORDS = {
    InviteState.ACTIVE.value: "Active",
    InviteState.USED_UP.value: "Used up",
    InviteState.EXPIRED.value: "Expired",
    InviteState.REVOKED.value: "Revoked",
}
NEVER = "Never"


@dataclass(frozen=True, slots=True)
class InviteLine:
    """One row. ``link`` is empty and ``code`` half hidden once it is over; ``share`` is of 100."""

    id: str
    code: str
    link: str
    works: bool
    about: str
    role: str
    uses: int
    left: int
    uses_words: str
    share: int
    state: str
    state_words: str
    expires: str
    expires_more: str
    is_soon: bool
    maker: str
    made: str
    address: str
    was_mailed: bool


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """Somebody who came with a code."""

    id: str
    name: str
    email: str
    role: str
    status: str
    code: str
    when: str


def line_of(row: InviteRow, zone: str, now: datetime) -> InviteLine:
    invite, works = row.invite, row.state is InviteState.ACTIVE
    expires, more, soon = expiry_words(invite.expires_at, now, zone)
    return InviteLine(
        id=str(invite.id),
        code=row.shown_code,
        link=invites.join_link(invite.code) if works else "",
        works=works,
        about=" · ".join(part for part in (invite.notes, invite.email or "") if part),
        role=ROLE_WORDS[invite.role],
        uses=invite.uses,
        left=invite.max_uses - invite.uses,
        uses_words=f"{invite.uses} of {invite.max_uses}",
        share=round(invite.uses * 100 / invite.max_uses),
        state=row.state.value,
        state_words=STATE_WORDS[row.state.value],
        expires=expires,
        expires_more=more if works else "",
        is_soon=soon and works,
        maker=row.maker or "Somebody who is gone",
        made=_when(invite.created_at, now, zone),
        address=invite.email or "",
        was_mailed=invite.mailed_at is not None,
    )


def expiry_words(expires_at: datetime | None, now: datetime, zone: str) -> tuple[str, str, bool]:
    """("Oct 23", "in 7 days", whether that is soon) of a code that still works."""
    if expires_at is None:
        return NEVER, "", False
    days = days_ahead(expires_at, now, zone)
    if days > 1:
        more = f"in {days} days"
    else:
        more = "tomorrow" if days == 1 else f"today at {clock_time(expires_at, zone)}"
    return date_words(expires_at, now, zone), more, days <= 1


def joined_line(one: Joined, zone: str, now: datetime) -> JoinedLine:
    return person_line(one.user, zone, now, code=one.shown_code)


def person_line(user: UserProfile, zone: str, now: datetime, *, code: str = "") -> JoinedLine:
    return JoinedLine(
        id=str(user.id),
        name=user.name,
        email=user.email,
        role=ROLE_WORDS[user.role],
        status=user.status,
        code=code,
        when=_when(user.created_at, now, zone),
    )


def _when(moment: datetime, now: datetime, zone: str) -> str:
    """ "Today 9:12 AM", but "Oct 12" without the time of day."""
    day = day_words(moment, now, zone)
    return day_and_time(moment, now, zone) if day in ("Today", "Yesterday") else day
