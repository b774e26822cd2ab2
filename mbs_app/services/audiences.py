"""Audiences: who a draft would reach, what it can be chosen by, and how it is said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.usa import normalise_state, state_name
from mbs_app.models import Customer, Group, GroupMembership
from mbs_app.queries import audience as audience_queries
from mbs_app.queries import customers as customer_queries
from mbs_app.queries import recipients
from mbs_app.queries.bulk import any_of
from mbs_app.queries.recipients import Recipient
from mbs_app.services.lookup import owner_of

EVERYONE: dict[str, Any] = {"mode": "all"}
MOST_GROUPS = 200
MOST_STATES = 200
MOST_SELECTED = 10_000
SAMPLE_SIZE = 400


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People of an audience who will not get the text, for one reason."""

    reason: str
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class Reach:
    """``matching`` people are ``will_get`` and those left out, the largest reason first."""

    matching: int
    will_get: int
    left_out: tuple[LeftOut, ...]

    @property
    def left_out_total(self) -> int:
        return self.matching - self.will_get


@dataclass(frozen=True, slots=True)
class GroupChoice:
    id: UUID
    name: str
    color: str
    people: int


@dataclass(frozen=True, slots=True)
class StateChoice:
    code: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class CustomerChoice:
    id: UUID
    name: str
    phone: str
    city: str


def reach(session: Session, actor: Actor, audience: Mapping[str, Any]) -> Reach:
    """How many match, will get it and are left out, in one query.

    Raises InvalidInput (audience) for one of an unknown shape.
    """
    try:
        counted = session.execute(audience_queries.counts(owner_of(actor), audience)).all()
    except ValueError:
        raise InvalidInput(audience="Choose who gets this.") from None
    people = dict(counted)
    will_get = people.pop(None, 0)
    left_out = tuple(
        LeftOut(reason, skip_words(reason), count)
        for reason, count in sorted(people.items(), key=lambda one: (-one[1], one[0]))
    )
    return Reach(will_get + sum(people.values()), will_get, left_out)


def groups_to_choose(session: Session, actor: Actor) -> list[GroupChoice]:
    """The actor's groups by name, with how many people are in each; at most 200."""
    owner = owner_of(actor)
    people = (
        sa.select(GroupMembership.group_id, sa.func.count().label("people"))
        .where(col(GroupMembership.user_id) == owner)
        .group_by(col(GroupMembership.group_id))
        .subquery("people")
    )
    rows = session.execute(
        sa.select(Group.id, Group.name, Group.color, sa.func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.group_id == Group.id)
        .where(col(Group.user_id) == owner)
        .order_by(col(Group.name))
        .limit(MOST_GROUPS)
    )
    return [GroupChoice(*row) for row in rows]


def states_to_choose(session: Session, actor: Actor) -> list[StateChoice]:
    """The states that the actor's customers have, by code."""
    found = customer_queries.states_in_use(session, owner_of(actor))
    return [StateChoice(code, state_name(code), people) for code, people in found[:MOST_STATES]]


def find_customers(
    session: Session, actor: Actor, search: str, *, region: str = "US", limit: int = 8
) -> list[CustomerChoice]:
    """Customers to pick by hand, by any part of a name, a number or an email address."""
    owner = owner_of(actor)
    wanted = customer_queries.CustomerFilter(search=search, region=region)
    conditions = customer_queries.matching(session, owner, wanted)
    return _choices(session, conditions, limit)


def selected_customers(
    session: Session, actor: Actor, customer_ids: Sequence[UUID], *, limit: int = 50
) -> list[CustomerChoice]:
    """The first ``limit`` of a selection, by name. People deleted since are not among them."""
    return _choices(
        session,
        [col(Customer.user_id) == owner_of(actor), any_of(Customer.id, customer_ids)],
        limit,
    )


def sample(
    session: Session,
    actor: Actor,
    audience: Mapping[str, Any],
    *,
    fields: tuple[str, ...] = (),
    will_get: int | None = None,
) -> list[Recipient]:
    """Some hundred people who will get the text, all of them when they are no more than that.

    For previews while somebody types: spread over the audience, with those among them whose values of
    ``fields`` are longest and shortest. ``will_get`` spares a count when it is known.
    """
    owner = owner_of(actor)
    if will_get is None:
        will_get = reach(session, actor, audience).will_get
    return recipients.sample(
        session, owner, audience, fields=fields, of=will_get, wanted=SAMPLE_SIZE
    )


