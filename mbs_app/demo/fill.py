"""Fills the workspace of the first admin with Lakeline Plaza, once."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from mbs_app import db
from mbs_app.delivery import launch, launcher
from mbs_app.demo import story
from mbs_app.demo.campaign_rows import CampaignWriter, delivered_text
from mbs_app.demo.month import Month, Reply
from mbs_app.demo.people import Person, make_people
from mbs_app.demo.people_rows import PeopleWriter
from mbs_app.demo.team import add_team
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.domain.segments import measure
from mbs_app.domain.vocabulary import CampaignKind, Role, UserStatus
from mbs_app.models import (
    AuditEvent,
    Campaign,
    CampaignMessage,
    CampaignTemplate,
    Customer,
    Group,
    Suppression,
    UserProfile,
)
from mbs_app.queries.bulk import any_of
from mbs_app.services import accounts, audit, campaigns, passwords, senders, templates, workspace
from mbs_app.settings import Settings

EMAIL, NAME = "maya@lakelineplaza.example", "Maya Okafor"
PEOPLE = 4_000
OPENED = timedelta(days=180)
RECORDED_OPT_OUTS = 0.003  # the share of people who said it at the counter
SEED = 512
_FILLED = "demo.fill"
_SYSTEM = Actor.system("demo")


@dataclass(frozen=True, slots=True)
class Filled:
    """What there is now. ``password`` is set when the admin was made here; ``is_new`` is False on a
    second run, which changes nothing."""

    email: str
    password: str | None
    customers: int
    campaigns: int
    texts: int
    is_new: bool


def fill(settings: Settings, *, force: bool = False, people: int = PEOPLE) -> Filled:
    """Put the demo into the first admin's workspace; without an admin, one is made.

    ``force`` adds it to what is there already; ``people`` is how many customers to make up.

    Raises:
        Conflict: texts are real here, or the workspace has customers and ``force`` isn't given.
    """
    if not settings.simulates_texts:
        raise Conflict(
            "This installation sends real texts, and the demo starts a campaign. "
            "Empty the TWILIO_ variables to look around with the simulator."
        )
    password = secrets.token_urlsafe(12)
    password_hash = passwords.hash_password(password)
    with db.transaction(_SYSTEM) as session:
        admin, is_made = _first_admin(session, password_hash)
        if _is_filled(session, admin.id):
            return _count(session, admin, None, is_new=False)
        if not force and _has_customers(session, admin.id):
            raise Conflict(
                f"{admin.email} has customers already. Add the demo to them with --force, or use an empty "
                "folder: DATA_DIR=data-demo"
            )
        actor = Actor.user(admin.id, role=admin.role, label=admin.name)
        zone = ZoneInfo(admin.time_zone)
        group_ids = _write_history(session, settings, actor, zone, people)
        add_team(session, admin)
        audit.record(session, actor, _FILLED, "user", admin.id)
    with db.transaction(actor) as session:
        _make_templates(session, actor)
        _start_campaigns(session, actor, group_ids, zone)
    with db.transaction(_SYSTEM, read_only=True) as session:
        return _count(session, admin, password if is_made else None, is_new=True)


def _first_admin(session: Session, password_hash: str) -> tuple[UserProfile, bool]:
    """The first admin, and whether they were made here, with that password."""
    admin = session.exec(
        select(UserProfile)
        .where(UserProfile.role == Role.ADMIN, UserProfile.status == UserStatus.APPROVED)
        .order_by(col(UserProfile.created_at), col(UserProfile.id))
    ).first()
    if admin is not None:
        return admin, False
    # The name goes first: it is written into the templates that a new account is given.
    place = workspace.get_workspace(session)
    if not place.name:
        place.name, place.tagline = story.BUSINESS, story.TAGLINE
    place.setup_token_hash = None
    session.add(place)
    admin = accounts.create_user(
        session,
        _SYSTEM,
        email=EMAIL,
        name=NAME,
        password_hash=password_hash,
        role=Role.ADMIN,
        status=UserStatus.APPROVED,
    )
    # Before the first invite, which is hers.
    admin.created_at = admin.approved_at = utc_now() - OPENED
    session.add(admin)
    return admin, True


def _is_filled(session: Session, owner: UUID) -> bool:
    found = session.exec(
        select(AuditEvent.id).where(
            AuditEvent.action == _FILLED, AuditEvent.subject_id == str(owner)
        )
    ).first()
    return found is not None


def _has_customers(session: Session, owner: UUID) -> bool:
    found = session.exec(select(Customer.id).where(Customer.user_id == owner).limit(1)).first()
    return found is not None


# The month behind us ------------------------------------------------------------------------------


def _write_history(
    session: Session, settings: Settings, actor: Actor, zone: ZoneInfo, count: int
) -> dict[str, UUID]:
    """Customers, groups, and the campaigns of the last month; the groups' ids by name."""
    assert actor.user_id is not None
    now, chance = utc_now(), random.Random(SEED)
    sender = senders.sync_senders(session, settings)
    people = _free(session, actor.user_id, make_people(count, now, chance))
    group_ids = _make_groups(session, actor.user_id, people[0].created_at)
    people_writer = PeopleWriter(session, actor.user_id, sender.address)
    people_writer.customers(people, group_ids)
    _record_opt_outs(people_writer, people, now, chance)
    writer = CampaignWriter(session, actor.user_id, sender, people_writer)
    month = Month(people, now, sender.segments_per_second, chance)
    for past in (*story.PAST, story.TODAY):
        started = story.start_of(past, now, zone)
        outcome = month.play(past, started)
        if outcome.texts:
            audience = _audience(past.plan, group_ids)
            writer.campaign(past.plan.name, past.plan.body, audience, started, outcome)
        if past.plan.name == "Cleaning recall: week 1":
            _talk_with_rosa(writer, people, started)
    return group_ids


