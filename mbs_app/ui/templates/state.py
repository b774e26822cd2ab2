"""What the page of templates does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.segments import measure
from mbs_app.domain.vocabulary import TemplateCategory
from mbs_app.models import CampaignTemplate
from mbs_app.queries import customers as customer_queries
from mbs_app.services import campaigns, templates
from mbs_app.services.lookup import owner_of
from mbs_app.services.templates import Sample
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.phone import TextPart, parts_of
from mbs_app.ui.components.toast import notify
from mbs_app.ui.named_list import NamedList

CATEGORIES = [(one.value, one.value.capitalize()) for one in TemplateCategory]
_WORDS = dict(CATEGORIES)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    id: str
    name: str
    body: str
    category: str
    category_words: str
    size: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Sight:
    templates: list[CampaignTemplate]
    sample: Sample
    attributes: list[str]


def look(session: Session, actor: Actor) -> Sight:
    return Sight(
        templates.list_templates(session, actor),
        templates.sample_customer(session, actor),
        customer_queries.attribute_keys(session, owner_of(actor)),
    )


class TemplatesState(NamedList, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN
    noun: ClassVar[str] = "template"

    rows: list[TemplateLine] = []
    shown: list[TemplateLine] = []
    category: str = ""
    fields: list[str] = []

    name: str = ""
    body: str = ""
    kind: str = TemplateCategory.GENERAL.value
    is_default: bool = False
    parts: list[TextPart] = []
    shown_for: str = ""
    size_words: str = ""
    warnings: list[str] = []

    _sample: tuple[str, dict[str, str]] = ("", {})
    _deleted: dict[str, Any] = {}

    @rx.event
    async def load(self) -> None:
        self.form_open, self.problem, self.field_problems = False, "", {}
        await self._look()

    @rx.event
    async def choose_category(self, category: str) -> None:
        self.category = category if category in _WORDS else ""
        self._narrow()

    @rx.event
    async def add(self) -> None:
        self._open("", "", "", self.category or TemplateCategory.GENERAL.value, is_default=False)

    @rx.event
    async def edit(self, template_id: str) -> None:
        if row := self._row(template_id):
            self._open(row.id, row.name, row.body, row.category, is_default=row.is_default)

    @rx.event
    async def write_name(self, name: str) -> None:
        self.name = name[:200]

    @rx.event
    async def write_body(self, body: str) -> None:
        self.body = body[:4000]
        self.field_problems = {
            key: words for key, words in self.field_problems.items() if key != "message_body"
        }
        self._draw()

    @rx.event
    async def choose_kind(self, kind: str) -> None:
        self.kind = kind if kind in _WORDS else TemplateCategory.GENERAL.value
        self._draw()

    @rx.event
    async def set_default(self, ticked: bool) -> None:
        self.is_default = ticked

    @rx.event
    async def save(self) -> AsyncIterator[Any]:
        if self.is_saving:
            return
        self.is_saving = True
        yield
        values: dict[str, Any] = {
            "name": self.name,
            "message_body": self.body,
            "category": self.kind,
            "is_default": self.is_default,
        }
        if await self._save(templates.create_template, templates.update_template, values):
            await self._look()
            yield notify(f"“{' '.join(self.name.split())}” saved")

    @rx.event
    async def duplicate(self, template_id: str) -> AsyncIterator[Any]:
        name = await self._run(_duplicate, as_id(template_id, self.noun))
        await self._look()
        yield notify(f"“{name}” made")

    @rx.event
    async def make_default(self, template_id: str, is_default: bool) -> None:
        await self._run(
            templates.update_template, as_id(template_id, self.noun), is_default=is_default
        )
        await self._look()

    @rx.event
    async def delete(self, template_id: str) -> AsyncIterator[Any]:
        """Gone at once, and back with Undo."""
        row = self._row(template_id)
        if row is None:
            return
        await self._run(templates.delete_template, as_id(template_id, self.noun))
        self._deleted = {
            "name": row.name,
            "message_body": row.body,
            "category": row.category,
            "is_default": row.is_default,
        }
        self.form_open = False
        await self._look()
        yield notify(f"“{row.name}” deleted", undo=TemplatesState.undo_delete)

    @rx.event
    async def undo_delete(self) -> None:
        values, self._deleted = self._deleted, {}
        if values:
            await self._run(templates.create_template, **values)
            await self._look()

    @rx.event
    async def use(self, template_id: str) -> Any:
        """Start a campaign with this text."""
        draft_id = await self._run(_start_draft, as_id(template_id, self.noun))
        return rx.redirect(f"/campaigns/{draft_id}/edit")

    async def _look(self) -> None:
        sight = await self._read(look)
        self.fields = [*merge.STANDARD_FIELDS, *sight.attributes]
        self._sample = (sight.sample.name, dict(sight.sample.values))
        self.rows = [self._line(one) for one in sight.templates]
        self._narrow()
        self.is_loaded = True

    def _line(self, one: CampaignTemplate) -> TemplateLine:
        filled = merge.parse(one.message_body).render(self._sample[1]).text
        return TemplateLine(
            id=str(one.id),
            name=one.name,
            body=one.message_body,
            category=one.category,
            category_words=_WORDS.get(one.category, ""),
            size=_size_words(filled),
            is_default=one.is_default,
        )

    def _narrow(self) -> None:
        self.shown = [
            row
            for row in self.rows
            if (not self.category or row.category == self.category)
            and self._matches(row.name, row.body)
        ]

    def _open(self, key: str, name: str, body: str, kind: str, *, is_default: bool) -> None:
        self.name, self.body, self.kind, self.is_default = name, body, kind, is_default
        self._draw()
        self._open_form(key)

    def _draw(self) -> None:
        """The preview, from what is in hand: no look at the database for each key."""
        shown = templates.render_preview(
            self.body, Sample(*self._sample), self.fields, category=self.kind
        )
        self.parts = parts_of(shown.text, shown.filled)
        self.shown_for = shown.shown_for
        self.size_words = _size_words(shown.text)
        self.warnings = [*shown.problems, *shown.warnings] if self.body.strip() else []


def _size_words(text: str) -> str:
    """ "128 characters, 1 segment", and the letters that make a text dear."""
    size = measure(text)
    count = "1 segment" if size.segments == 1 else f"{size.segments} segments"
    why = f", because of {' '.join(size.unicode_letters[:3])}" if size.unicode_letters else ""
    return f"{size.characters:,} characters, {count}{why}"


def _duplicate(session: Session, actor: Actor, template_id: UUID) -> str:
    return templates.duplicate_template(session, actor, template_id).name


def _start_draft(session: Session, actor: Actor, template_id: UUID) -> str:
    return str(campaigns.create_draft(session, actor, template_id=template_id).id)
