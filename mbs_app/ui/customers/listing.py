"""The list itself: what is asked for, and the page of it that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import STATE_WORDS, ConsentState
from mbs_app.domain.usa import state_name
from mbs_app.domain.vocabulary import CustomerStatus
from mbs_app.services import accounts, customers, groups
from mbs_app.services.customers import CustomerFilter, CustomerPage, Sort
from mbs_app.services.groups import GroupSummary
from mbs_app.ui.customers.rows import CustomerLine, line_of, listed

SIZE = 50
STATUS_WORDS = {CustomerStatus.ACTIVE.value: "Active", CustomerStatus.INACTIVE.value: "Inactive"}
CONSENT_WORDS = {state.value: words for state, words in STATE_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a filter can have."""

    key: str
    words: str
    color: str
    people: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at the database brings."""

    page: CustomerPage
    groups: list[GroupSummary]
    states: list[tuple[str, int]]
    zone: str
    region: str


def look(
    session: Session,
    actor: Actor,
    chosen: CustomerFilter,
    sort: Sort,
    descending: bool,
    page: int,
) -> Sight:
    user = accounts.my_profile(session, actor)
    return Sight(
        customers.list_customers(
            session, actor, chosen, sort=sort, descending=descending, page=page, size=SIZE
        ),
        groups.list_groups(session, actor),
        customers.list_states(session, actor),
        user.time_zone,
        user.default_region,
    )


class Listing(rx.State, mixin=True):
    is_loaded: bool = False
    rows: list[CustomerLine] = []
    matching: int = 0
    everyone: int = 0
    first: int = 0
    last: int = 0
    page: int = 1
    pages: int = 1

    search: str = ""
    status: str = ""
    status_words: str = ""
    consent: str = ""
    consent_words: str = ""
    states_words: str = ""
    groups_words: str = ""
    group_choices: list[Choice] = []
    state_choices: list[Choice] = []
    is_filtered: bool = False
    shows_one_group: bool = False
    filters_open: bool = False
    export_url: str = ""

    sort: str = Sort.NAME.value
    descending: bool = False

    _chosen_states: list[str] = []
    _chosen_groups: list[str] = []
    _asked: int = 0

    @rx.event
    async def load(self) -> None:
        """Open the list; ``?group=`` and ``?state=`` of the address set a filter."""
        asked = self.router.url.query_parameters
        if group := asked.get("group"):
            self._forget_filters()
            self._chosen_groups = [group]
        if state := asked.get("state"):
            self._forget_filters()
            self._chosen_states = [state]
        self._choose_nobody()
        self.problem = ""
        await self._look()

    @rx.event
    async def refresh(self) -> None:
        await self._look()

    @rx.event
    async def search_for(self, text: str) -> None:
        self.search = text[:100]
        await self._start_over()

    @rx.event
    async def sort_by(self, key: str) -> None:
        """A column's first press sorts it, the next turns it round; days start with the newest."""
        wanted = _sort(key)
        if self.sort == wanted:
            self.descending = not self.descending
        else:
            self.sort = wanted.value
            self.descending = wanted in (Sort.ADDED, Sort.LAST_TEXT)
        self.page = 1
        await self._look()

    @rx.event
    async def sort_like(self, choice: str) -> None:
        """The phone's one list of sorts: "name", "added-down"."""
        key, _, down = choice.partition("-")
        self.sort = _sort(key).value
        self.descending = bool(down)
        self.page = 1
        await self._look()

    @rx.event
    async def next_page(self) -> None:
        await self._turn_to(self.page + 1)

    @rx.event
    async def previous_page(self) -> None:
        await self._turn_to(self.page - 1)

    @rx.event
    async def go_to_page(self, page: str) -> None:
        digits = "".join(letter for letter in page if letter in "0123456789")[:7]
        await self._turn_to(int(digits or self.page))

    @rx.event
    async def choose_status(self, status: str) -> None:
        self.status = status if status in STATUS_WORDS and status != self.status else ""
        await self._start_over()

    @rx.event
    async def choose_consent(self, consent: str) -> None:
        self.consent = consent if consent in CONSENT_WORDS and consent != self.consent else ""
        await self._start_over()

    @rx.event
    async def choose_state(self, code: str, chosen: bool) -> None:
        kept = [state for state in self._chosen_states if state != code]
        self._chosen_states = [*kept, code[:60]] if chosen else kept
        await self._start_over()

    @rx.event
    async def choose_group(self, group_id: str, chosen: bool) -> None:
        kept = [group for group in self._chosen_groups if group != group_id]
        self._chosen_groups = [*kept, group_id] if chosen else kept
        await self._start_over()

    @rx.event
    async def clear_states(self) -> None:
        self._chosen_states = []
        await self._start_over()

    @rx.event
    async def clear_groups(self) -> None:
        self._chosen_groups = []
        await self._start_over()

    @rx.event
    async def clear_filters(self) -> None:
        self._forget_filters()
        await self._start_over()

    @rx.event
    async def open_filters(self) -> None:
        self.filters_open = True

    @rx.event
    async def close_filters(self) -> None:
        self.filters_open = False

    async def _turn_to(self, page: int) -> None:
        self.page = max(1, min(page, self.pages))
        await self._look()

    async def _start_over(self) -> None:
        self.page = 1
        self._choose_nobody()
        await self._look()

    def _forget_filters(self) -> None:
        self.search, self.status, self.consent = "", "", ""
        self._chosen_states, self._chosen_groups = [], []

    def _filter(self) -> CustomerFilter:
        return CustomerFilter(
            search=self.search,
            status=self.status or None,
            states=tuple(self._chosen_states),
            group_ids=tuple(_uuids(self._chosen_groups)),
            consent=ConsentState(self.consent) if self.consent else None,
        )

    async def _look(self) -> None:
        """Read the page that is asked for. An answer that a later question overtook is dropped."""
        self._asked += 1
        mine = self._asked
        sight = await self._read(look, self._filter(), Sort(self.sort), self.descending, self.page)
        if mine == self._asked:
            self._show(sight)

    def _show(self, sight: Sight) -> None:
        page = sight.page
        self.rows = [line_of(row, sight.zone, sight.region) for row in page.rows]
        self.matching, self.everyone = page.matching, page.everyone
        self.first, self.last = page.first, page.last
        self.page, self.pages = page.page, page.pages
        known = {str(one.group.id) for one in sight.groups}
        self._chosen_groups = [group for group in self._chosen_groups if group in known]
        self.group_choices = [
            Choice(
                str(one.group.id),
                one.group.name,
                one.group.color,
                one.members,
                str(one.group.id) in self._chosen_groups,
            )
            for one in sight.groups
        ]
        self.state_choices = [
            Choice(code, state_name(code), "", people, code in self._chosen_states)
            for code, people in sight.states
        ]
        self._say_filters()
        self.is_loaded = True

    def _say_filters(self) -> None:
        self.status_words = STATUS_WORDS.get(self.status, "")
        self.consent_words = CONSENT_WORDS.get(self.consent, "")
        self.states_words = listed(self._chosen_states)
        self.groups_words = listed([one.words for one in self.group_choices if one.chosen])
        chosen = self._filter()
        self.is_filtered = not replace(chosen, search="").is_empty
        self.shows_one_group = len(self._chosen_groups) == 1
        self.export_url = export_address(chosen)


def export_address(chosen: CustomerFilter, ids: Sequence[str] = ()) -> str:
    """Where the CSV of these customers is."""
    asked: list[tuple[str, Any]] = [("id", one) for one in ids]
    if not ids:
        asked += [("search", chosen.search), ("status", chosen.status or "")]
        asked += [("state", state) for state in chosen.states]
        asked += [("group_id", group) for group in chosen.group_ids]
        asked += [("consent", chosen.consent.value if chosen.consent else "")]
    query = urlencode([(key, str(value)) for key, value in asked if value])
    return f"/api/customers/export.csv?{query}" if query else "/api/customers/export.csv"


def _uuids(given: Sequence[str]) -> list[UUID]:
    found = []
    for one in given:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


def _sort(key: str) -> Sort:
    try:
        return Sort(key)
    except ValueError:
        return Sort.NAME
