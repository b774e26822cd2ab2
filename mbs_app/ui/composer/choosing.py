"""The audience: everyone, groups and states, or people picked one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx

from mbs_app.domain.phones import display_phone
from mbs_app.services import audiences
from mbs_app.services.audiences import CustomerChoice, GroupChoice, Reach, StateChoice

MODES = ("all", "rules", "selection")
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class GroupRow:
    id: str
    name: str
    color: str
    people: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class StateRow:
    code: str
    words: str
    people: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    name: str
    phone: str
    chosen: bool = False


class Choosing(rx.State, mixin=True):
    mode: str = "all"
    groups: list[GroupRow] = []
    states: list[StateRow] = []
    groups_words: str = ""
    states_words: str = ""

    person_search: str = ""
    found: list[PersonRow] = []
    picked: list[PersonRow] = []
    picked_total: int = 0

    matching: int = 0
    will_get: int = 0
    left_out_words: str = ""
    is_counting: bool = False

    _picked_ids: list[str] = []

    @rx.event
    async def choose_mode(self, mode: str) -> Any:
        if mode in MODES:
            self.mode = mode
            return self._audience_changed()
        return None

    @rx.event
    async def choose_group(self, group_id: str, chosen: bool) -> Any:
        self.groups = [
            replace(row, chosen=chosen) if row.id == group_id else row for row in self.groups
        ]
        return self._audience_changed()

    @rx.event
    async def choose_state(self, code: str, chosen: bool) -> Any:
        self.states = [
            replace(row, chosen=chosen) if row.code == code else row for row in self.states
        ]
        return self._audience_changed()

    @rx.event
    async def clear_groups(self) -> Any:
        self.groups = [replace(row, chosen=False) for row in self.groups]
        return self._audience_changed()

    @rx.event
    async def clear_states(self) -> Any:
        self.states = [replace(row, chosen=False) for row in self.states]
        return self._audience_changed()

    @rx.event
    async def find_people(self, search: str) -> None:
        self.person_search = search[:100]
        if not self.person_search.strip():
            self.found = []
            return
        found = await self._read(audiences.find_customers, self.person_search, region=self._region)
        self.found = [_person(one, chosen=str(one.id) in self._picked_ids) for one in found]

    @rx.event
    async def pick(self, person_id: str) -> Any:
        """Add or take away one of the people found."""
        person = next((row for row in self.found if row.id == person_id), None)
        if person is None:
            return None
        if person.id in self._picked_ids:
            return self._unpick(person.id)
        if len(self._picked_ids) >= audiences.MOST_SELECTED:
            return None
        self._picked_ids = [*self._picked_ids, person.id]
        self.picked = [*self.picked, person][:MOST_SHOWN]
        return self._picked_changed()

    @rx.event
    async def unpick(self, person_id: str) -> Any:
        return self._unpick(person_id)

    def _unpick(self, person_id: str) -> Any:
        self._picked_ids = [one for one in self._picked_ids if one != person_id]
        self.picked = [row for row in self.picked if row.id != person_id]
        return self._picked_changed()

    def _picked_changed(self) -> Any:
        self.picked_total = len(self._picked_ids)
        self.found = [replace(row, chosen=row.id in self._picked_ids) for row in self.found]
        return self._audience_changed()

    def _audience_changed(self) -> list[Any]:
        self._word_rules()
        return [self.__class__.autosave, self.__class__.recount]

    def _audience(self) -> dict[str, Any]:
        """As a campaign keeps it."""
        if self.mode == "rules":
            return {
                "mode": "rules",
                "group_ids": [row.id for row in self.groups if row.chosen],
                "states": [row.code for row in self.states if row.chosen],
            }
        if self.mode == "selection":
            return {"mode": "selection", "customer_ids": list(self._picked_ids)}
        return {"mode": "all"}

    def _show_audience(
        self,
        audience: Mapping[str, Any],
        groups: Sequence[GroupChoice],
        states: Sequence[StateChoice],
        picked: Sequence[CustomerChoice],
    ) -> None:
        """Set everything from a stored audience. A state nobody has any more stays listed while chosen."""
        mode = str(audience.get("mode", "all"))
        self.mode = mode if mode in MODES else "all"
        chosen_groups = {str(one) for one in audience.get("group_ids") or ()}
        chosen_states = [str(one) for one in audience.get("states") or ()]
        known = {state.code for state in states}
        gone = [StateChoice(code, code, 0) for code in chosen_states if code not in known]
        self.groups = [
            GroupRow(str(one.id), one.name, one.color, one.people, str(one.id) in chosen_groups)
            for one in groups
        ]
        self.states = [
            StateRow(one.code, one.name, one.people, one.code in chosen_states)
            for one in (*states, *gone)
        ]
        self._picked_ids = [str(one) for one in audience.get("customer_ids") or ()]
        self.picked_total = len(self._picked_ids)
        self.picked = [_person(one, chosen=True) for one in picked[:MOST_SHOWN]]
        self.person_search, self.found = "", []
        self._word_rules()

    def _show_reach(self, reach: Reach) -> None:
        self.matching, self.will_get = reach.matching, reach.will_get
        reasons = ", ".join(f"{one.people:,} {_lower(one.words)}" for one in reach.left_out)
        self.left_out_words = f"{reach.left_out_total:,} left out: {reasons}" if reasons else ""

    def _word_rules(self) -> None:
        self.groups_words = _listed([row.name for row in self.groups if row.chosen])
        self.states_words = _listed([row.code for row in self.states if row.chosen])


def picked_ids(audience: Mapping[str, Any]) -> list[UUID]:
    return [UUID(str(one)) for one in audience.get("customer_ids") or ()]


def _person(one: CustomerChoice, *, chosen: bool) -> PersonRow:
    phone = display_phone(one.phone)
    return PersonRow(str(one.id), one.name or phone, phone if one.name else one.city, chosen)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _listed(words: Sequence[str]) -> str:
    """ "Loyalty", "TX or OK", "TX, OK or TN", "TX, OK, TN or 3 more"."""
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
