"""Customers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Reading, Writing
from mbs_app.api.downloads import csv_answer
from mbs_app.api.paging import ListPage, Page
from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.vocabulary import CustomerStatus
from mbs_app.services import customers
from mbs_app.services.customers import CustomerFilter, CustomerRow, Selection

router = APIRouter(prefix="/api/customers", tags=["Customers"])

Short = Annotated[str, Field(max_length=400)]
Phone = Annotated[
    str, Field(max_length=60, description="In any usual writing.", examples=["(512) 555-0178"])
]
Attributes = Annotated[
    dict[str, Any], Field(description="Your own fields, by name.", examples=[{"points": "940"}])
]


class CustomerIn(BaseModel):
    phone: Phone
    first_name: Short = ""
    last_name: Short = ""
    email: Short = ""
    city: Short = ""
    state: Short = ""
    status: CustomerStatus = CustomerStatus.ACTIVE
    notes: Annotated[str, Field(max_length=5000)] = ""
    time_zone: Annotated[str | None, Field(max_length=64, examples=["America/Chicago"])] = None
    attributes: Attributes = {}
    group_ids: list[UUID] = []


class CustomerChange(BaseModel):
    """What is left out stays as it is. Attributes that are given replace all there were; groups too."""

    phone: Phone | None = None
    first_name: Short | None = None
    last_name: Short | None = None
    email: Short | None = None
    city: Short | None = None
    state: Short | None = None
    status: CustomerStatus | None = None
    notes: Annotated[str | None, Field(max_length=5000)] = None
    time_zone: Annotated[str | None, Field(max_length=64)] = None
    attributes: Attributes | None = None
    group_ids: list[UUID] | None = None


class CustomerOut(BaseModel):
    id: UUID
    phone: str
    first_name: str
    last_name: str
    email: str
    city: str
    state: str
    status: CustomerStatus
    notes: str
    time_zone: str | None
    attributes: dict[str, Any]
    group_ids: list[UUID]
    consent: ConsentState
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: CustomerRow) -> CustomerOut:
        own = row.customer.model_dump(include=set(cls.model_fields))
        return cls(**own, group_ids=[group.id for group in row.groups], consent=row.consent)


@router.get("", summary="List customers")
def list_customers(
    actor: Reading,
    paging: Page,
    search: Annotated[str, Query(max_length=100, description="Name, number or email.")] = "",
    status: CustomerStatus | None = None,
    state: Annotated[list[str] | None, Query(description="Any of these states.")] = None,
    group_id: Annotated[list[UUID] | None, Query(description="In any of these groups.")] = None,
    consent: ConsentState | None = None,
) -> ListPage[CustomerOut]:
    """In the order in which they were added."""
    chosen = CustomerFilter(
        search=search,
        status=status,
        states=tuple(state or ()),
        group_ids=tuple(group_id or ()),
        consent=consent,
    )
    with db.transaction(actor, read_only=True) as session:
        found = customers.customers_after(
            session, actor, chosen, after=paging.after, limit=paging.limit
        )
    return paging.page(found, CustomerOut.of, lambda row: row.customer.id)


@router.get("/export.csv", summary="Export customers as CSV")
def export(
    actor: Reading,
    search: Annotated[str, Query(max_length=100)] = "",
    status: CustomerStatus | None = None,
    state: Annotated[list[str] | None, Query()] = None,
    group_id: Annotated[list[UUID] | None, Query()] = None,
    consent: ConsentState | None = None,
    id: Annotated[list[UUID] | None, Query(description="Only these customers.")] = None,
) -> StreamingResponse:
    """Those that match, as in the list; all of them without a filter."""
    chosen = CustomerFilter(search, status, tuple(state or ()), tuple(group_id or ()), consent)
    selection = Selection(ids=tuple(id)) if id else Selection(matching=chosen)
    with db.transaction(actor) as session:
        customers.note_export(session, actor, selection)
        export = customers.begin_export(session, actor, selection)
    return csv_answer(
        actor,
        lambda session, actor, after: customers.export_piece(session, actor, export, after=after),
        "customers.csv",
    )


@router.post("", status_code=201, summary="Add a customer")
def create_customer(form: CustomerIn, actor: Writing) -> CustomerOut:
    """A number belongs to one customer only: a second one with it is refused (409)."""
    with db.transaction(actor) as session:
        made = customers.create_customer(session, actor, **form.model_dump(), source="api")
        return _read(session, actor, made.id)


@router.get("/{customer_id}", summary="Read a customer")
def read_customer(customer_id: UUID, actor: Reading) -> CustomerOut:
    with db.transaction(actor, read_only=True) as session:
        return _read(session, actor, customer_id)


@router.put("/{customer_id}", summary="Change a customer")
def change_customer(customer_id: UUID, form: CustomerChange, actor: Writing) -> CustomerOut:
    with db.transaction(actor) as session:
        customers.update_customer(
            session, actor, customer_id, **form.model_dump(exclude_unset=True)
        )
        return _read(session, actor, customer_id)


@router.delete("/{customer_id}", status_code=204, summary="Delete a customer")
def delete_customer(customer_id: UUID, actor: Writing) -> None:
    """What was sent to them stays in the books, and an opt-out stays in force for the number."""
    with db.transaction(actor) as session:
        customers.delete_customer(session, actor, customer_id)


def _read(session: Any, actor: Actor, customer_id: UUID) -> CustomerOut:
    profile = customers.read_profile(session, actor, customer_id)
    own = profile.customer.model_dump(include=set(CustomerOut.model_fields))
    return CustomerOut(
        **own, group_ids=[group.id for group in profile.groups], consent=profile.consent
    )
