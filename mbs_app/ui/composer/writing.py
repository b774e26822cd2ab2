"""The text: what is written, for whom it is shown, what it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx

from mbs_app import db
from mbs_app.domain import merge, plain_letters
from mbs_app.domain.money import format_money, format_price
from mbs_app.domain.opt_out_line import with_opt_out_line
from mbs_app.domain.phones import display_phone
from mbs_app.queries.recipients import Recipient
from mbs_app.services.campaigns import MergeField
from mbs_app.ui.components.toast import notify
from mbs_app.ui.composer import samples
from mbs_app.ui.composer.drawing import FALLBACKS, KINDS, Drawing, draw, with_fallback
from mbs_app.ui.session import current_actor

MOST_CHARACTERS = 4000
PEOPLE_TO_PICK = 40
BUTTONS = 4
"""Fields that have a button of their own; the rest are in a menu."""

NOTHING = draw("", (), known=())


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field to insert: its words, and what goes into the text."""

    words: str
    text: str


class Writing(rx.State, mixin=True):
    body: str = ""
    drawing: Drawing = NOTHING
    field_buttons: list[FieldChoice] = []
    more_fields: list[FieldChoice] = []
    known_fields: list[str] = []
    shown_kind: str = "typical"
    shown_people: list[list[str]] = []

    segments_words: str = ""
    each_words: str = ""
    cost_words: str = ""
    price_words: str = ""

    _shown_id: str = ""
    _before: tuple[str, str] = ("", "")  # name and text, for Undo
    _crowd_key: samples.Key | None = None

    @rx.event
    async def write(self, text: str) -> Any:
        """What the editor tells a moment after the last key."""
        return await self._set_body(text[:MOST_CHARACTERS])

    @rx.event
    async def add_opt_out_line(self) -> Any:
        return await self._set_body(with_opt_out_line(self.body))

    @rx.event
    async def use_plain_letters(self) -> Any:
        self._before = (self.name, self.body)
        events = await self._set_body(plain_letters.to_gsm7(self.body))
        return [notify("Letters replaced", undo=self.__class__.undo_text), *events]

    @rx.event
    async def add_fallback(self, field: str) -> Any:
        return await self._set_body(with_fallback(self.body, field))

    @rx.event
    async def undo_text(self) -> Any:
        """Back to the text before a template or plain letters took its place."""
        self.name, text = self._before
        return await self._set_body(text)

    @rx.event
    async def show_kind(self, kind: str) -> None:
        """Fill the preview in for the typical, shortest, longest text, or for somebody without a name."""
        if kind in KINDS:
            self.shown_kind = kind
            await self._redraw(self._people())

    @rx.event
    async def show_person(self, person_id: str) -> None:
        self.shown_kind, self._shown_id = "person", person_id[:40]
        await self._redraw(self._people())

    @rx.event
    async def show_next(self, step: int) -> None:
        """The next (1) or previous (-1) person of the sample."""
        ids = [pair[0] for pair in self.shown_people]
        if not ids:
            return
        here = ids.index(self.drawing.person_id) if self.drawing.person_id in ids else -1
        self.shown_kind, self._shown_id = "person", ids[(here + (1 if step > 0 else -1)) % len(ids)]
        await self._redraw(self._people())

    @rx.event(background=True)
    async def recount(self) -> None:
        """Count the audience anew and draw another sample of it, until nothing changed meanwhile."""
        actor = await current_actor()
        async with self:
            self.is_counting = True
        while True:
            audience, fields = self._audience(), self._fields()
            crowd = await db.in_reading(actor, samples.read, audience, fields)
            async with self:
                if (audience, fields) == (self._audience(), self._fields()):
                    await self._take_crowd(crowd, samples.key_of(actor.user_id, audience, fields))
                    self.is_counting = False
                    return

    async def _set_body(self, text: str) -> list[Any]:
        before = self._fields()
        self.body = text
        await self._redraw(self._people())
        events = [self.__class__.autosave]
        return [*events, self.__class__.recount] if self._fields() != before else events

    async def _take_crowd(self, crowd: samples.Crowd, key: samples.Key) -> None:
        self._crowd_key = key
        # A rare field may be missing among those offered, and yet be there.
        self.known_fields = list(dict.fromkeys((*self.known_fields, *crowd.known_fields)))
        self._show_reach(crowd.reach)
        self.shown_people = [
            [str(person.customer_id), _with_place(person)]
            for person in crowd.people[:PEOPLE_TO_PICK]
        ]
        await self._redraw(crowd.people)

    async def _redraw(self, people: tuple[Recipient, ...]) -> None:
        # Filling in several hundred texts takes milliseconds; other tabs' events need not wait for it.
        drawing = await asyncio.to_thread(
            draw,
            self.body,
            people,
            known=list(self.known_fields),
            kind=self.shown_kind,
            person_id=self._shown_id,
        )
        if drawing.person_id and all(pair[0] != drawing.person_id for pair in self.shown_people):
            words = ", ".join(part for part in (drawing.person_name, drawing.person_place) if part)
            self.shown_people = [[drawing.person_id, words], *self.shown_people][:PEOPLE_TO_PICK]
        self.drawing = drawing
        self._estimate()

    def _estimate(self) -> None:
        """The bottom bar's numbers, from the sample's mean; the check has them to the last segment."""
        drawing, people = self.drawing, self.will_get
        total = round(drawing.mean_segments * people)
        exact = drawing.fewest_segments == drawing.most_segments
        about = "" if exact else "about "
        noun = "segment" if total == 1 else "segments"
        self.segments_words = f"{about}{total:,} {noun}"
        if exact:
            self.each_words = f"{drawing.most_segments} each"
        else:
            self.each_words = f"{drawing.fewest_segments} to {drawing.most_segments} each"
        price = Decimal(self._price_micros()) / 1_000_000
        places = 0 if about and price * total >= 100 else 2
        self.cost_words = f"{about}{format_money(price * total, places=places)}"
        self.price_words = f"about {format_price(price * drawing.segments)}"
        self._show_when(total)

    def _people(self) -> tuple[Recipient, ...]:
        crowd = samples.recall(self._crowd_key) if self._crowd_key else None
        return crowd.people if crowd else ()

    def _fields(self) -> tuple[str, ...]:
        return merge.parse(self.body).fields

    def _offer_fields(self, fields: list[MergeField]) -> None:
        """Buttons for the first name and what this business's customers have; the rest in the menu."""
        order = ["first_name", *(field.name for field in fields if field.is_custom), "city"]
        by_name = {field.name: field for field in fields}
        first = [by_name[name] for name in order if name in by_name][:BUTTONS]
        self.known_fields = [field.name for field in fields]
        self.field_buttons = [_choice(field) for field in first]
        self.more_fields = [_choice(field) for field in fields if field not in first]


def _choice(field: MergeField) -> FieldChoice:
    fallback = f"|{FALLBACKS[field.name]}" if field.name in FALLBACKS else ""
    return FieldChoice(field.label, f"{{{field.name}{fallback}}}")


def _with_place(person: Recipient) -> str:
    name = person.name or display_phone(person.phone)
    return ", ".join(part for part in (name, person.city, person.state) if part)