def _free(session: Session, owner: UUID, people: Sequence[Person]) -> list[Person]:
    """Those whose number is neither a customer's nor suppressed, which matters with ``--force`` only."""
    phones = [person.phone for person in people]
    taken = {
        *session.exec(
            select(Customer.phone).where(Customer.user_id == owner, any_of(Customer.phone, phones))
        ),
        *session.exec(select(Suppression.address).where(any_of(Suppression.address, phones))),
    }
    return [person for person in people if person.phone not in taken]


def _make_groups(session: Session, owner: UUID, at: datetime) -> dict[str, UUID]:
    known = {
        group.name: group.id
        for group in session.exec(select(Group).where(Group.user_id == owner)).all()
    }
    for plan in story.GROUPS:
        if plan.name not in known:
            made = Group(
                user_id=owner,
                name=plan.name,
                color=plan.color,
                description=plan.description,
                created_at=at,
                updated_at=at,
            )
            session.add(made)
            known[plan.name] = made.id
    session.flush()
    return known


def _record_opt_outs(
    writer: PeopleWriter, people: Sequence[Person], now: datetime, chance: random.Random
) -> None:
    """Some said it at the counter, at any time since they signed up."""
    ordinary = [person for person in people if not person.phone[8:].startswith("01")]
    leaving = chance.sample(ordinary, round(len(people) * RECORDED_OPT_OUTS))
    for person in leaving:
        person.opted_out_at = person.created_at + (now - person.created_at) * chance.random()
    writer.recorded_opt_outs(leaving)


def _talk_with_rosa(writer: CampaignWriter, people: Sequence[Person], started: datetime) -> None:
    rosa = next((person for person in people if person.phone == story.ROSA), None)
    for said in story.ROSA_ASKS if rosa else ():
        assert rosa is not None
        at = started + timedelta(minutes=said.minutes)
        if not said.is_ours:
            writer.replies([Reply(rosa, at, said.text)])
            continue
        writer.campaign(
            "Message to a customer",
            said.text,
            {"mode": "selection", "customer_ids": [str(rosa.id)]},
            at,
            delivered_text(rosa, said.text, measure(said.text).segments, at),
            kind=CampaignKind.DIRECT,
        )


def _audience(plan: story.Plan, group_ids: Mapping[str, UUID]) -> dict[str, Any]:
    if not plan.groups and not plan.states:
        return {"mode": "all"}
    return {
        "mode": "rules",
        "group_ids": [str(group_ids[name]) for name in plan.groups],
        "states": list(plan.states),
    }


# Now and next -------------------------------------------------------------------------------------


def _make_templates(session: Session, actor: Actor) -> None:
    taken = set(
        session.exec(select(CampaignTemplate.name).where(CampaignTemplate.user_id == actor.user_id))
    )
    for plan in story.TEMPLATES:
        if plan.name not in taken:
            templates.create_template(
                session, actor, name=plan.name, message_body=plan.body, category=plan.category
            )


def _start_campaigns(
    session: Session, actor: Actor, group_ids: Mapping[str, UUID], zone: ZoneInfo
) -> None:
    """Drafts, scheduled campaigns, and one that is really launched: the worker sends it."""
    now = utc_now()

    def draft(plan: story.Plan) -> Campaign:
        return campaigns.create_draft(
            session,
            actor,
            name=plan.name,
            message_body=plan.body,
            audience=_audience(plan, group_ids),
        )

    for plan in story.DRAFTS:
        draft(plan)
    planned = [(story.days_from_now(days, at, now, zone), plan) for days, at, plan in story.LATER]
    for at, plan in [*reversed(planned), (story.next_afternoon(now, zone), story.NEXT)]:
        launch.launch(session, actor, draft(plan).id, at=at, time_zone=zone.key)
    running = launch.launch(session, actor, draft(story.RUNNING).id)
    launcher.take_audience(session, running.id)


def _count(session: Session, admin: UserProfile, password: str | None, *, is_new: bool) -> Filled:
    def how_many(model: Any) -> int:
        owned = select(func.count()).select_from(model).where(model.user_id == admin.id)
        return session.exec(owned).one()

    return Filled(
        admin.email,
        password,
        how_many(Customer),
        how_many(Campaign),
        how_many(CampaignMessage),
        is_new,
    )
