"""Invites and people in the words of their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mbs_app.domain.vocabulary import InviteState
from mbs_app.models import InviteCode, UserProfile
from mbs_app.services.invites import InviteRow
from mbs_app.services.team import Member
from mbs_app.ui.invites import rows as invite_rows
from mbs_app.ui.team import rows as team_rows

AUSTIN = "America/Chicago"
NOW = datetime(2026, 10, 16, 15, 6, tzinfo=UTC)  # 10:06 AM in Austin


@pytest.mark.parametrize(
    ("left", "day", "more", "is_soon"),
    [
        (timedelta(days=7), "Oct 23", "in 7 days", False),
        (timedelta(hours=24), "Oct 17", "tomorrow", True),
        (timedelta(hours=14), "Oct 17", "tomorrow", True),  # four minutes past midnight
        (timedelta(hours=10), "Oct 16", "today at 8:06 PM", True),
        (timedelta(days=90), "Jan 14, 2027", "in 90 days", False),
    ],
)
def test_when_a_code_expires(left: timedelta, day: str, more: str, is_soon: bool) -> None:
    assert invite_rows.expiry_words(NOW + left, NOW, AUSTIN) == (day, more, is_soon)


def test_a_code_may_last_for_ever() -> None:
    assert invite_rows.expiry_words(None, NOW, AUSTIN) == ("Never", "", False)


def _invite(**changes: object) -> InviteCode:
    made = NOW - timedelta(minutes=54)
    return InviteCode(
        **{"code": "LAKE-7QF2-M9KD", "max_uses": 5, "uses": 2, "created_at": made, **changes}
    )


def test_a_code_that_works_shows_whole_with_its_link() -> None:
    row = InviteRow(_invite(notes="Front desk", email="@a.example"), InviteState.ACTIVE, "Maya")
    line = invite_rows.line_of(row, AUSTIN, NOW)
    assert line.code == "LAKE-7QF2-M9KD" and line.link.endswith("/join?code=LAKE-7QF2-M9KD")
    assert (line.uses_words, line.share, line.left) == ("2 of 5", 40, 3)
    assert (line.about, line.made) == ("Front desk · @a.example", "Today 9:12 AM")


@pytest.mark.parametrize("state", [one for one in InviteState if one is not InviteState.ACTIVE])
def test_a_code_that_is_over_is_sent_to_no_browser(state: InviteState) -> None:
    ends = NOW + timedelta(days=1)
    line = invite_rows.line_of(InviteRow(_invite(expires_at=ends), state, ""), AUSTIN, NOW)
    assert "M9KD" not in repr(line)
    assert (line.link, line.expires, line.expires_more, line.is_soon) == ("", "Oct 17", "", False)
    assert line.maker == "Somebody who is gone"


def _member(**changes: object) -> Member:
    made = NOW - timedelta(days=4)
    user = UserProfile(email="ana@example.com", name="Ana Ruiz", created_at=made, **changes)
    return Member(user, False, "Maya Okafor", "LAKE-7QF2-••••", "Front desk")


def test_a_person_is_shown_with_what_they_came_with_and_since_when() -> None:
    me = UserProfile(email="maya@example.com", name="Maya", time_zone=AUSTIN)
    line = team_rows.line_of(_member(status="pending"), me, NOW)
    assert (line.came, line.came_more, line.last_sign_in) == ("“Front desk”", "Oct 12", "Never")
    assert line.signed_in == "Never signed in"
    assert (line.role_words, line.status_words, line.is_me) == ("Marketer", "Waiting", False)
    facts = {fact.name: fact.value for fact in team_rows.facts_of(_member(), me, NOW)}
    assert facts["Invited by"] == "Maya Okafor" and facts["Second factor"] == "No"
    assert "Approved" not in facts
