"""Groups and their members over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Reading, Writing
from mbs_app.api.customers import CustomerOut
from mbs_app.api.paging import ListPage, Page
from mbs_app.services import customers, groups
from mbs_app.services.customers import CustomerFilter
from mbs_app.services.groups import GroupSummary

router = APIRouter(prefix="/api/groups", tags=["Groups"])

Name = Annotated[str, Field(max_length=200, examples=["Loyalty"])]
Color = Annotated[str, Field(max_length=20, examples=["teal"])]
About = Annotated[str, Field(max_length=500)]


class GroupIn(BaseModel):
    name: Name
    color: Color | None = None
    description: About = ""


class GroupChange(BaseModel):
    """What is left out stays as it is."""

    name: Name | None = None
    color: Color | None = None
    description: About | None = None


class GroupOut(BaseModel):
    id: UUID
    name: str
    color: str
    description: str
    members: int
    created_at: datetime

    @classmethod
    def of(cls, summary: GroupSummary) -> GroupOut:
        own = summary.group.model_dump(include=set(cls.model_fields))
        return cls(**own, members=summary.members)


class Members(BaseModel):
    customer_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class Changed(BaseModel):
    """Those for whom something changed; the others were in that state already."""

    customer_ids: list[UUID]


@router.get("", summary="List groups")
def list_groups(actor: Reading, paging: Page) -> ListPage[GroupOut]:
    with db.transaction(actor, read_only=True) as session:
        found = groups.list_groups(session, actor)
    return paging.slice(found, GroupOut.of, lambda summary: summary.group.id)


@router.post("", status_code=201, summary="Create a group")
def create_group(form: GroupIn, actor: Writing) -> GroupOut:
    with db.transaction(actor) as session:
        made = groups.create_group(session, actor, **form.model_dump())
        return GroupOut.of(GroupSummary(made, 0))


@router.put("/{group_id}", summary="Change a group")
def change_group(group_id: UUID, form: GroupChange, actor: Writing) -> GroupOut:
    with db.transaction(actor) as session:
        changed = groups.update_group(
            session, actor, group_id, **form.model_dump(exclude_unset=True)
        )
        return GroupOut.of(GroupSummary(changed, groups.count_members(session, actor, group_id)))


@router.delete("/{group_id}", status_code=204, summary="Delete a group")
def delete_group(group_id: UUID, actor: Writing) -> None:
    """Its members stay customers."""
    with db.transaction(actor) as session:
        groups.delete_group(session, actor, group_id)


@router.get("/{group_id}/members", summary="List a group’s members")
def list_members(group_id: UUID, actor: Reading, paging: Page) -> ListPage[CustomerOut]:
    with db.transaction(actor, read_only=True) as session:
        groups.get_group(session, actor, group_id)
        found = customers.customers_after(
            session,
            actor,
            CustomerFilter(group_ids=(group_id,)),
            after=paging.after,
            limit=paging.limit,
        )
    return paging.page(found, CustomerOut.of, lambda row: row.customer.id)


@router.post("/{group_id}/members", summary="Add customers to a group")
def add_members(group_id: UUID, form: Members, actor: Writing) -> Changed:
    with db.transaction(actor) as session:
        added = groups.add_members(session, actor, group_id, form.customer_ids)
    return Changed(customer_ids=added)


@router.delete("/{group_id}/members/{customer_id}", status_code=204, summary="Take one out")
def remove_member(group_id: UUID, customer_id: UUID, actor: Writing) -> None:
    with db.transaction(actor) as session:
        groups.remove_members(session, actor, group_id, [customer_id])
