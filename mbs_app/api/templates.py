"""Templates over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Reading, Writing
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.vocabulary import TemplateCategory
from mbs_app.models import CampaignTemplate
from mbs_app.services import templates

router = APIRouter(prefix="/api/templates", tags=["Templates"])

Name = Annotated[str, Field(max_length=200, examples=["Double points weekend"])]
Body = Annotated[
    str,
    Field(
        max_length=4000,
        examples=["Hi {first_name|there}, points count twice. Reply STOP to opt out"],
    ),
]


class TemplateIn(BaseModel):
    name: Name
    message_body: Body
    category: TemplateCategory = TemplateCategory.GENERAL


class TemplateChange(BaseModel):
    """What is left out stays as it is."""

    name: Name | None = None
    message_body: Body | None = None
    category: TemplateCategory | None = None


class TemplateOut(BaseModel):
    id: UUID
    name: str
    message_body: str
    category: TemplateCategory
    is_default: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, template: CampaignTemplate) -> TemplateOut:
        return cls.model_validate(template, from_attributes=True)


@router.get("", summary="List templates")
def list_templates(
    actor: Reading, paging: Page, category: TemplateCategory | None = None
) -> ListPage[TemplateOut]:
    with db.transaction(actor, read_only=True) as session:
        found = templates.list_templates(session, actor, category=category)
    return paging.slice(found, TemplateOut.of, lambda template: template.id)


@router.post("", status_code=201, summary="Create a template")
def create_template(form: TemplateIn, actor: Writing) -> TemplateOut:
    with db.transaction(actor) as session:
        return TemplateOut.of(templates.create_template(session, actor, **form.model_dump()))


@router.put("/{template_id}", summary="Change a template")
def change_template(template_id: UUID, form: TemplateChange, actor: Writing) -> TemplateOut:
    with db.transaction(actor) as session:
        changed = templates.update_template(
            session, actor, template_id, **form.model_dump(exclude_unset=True)
        )
        return TemplateOut.of(changed)


@router.delete("/{template_id}", status_code=204, summary="Delete a template")
def delete_template(template_id: UUID, actor: Writing) -> None:
    with db.transaction(actor) as session:
        templates.delete_template(session, actor, template_id)
