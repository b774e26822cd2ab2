"""People of the team in the words and shapes the list and the drawer show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.time_words import day_and_time, day_words, mid_sentence
from mbs_app.domain.vocabulary import UserStatus
from mbs_app.models import UserProfile
from mbs_app.services.audit import AuditLine
from mbs_app.services.team import Member
from mbs_app.ui.components.timeline import HistoryItem
from mbs_app.ui.roles import ROLE_WORDS

STATUS_WORDS = {
    UserStatus.PENDING.value: "Waiting",
    UserStatus.APPROVED.value: "Approved",
    UserStatus.SUSPENDED.value: "Suspended",
    UserStatus.REJECTED.value: "Rejected",
}
_TONES = {
    "user.approve": "good",
    "user.restore": "good",
    "user.reject": "bad",
    "user.suspend": "bad",
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One row. ``came`` and ``came_more`` read "With Front desk" and "Oct 12"; ``signed_in`` says ``last_sign_in`` as a sentence."""

    id: str
    name: str
    email: str
    role: str
    role_words: str
    status: str
    status_words: str
    reason: str
    came: str
    came_more: str
    last_sign_in: str
    signed_in: str
    second_factor: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str


def line_of(member: Member, me: UserProfile, now: datetime) -> MemberLine:
    user, zone = member.user, me.time_zone
    last = day_and_time(user.last_login_at, now, zone) if user.last_login_at else ""
    return MemberLine(
        id=str(user.id),
        name=user.name,
        email=user.email,
        role=user.role,
        role_words=ROLE_WORDS[user.role],
        status=user.status,
        status_words=STATUS_WORDS[user.status],
        reason=user.status_reason,
        came=_came_with(member),
        came_more=day_words(user.created_at, now, zone),
        last_sign_in=last or "Never",
        signed_in=f"Signed in {mid_sentence(last)}" if last else "Never signed in",
        second_factor="Yes" if member.has_second_factor else "No",
        is_me=user.id == me.id,
    )


def facts_of(member: Member, me: UserProfile, now: datetime) -> list[Fact]:
    """What the drawer lists of somebody."""
    user, zone = member.user, me.time_zone

    def when(moment: datetime | None) -> str:
        return day_and_time(moment, now, zone) if moment else ""

    pairs = [
        ("Email", user.email),
        ("Role", ROLE_WORDS[user.role]),
        ("Joined", when(user.created_at)),
        ("With", _came_with(member) if member.joined_with else ""),
        ("Invited by", member.inviter),
        ("Approved", when(user.approved_at)),
        ("Last sign-in", when(user.last_login_at) or "Never"),
        ("Second factor", "Yes" if member.has_second_factor else "No"),
    ]
    return [Fact(name, value) for name, value in pairs if value]


def history_of(lines: Sequence[AuditLine], zone: str, now: datetime) -> list[HistoryItem]:
    """What is on record about somebody, the newest first."""
    return [
        HistoryItem(
            time=day_and_time(line.at, now, zone),
            words=line.sentence,
            tone=_TONES.get(line.action, ""),
        )
        for line in lines
    ]


def _came_with(member: Member) -> str:
    if not member.joined_with:
        return "No invite"
    return f"“{member.invite_note}”" if member.invite_note else member.joined_with
