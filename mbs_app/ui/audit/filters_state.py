"""The part of the page's state that says what the list is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from mbs_app.services import audit
from mbs_app.services.audit import AuditFilter
from mbs_app.ui.audit import narrowing
from mbs_app.ui.audit.narrowing import GROUPS, RANGES, Choice


class Narrowed(rx.State, mixin=True):
    """A mixin. The chips say ``…_words``; the list is read anew with each change."""

    search: str = ""
    person_id: str = ""
    person_words: str = ""
    subject_id: str = ""
    subject_words: str = ""
    group: str = ""
    group_words: str = ""
    days: str = ""
    first_day: str = ""
    last_day: str = ""
    days_words: str = ""
    address: str = ""
    address_problem: str = ""
    is_narrowed: bool = False
    filters_open: bool = False

    # Who can be chosen, as far as the search for people has narrowed it.
    people: list[Choice] = []
    people_search: str = ""

    _zone: str = "UTC"

    @rx.event
    async def choose_person(self, user_id: str) -> None:
        """Only what this person did."""
        self.person_id = narrowing.as_id(user_id)
        await self._look_at_people()

    @rx.event
    async def choose_subject(self, subject_id: str, words: str) -> None:
        """Only what was done to this person or thing, which is called ``words``."""
        self.subject_id, self.subject_words = subject_id[:64], words[:120]
        await self._look_at_people()

    @rx.event
    async def choose_group(self, group: str) -> None:
        self.group = group if group in GROUPS and group != self.group else ""
        await self._narrowed()

    @rx.event
    async def choose_days(self, days: str) -> None:
        self.days = days if days in RANGES else ""
        if self.days != "between":
            self.first_day = self.last_day = ""
        await self._narrowed()

    @rx.event
    async def choose_first_day(self, day: str) -> None:
        self.days, self.first_day = "between", day[:10]
        await self._narrowed()

    @rx.event
    async def choose_last_day(self, day: str) -> None:
        self.days, self.last_day = "between", day[:10]
        await self._narrowed()

    @rx.event
    async def choose_address(self, address: str) -> None:
        """Only what came from this IP address; nothing takes the filter away."""
        self.address_problem = ""
        wanted = narrowing.as_address(address)
        if address.strip() and not wanted:
            self.address_problem = "Enter an address such as 203.0.113.7."
            return
        self.address = wanted
        await self._narrowed()

    @rx.event
    async def clear(self) -> None:
        self._forget()
        await self._narrowed()

    @rx.event
    async def find_people(self, words: str) -> None:
        self.people_search = words[:80]
        await self._list_people()

    @rx.event
    async def open_people(self, is_open: bool) -> None:
        """The list of people starts anew each time it is opened."""
        if is_open:
            self.people_search = ""
            await self._list_people()

    @rx.event
    async def open_filters(self) -> None:
        self.filters_open, self.people_search = True, ""
        await self._list_people()

    @rx.event
    async def close_filters(self) -> None:
        self.filters_open = False

    def _forget(self) -> None:
        self.search = self.person_id = self.subject_id = self.subject_words = ""
        self.group = self.days = self.first_day = self.last_day = ""
        self.address = self.address_problem = ""

    async def _narrow_as_asked(self, query: Mapping[str, Any]) -> None:
        """Narrow as a link asks; one that asks for nothing leaves all as it stands."""
        asked = narrowing.asked_for(query)
        if any(asked.values()):
            self._forget()
            self.person_id, self.subject_id = asked["person"], asked["subject"]
            self.group, self.address = asked["group"], asked["address"]
            self.subject_words = await self._read_as_admin(audit.name_of, self.subject_id)
            await self._note_look()
        await self._say()

    async def _list_people(self) -> None:
        found = await self._read_as_admin(audit.find_people, self.people_search)
        self.people = [Choice(str(one.id), one.name, one.email) for one in found]

    async def _look_at_people(self) -> None:
        await self._note_look()
        await self._narrowed()

    async def _note_look(self) -> None:
        """An admin who looks up one person leaves an entry in the log."""
        filter_: AuditFilter = self._filter()
        if filter_.is_about_somebody:
            await self._run_as_admin(audit.note_look, filter_)

    async def _narrowed(self) -> None:
        await self._say()
        await self._start_over()

    async def _say(self) -> None:
        """The words of the chips."""
        if not self.person_id:
            self.person_words = ""
        else:
            name = await self._read_as_admin(audit.name_of, self.person_id)
            self.person_words = name or "somebody who is gone"
        if self.subject_id and not self.subject_words:
            self.subject_words = "one thing"
        self.group_words = GROUPS.get(self.group, "")
        self.days_words = narrowing.range_words(self.days, self.first_day, self.last_day)
        self.is_narrowed = any(
            (self.person_id, self.subject_id, self.group, self.days_words, self.address)
        )