def clean_audience(session: Session, actor: Actor, audience: Mapping[str, Any]) -> dict[str, Any]:
    """The audience in the shape :class:`~mbs_app.models.Campaign` keeps it in.

    Repeats go; a selection keeps only the actor's own customers. Raises InvalidInput (audience).
    """
    mode = audience.get("mode")
    if mode == "all":
        return dict(EVERYONE)
    if mode == "rules":
        groups = _clean_ids(audience.get("group_ids"), MOST_GROUPS)
        known = (
            set(session.exec(select(Group.id).where(col(Group.id).in_(groups)))) if groups else ()
        )
        if len(known) != len(groups):
            raise InvalidInput(audience="One of these groups was deleted. Choose the groups again.")
        states = _words(audience.get("states"))
        return {
            "mode": "rules",
            "group_ids": [str(one) for one in groups],
            "states": list(dict.fromkeys(normalise_state(state) for state in states)),
        }
    if mode == "selection":
        chosen = _clean_ids(audience.get("customer_ids"), MOST_SELECTED)
        mine = set(_own_customers(session, actor, chosen))
        return {"mode": "selection", "customer_ids": [str(one) for one in chosen if one in mine]}
    raise InvalidInput(audience="Choose everyone, groups and states, or single people.")


def missing_groups(session: Session, audience: Mapping[str, Any]) -> int:
    """How many of the audience's groups were deleted since it was chosen."""
    groups = [UUID(str(one)) for one in audience.get("group_ids") or ()]
    if audience.get("mode") != "rules" or not groups:
        return 0
    return len(groups) - len(session.exec(select(Group.id).where(col(Group.id).in_(groups))).all())


def describe(session: Session, audiences: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each audience in a few words: "Everyone active", "Loyalty, VIP in TX or OK", "12 chosen people"."""
    wanted = {UUID(str(one)) for each in audiences for one in each.get("group_ids") or ()}
    names: dict[UUID, str] = {}
    if wanted:
        rows = session.exec(select(Group.id, Group.name).where(col(Group.id).in_(wanted)))
        names = dict(rows.all())
    return [_in_words(each, names) for each in audiences]


def _in_words(audience: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    mode = audience.get("mode", "all")
    if mode == "selection":
        count = len(audience.get("customer_ids") or ())
        return "1 chosen person" if count == 1 else f"{count:,} chosen people"
    if mode == "number":
        return "One number"
    if mode != "rules":
        return "Everyone active"
    groups = [
        names.get(UUID(str(one)), "a deleted group") for one in audience.get("group_ids") or ()
    ]
    states = [str(state) for state in audience.get("states") or ()]
    who = _listed(groups, "or") or "Everyone"
    return f"{who} in {_listed(states, 'or')}" if states else who


def _listed(words: Sequence[str], joint: str) -> str:
    if len(words) > 4:
        return f"{', '.join(words[:3])} {joint} {len(words) - 3} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _choices(session: Session, conditions: Sequence[Any], limit: int) -> list[CustomerChoice]:
    rows = session.execute(
        sa.select(
            Customer.id, Customer.first_name, Customer.last_name, Customer.phone, Customer.city
        )
        .where(*conditions)
        .order_by(col(Customer.last_name), col(Customer.first_name), col(Customer.id))
        .limit(limit)
    )
    return [
        CustomerChoice(row.id, f"{row.first_name} {row.last_name}".strip(), row.phone, row.city)
        for row in rows
    ]


def _own_customers(session: Session, actor: Actor, ids: Sequence[UUID]) -> Sequence[UUID]:
    if not ids:
        return ()
    return session.exec(
        select(Customer.id).where(
            col(Customer.user_id) == owner_of(actor), any_of(Customer.id, ids)
        )
    ).all()


def _clean_ids(given: Any, most: int) -> list[UUID]:
    if not isinstance(given, list | tuple):
        given = [] if given is None else [given]
    try:
        ids = list(dict.fromkeys(UUID(str(one)) for one in given))
    except ValueError:
        raise InvalidInput(audience="One of these can’t be found. Choose again.") from None
    if len(ids) > most:
        raise InvalidInput(audience=f"Choose at most {most:,}. Put more people in a group instead.")
    return ids


def _words(given: Any) -> list[str]:
    if not isinstance(given, list | tuple):
        given = [] if given is None else [given]
    words = [str(one).strip()[:60] for one in given]
    return [word for word in words if word][:MOST_STATES]
