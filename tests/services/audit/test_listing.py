"""The audit log as admins read it: narrowed, paged, searched, and the look itself on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed
from mbs_app.models import AuditEvent
from mbs_app.models.base import first_id_at
from mbs_app.queries import audit_trail
from mbs_app.services import audit
from mbs_app.services.audit import ActGroup, AuditFilter, AuditPage
from tests.support.accounts import SYSTEM, actor_of, make_user

Write = Callable[..., None]


@pytest.fixture
def maya(database: str) -> Actor:
    return _user("maya@example.com", "Maya Okafor", role="admin").administrating()


@pytest.fixture
def jordan(database: str) -> Actor:
    return _user("jordan@example.com", "José Jordan Bell")


def _user(email: str, name: str, role: str = "user") -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, email, name=name, role=role))


def _write(
    actor: Actor | None,
    action: str,
    subject: tuple[str, object] = ("", ""),
    at: datetime | None = None,
    ip: str = "203.0.113.7",
    **details: Any,
) -> None:
    """An event as it would have been recorded at ``at``."""
    at = at or utc_now()
    with db.transaction(SYSTEM) as session:
        _write.number += 1
        session.add(
            AuditEvent(
                id=UUID(int=first_id_at(at).int + _write.number),
                at=at,
                actor_id=actor.user_id if actor else None,
                actor_label=actor.label if actor else "sign-in",
                action=action,
                subject_type=subject[0],
                subject_id=str(subject[1]),
                details=details,
                ip=ip,
            )
        )


_write.number = 0


def _page(actor: Actor, **parts: Any) -> AuditPage:
    after, limit = parts.pop("after", None), parts.pop("limit", 50)
    with db.transaction(actor, read_only=True) as session:
        return audit.list_events(
            session, actor, AuditFilter(**parts), after=after, limit=limit, with_total=True
        )


def _said(actor: Actor, **parts: Any) -> list[str]:
    return [line.sentence for line in _page(actor, **parts).lines]


def test_the_newest_stands_first_as_a_sentence(maya: Actor, jordan: Actor) -> None:
    _write(jordan, "session.start", ("user", jordan.user_id))
    _write(maya, "account.create", ("user", jordan.user_id), role="user")
    _write(None, "session.refuse")
    assert _said(maya) == [
        "Somebody failed to sign in",
        "Maya Okafor made an account for José Jordan Bell with the role marketer",
        "José Jordan Bell signed in",
    ]


def test_the_name_of_somebody_who_is_gone_is_still_a_sentence(maya: Actor) -> None:
    _write(maya, "account.create", ("user", UUID(int=5)))
    assert _said(maya) == ["Maya Okafor made an account for somebody"]


def test_each_filter_narrows_and_all_of_them_together_do(maya: Actor, jordan: Actor) -> None:
    now = utc_now()
    _write(jordan, "session.start", ("user", jordan.user_id), at=now - timedelta(days=9))
    _write(jordan, "campaign.launch", ("campaign", "c1"), name="Sale", at=now - timedelta(days=2))
    _write(maya, "session.start", ("user", maya.user_id), ip="198.51.100.4")
    _write(maya, "campaign.launch", ("campaign", "c2"), name="Other", ip="198.51.100.4")
    assert len(_said(maya)) == 4
    assert len(_said(maya, actor_id=jordan.user_id)) == 2
    assert _said(maya, group=ActGroup.SIGNING_IN) == [
        "Maya Okafor signed in",
        "José Jordan Bell signed in",
    ]
    assert _said(maya, actor_id=maya.user_id, group=ActGroup.WORK) == [
        "Maya Okafor pressed Send for “Other”"
    ]
    assert _said(maya, subject_id="c1") == ["José Jordan Bell pressed Send for “Sale”"]
    assert len(_said(maya, ip="198.51.100.4")) == 2
    assert len(_said(maya, ip="198.51.100.4", group=ActGroup.WORK)) == 1
    assert len(_said(maya, since=now - timedelta(days=3))) == 3
    assert _said(maya, until=now - timedelta(days=3)) == ["José Jordan Bell signed in"]
    assert _said(maya, since=now - timedelta(days=3), until=now - timedelta(days=1)) == [
        "José Jordan Bell pressed Send for “Sale”"
    ]
    everything = {
        "actor_id": jordan.user_id,
        "group": ActGroup.WORK,
        "subject_id": "c1",
        "since": now - timedelta(days=3),
        "until": now,
        "ip": "203.0.113.7",
        "search": "sale",
    }
    assert len(_said(maya, **everything)) == 1
    assert _said(maya, **(everything | {"ip": "198.51.100.4"})) == []
    assert _said(maya, group=ActGroup.KEYS, actor_id=maya.user_id) == []


def test_a_day_ends_at_the_very_moment(maya: Actor) -> None:
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    _write(maya, "session.start", at=midnight - timedelta(milliseconds=1))
    _write(maya, "session.end", at=midnight)
    assert _said(maya, since=midnight) == ["Maya Okafor signed out"]
    assert _said(maya, until=midnight) == ["Maya Okafor signed in"]


@pytest.mark.parametrize(
    "search",
    [
        "Maya",
        "okafor",
        "jose",
        "BELL",
        "account for",
        "Frühling",
        "203.0.113",
        "maya jose",
        "admin",
    ],
)
def test_search_finds_names_acts_details_and_addresses(
    maya: Actor, jordan: Actor, search: str
) -> None:
    _write(
        maya,
        "account.create",
        ("user", jordan.user_id),
        role="admin",
        note="Frühling 50% off_",
    )
    _write(None, "session.refuse", ip="192.0.2.1")
    assert _said(maya, search=search) == [
        "Maya Okafor made an account for José Jordan Bell with the role admin"
    ]


@pytest.mark.parametrize("search", ["nobody-here", "50%25", "maya nobody", "_", "*", "%"])
def test_what_stands_nowhere_is_not_found(maya: Actor, search: str) -> None:
    _write(maya, "session.start", ("user", maya.user_id))
    assert _said(maya, search=search) == []


def test_pages_follow_each_other_without_gaps_while_events_come_in(maya: Actor) -> None:
    start = utc_now() - timedelta(hours=1)
    for number in range(7):
        _write(maya, "campaign.launch", name=f"C{number}", at=start + timedelta(minutes=number))
    first = _page(maya, limit=3)
    _write(maya, "session.start")
    second = _page(maya, after=first.after, limit=3)
    third = _page(maya, after=second.after, limit=3)
    seen = [line.subject for page in (first, second, third) for line in page.lines]
    assert seen == [f"“C{number}”" for number in (6, 5, 4, 3, 2, 1, 0)]
    assert third.after is None
    assert first.total == 7
    with db.transaction(maya, read_only=True) as session:
        above = first.newest
        assert audit.count_newer(session, maya, AuditFilter(), above=above) == 1
        launches = AuditFilter(group=ActGroup.WORK)
        assert audit.count_newer(session, maya, launches, above=above) == 0
        assert audit.count_newer(session, maya, AuditFilter(), above=None) == 8


@pytest.mark.parametrize("parts", [{"search": "needle"}, {"group": ActGroup.WORK, "ip": "1.2.3.4"}])
def test_a_long_search_ends_early_says_how_far_it_came_and_goes_on(
    maya: Actor, monkeypatch: pytest.MonkeyPatch, parts: dict[str, Any]
) -> None:
    monkeypatch.setattr(audit_trail, "LOOK_BACK", 4)
    start = utc_now() - timedelta(hours=1)
    _write(maya, "campaign.launch", name="needle", ip="1.2.3.4", at=start)
    for number in range(1, 12):
        _write(maya, "campaign.launch", name="hay", at=start + timedelta(minutes=number))
    pages, after = [], None
    while True:
        page = _page(maya, after=after, **parts)
        pages.append(page)
        if page.after is None:
            break
        assert page.looked_to is not None and page.looked_to < utc_now()
        after = page.after
    assert 3 <= len(pages) <= 14
    assert [line.subject for page in pages for line in page.lines] == ["“needle”"]
    assert pages[0].total is None


def test_people_are_found_by_name_and_address(maya: Actor, jordan: Actor) -> None:
    with db.transaction(maya, read_only=True) as session:
        assert [one.name for one in audit.find_people(session, maya, "")] == [
            "José Jordan Bell",
            "Maya Okafor",
        ]
        assert [one.id for one in audit.find_people(session, maya, "jose bell")] == [jordan.user_id]
        assert [one.id for one in audit.find_people(session, maya, "maya@")] == [maya.user_id]
        assert audit.name_of(session, maya, str(jordan.user_id)) == "José Jordan Bell"
        assert audit.name_of(session, maya, "nonsense") == ""


def test_looking_up_one_person_is_itself_on_record(maya: Actor, jordan: Actor) -> None:
    with db.transaction(maya) as session:
        audit.note_look(session, maya, AuditFilter(actor_id=jordan.user_id))
        audit.note_look(session, maya, AuditFilter(actor_id=maya.user_id, subject_id="campaign"))
        audit.note_look(session, maya, AuditFilter(group=ActGroup.KEYS))
    assert _said(maya) == ["Maya Okafor looked up what José Jordan Bell did"]
    assert _page(maya, group=ActGroup.LOOKS).total == 1


def test_only_admins_read_it(maya: Actor, jordan: Actor) -> None:
    with db.transaction(jordan, read_only=True) as session:
        with pytest.raises(NotAllowed):
            audit.list_events(session, jordan)
        with pytest.raises(NotAllowed):
            audit.count_newer(session, jordan, AuditFilter(), above=None)
        with pytest.raises(NotAllowed):
            audit.find_people(session, jordan, "")
        with pytest.raises(NotAllowed):
            audit.csv_piece(session, jordan, AuditFilter(), after=None)


def test_a_key_of_a_program_is_named_in_the_details(maya: Actor) -> None:
    key_id = UUID(int=9)
    program = Actor.api_key(
        maya.user_id,
        "admin",
        "Maya Okafor, key “Nightly”",
        "192.0.2.9",
        key_id=key_id,
        scopes=frozenset(),
    )
    with db.transaction(SYSTEM) as session:
        audit.record(session, program, "campaign.launch", "campaign", "c1", name="Sale")
    (line,) = _page(maya).lines
    assert line.sentence == "Maya Okafor, key “Nightly”, pressed Send for “Sale”"
    assert line.details["api_key"] == str(key_id)
