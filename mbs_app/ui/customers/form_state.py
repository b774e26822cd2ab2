"""Adding a customer and changing one, in the dialog that the list and the profile share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.names import field_label
from mbs_app.domain.phones import display_phone
from mbs_app.domain.vocabulary import CustomerStatus
from mbs_app.services import consent, customers, groups
from mbs_app.services.customers import NumberTaken
from mbs_app.services.customers.fields import home_region
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.customers.rows import name_of
from mbs_app.ui.session import BaseState

TEXTS = ("phone", "first_name", "last_name", "email", "city", "state", "notes", "time_zone")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the fields hold when the dialog opens."""

    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    city: str = ""
    state: str = ""
    notes: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class GroupTick:
    id: str
    name: str
    color: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Attribute:
    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    draft: Draft
    groups: list[GroupTick]
    attributes: list[Attribute]
    is_active: bool


class CustomerFormState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_open: bool = False
    is_new: bool = True
    name: str = ""
    draft: Draft = Draft()
    groups: list[GroupTick] = []
    attributes: list[Attribute] = []
    is_active: bool = True
    is_agreed: bool = False
    is_saving: bool = False
    taken_by: str = ""

    _editing: str = ""

    @rx.event
    async def add(self) -> None:
        self._open("", await self._read(_blank))

    @rx.event
    async def edit(self, customer_id: str) -> None:
        self._open(customer_id, await self._read(_filled, as_id(customer_id, "customer")))

    @rx.event
    async def close(self) -> None:
        self.is_open = False

    @rx.event
    async def choose_group(self, group_id: str, ticked: bool) -> None:
        self.groups = [
            GroupTick(one.id, one.name, one.color, ticked if one.id == group_id else one.chosen)
            for one in self.groups
        ]

    @rx.event
    async def set_active(self, ticked: bool) -> None:
        self.is_active = ticked

    @rx.event
    async def set_agreed(self, ticked: bool) -> None:
        self.is_agreed = ticked

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Save; a field that can't be taken says why, and what was typed stays."""
        if self.is_saving:
            return
        self.is_saving, self.taken_by = True, ""
        yield
        saved = ""
        try:
            with self._showing_problems():
                try:
                    saved = await self._run(
                        _save,
                        self._editing,
                        {name: str(form.get(name, "")) for name in TEXTS},
                        {
                            one.key: str(form.get(f"attribute_{one.key}", ""))
                            for one in self.attributes
                        },
                        [one.id for one in self.groups if one.chosen],
                        self.is_active,
                        self.is_agreed,
                    )
                except NumberTaken as taken:
                    self.taken_by = str(taken.customer_id)
                    self.field_problems = dict(taken.fields)
        finally:
            self.is_saving = False
        if saved:
            from mbs_app.ui.customer.state import CustomerState
            from mbs_app.ui.customers.state import CustomersState

            self.is_open = False
            on_profile = self.router.route_id.startswith("/customers/[")
            yield CustomerState.load if on_profile else CustomersState.refresh
            yield notify(f"{saved} added" if self.is_new else f"{saved} saved")

    def _open(self, customer_id: str, opened: Opened) -> None:
        self._editing, self.is_new = customer_id, not customer_id
        self.name, self.draft, self.groups = opened.name, opened.draft, opened.groups
        self.attributes, self.is_active = opened.attributes, opened.is_active
        self.is_agreed, self.is_saving, self.taken_by = False, False, ""
        self.problem, self.field_problems = "", {}
        self.is_open = True


def _blank(session: Session, actor: Actor) -> Opened:
    return Opened("", Draft(), _ticks(session, actor, set()), [], is_active=True)


def _filled(session: Session, actor: Actor, customer_id: UUID) -> Opened:
    profile = customers.read_profile(session, actor, customer_id)
    one = profile.customer
    texts: Mapping[str, str] = {name: getattr(one, name) or "" for name in TEXTS if name != "phone"}
    return Opened(
        name=name_of(one),
        draft=Draft(phone=display_phone(one.phone, home_region(session, actor)), **texts),
        groups=_ticks(session, actor, {group.id for group in profile.groups}),
        attributes=[
            Attribute(key, field_label(key), str(value))
            for key, value in sorted(one.attributes.items())
        ],
        is_active=one.status == CustomerStatus.ACTIVE,
    )


def _ticks(session: Session, actor: Actor, chosen: set[UUID]) -> list[GroupTick]:
    return [
        GroupTick(str(one.group.id), one.group.name, one.group.color, one.group.id in chosen)
        for one in groups.list_groups(session, actor)
    ]


def _save(
    session: Session,
    actor: Actor,
    editing: str,
    texts: dict[str, str],
    attributes: dict[str, str],
    group_ids: list[str],
    is_active: bool,
    is_agreed: bool,
) -> str:
    """The name of the customer who was added or changed."""
    chosen = [UUID(one) for one in group_ids]
    status = CustomerStatus.ACTIVE if is_active else CustomerStatus.INACTIVE
    if editing:
        before = customers.get_customer(session, actor, UUID(editing)).attributes
        kept = {
            key: before[key] if str(before.get(key)) == value else value
            for key, value in attributes.items()
        }
        saved = customers.update_customer(
            session,
            actor,
            UUID(editing),
            group_ids=chosen,
            status=status,
            attributes=kept,
            **texts,
        )
    else:
        saved = customers.create_customer(session, actor, group_ids=chosen, status=status, **texts)
        if is_agreed:
            consent.record_opt_in(
                session, actor, saved.phone, wording="Agreed, as recorded when added"
            )
    return name_of(saved)
