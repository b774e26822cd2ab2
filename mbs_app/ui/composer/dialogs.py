"""What opens over the composer: a test to oneself, templates, renaming, deleting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.phones import display_phone
from mbs_app.services import accounts, campaigns, templates
from mbs_app.ui.components.toast import notify

DIALOGS = ("test", "templates", "rename", "delete")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: str
    name: str
    category: str
    text: str


class Dialogs(rx.State, mixin=True):
    dialog: str = ""
    own_phone: str = ""
    is_sending_test: bool = False
    template_rows: list[TemplateRow] = []
    template_search: str = ""

    @rx.event
    async def open_dialog(self, which: str) -> None:
        if which not in DIALOGS:
            return
        self.problem, self.field_problems = "", dict[str, str]()
        if which == "templates":
            await self._list_templates("")
        if which == "test" and not self.own_phone:
            profile = await self._read(accounts.my_profile)
            self.own_phone = display_phone(profile.phone, self._region) if profile.phone else ""
        self.dialog = which

    @rx.event
    async def close_dialog(self) -> None:
        self.dialog, self.problem, self.field_problems = "", "", {}

    @rx.event
    async def search_templates(self, search: str) -> None:
        await self._list_templates(search[:100])

    @rx.event
    async def use_template(self, template_id: UUID) -> Any:
        """Put a template's text in place of what is there; Undo puts that back."""
        template = await self._read(templates.get_template, template_id)
        self._before = (self.name, self.body)
        self.dialog = ""
        self._name_untitled(template.name)
        events = await self._set_body(template.message_body)
        undo = self.__class__.undo_text if self._before[1].strip() else None
        return [notify(f"Text taken from “{template.name}”", undo=undo), *events]

    @rx.event
    async def send_test(self, form: dict[str, Any]) -> Any:
        """Text oneself what the shown person would get. The number is kept for the next time."""
        if self.dialog != "test":
            return  # the second press of two: the first has sent it and closed the dialog
        phone = str(form.get("phone", ""))[:60]
        person = UUID(self.drawing.person_id) if self.drawing.person_id else None
        self.is_sending_test = True
        yield
        sent_to = ""
        with self._showing_problems():
            sent_to = await self._run(
                _send_test,
                campaign_id=self._own_id(),
                phone=phone,
                body=self.body,
                customer_id=person,
            )
            self.own_phone = display_phone(sent_to, self._region)
            self.dialog = ""
        self.is_sending_test = False
        if "message_body" in self.field_problems:
            self.problem = self.field_problems["message_body"]
        if sent_to:
            yield notify(f"Test on its way to {self.own_phone}")

    @rx.event
    async def duplicate(self) -> Any:
        copy = await self._run(campaigns.duplicate_campaign, self._own_id())
        return [
            notify(f"This is the copy of “{self.name}”"),
            rx.redirect(f"/campaigns/{copy.id}/edit"),
        ]

    @rx.event
    async def delete(self) -> Any:
        with self._showing_problems():
            name = await self._run(campaigns.delete_campaign, self._own_id())
            self.dialog = ""
            return [notify(f"“{name}” deleted"), rx.redirect("/campaigns")]

    async def _list_templates(self, search: str) -> None:
        self.template_search = search
        found = await self._read(templates.list_templates, search=search)
        self.template_rows = [
            TemplateRow(str(one.id), one.name, one.category.capitalize(), one.message_body)
            for one in found[:50]
        ]


def _send_test(
    session: Session,
    actor: Actor,
    *,
    campaign_id: UUID,
    phone: str,
    body: str,
    customer_id: UUID | None,
) -> str:
    """Keep the number in the profile and send to it; it is returned as E.164."""
    profile = accounts.change_profile(session, actor, phone=phone)
    if not profile.phone:
        raise InvalidInput(phone="Enter your mobile number, such as (512) 555-0142.")
    launch.send_test(
        session,
        actor,
        phone=profile.phone,
        campaign_id=campaign_id,
        body=body,
        customer_id=customer_id,
    )
    return profile.phone
