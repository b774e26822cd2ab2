"""One's own profile over HTTP, and the change of one's address."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlmodel import Session

from mbs_app import db
from mbs_app.api.actors import Person, Reading
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.api.own_password import check_own_password
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import Appearance, Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import accounts, email_changes, second_factor

router = APIRouter(prefix="/api/me", tags=["Your profile"])
links = APIRouter(prefix="/api/confirm-email", tags=["Your profile"], dependencies=[SameSite])


class ProfileOut(BaseModel):
    """``waiting_email`` is a new address whose link wasn’t clicked yet."""

    id: UUID
    email: str
    waiting_email: str | None
    name: str
    role: Role
    status: UserStatus
    phone: str | None
    time_zone: str
    default_region: str
    appearance: Appearance
    created_at: datetime

    @classmethod
    def of(cls, user: UserProfile, waiting_email: str | None) -> ProfileOut:
        own = user.model_dump(include=set(cls.model_fields))
        return cls(waiting_email=waiting_email, **own)


class ProfileChange(BaseModel):
    """What is left out stays as it is. An empty ``phone`` takes the number away."""

    name: Annotated[str | None, Field(max_length=200)] = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    time_zone: Annotated[str | None, Field(max_length=64, examples=["America/Chicago"])] = None
    default_region: Annotated[str | None, Field(max_length=2, examples=["US"])] = None
    appearance: Appearance | None = None


class NewEmail(BaseModel):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[
        str,
        Field(max_length=1000, description="Your password of today, where your account has one."),
    ] = ""


class EmailChangeSent(BaseModel):
    """The same whether or not the address has an account of its own."""

    waiting_email: str


class Link(BaseModel):
    token: Annotated[str, Field(max_length=100)]


class EmailConfirmed(BaseModel):
    email: str


@router.get("", summary="Your profile")
def my_profile(actor: Reading) -> ProfileOut:
    with db.transaction(actor, read_only=True) as session:
        return _profile(session, actor)


@router.put("", summary="Change your profile")
def change_profile(form: ProfileChange, actor: Person) -> ProfileOut:
    with db.transaction(actor) as session:
        accounts.change_profile(session, actor, **form.model_dump(exclude_unset=True))
        return _profile(session, actor)


@router.post("/email", status_code=202, summary="Ask for another email address")
async def change_email(
    form: NewEmail, request: Request, actor: Person, settings: SettingsHere
) -> EmailChangeSent:
    """A link is sent to the new address. The old one holds until it is clicked, within an hour."""
    has_password: bool = await db.in_reading(actor, _has_password)
    if has_password or form.password:
        await check_own_password(actor, form.password, visitor_of(request, settings))
    await db.in_transaction(actor, _ask, form, settings.address)
    return EmailChangeSent(waiting_email=accounts.normal_email(form.email))


@router.delete("/email", status_code=204, summary="Keep your email address")
def keep_email(actor: Person) -> None:
    """The link that was sent to another one works no longer."""
    with db.transaction(actor) as session:
        email_changes.keep(session, actor)


@links.post("", summary="Confirm an email address with the link’s token")
def confirm_email(form: Link, request: Request, settings: SettingsHere) -> EmailConfirmed:
    ip = client_address(request, settings)
    with db.transaction(Actor.system("email change", ip)) as session:
        return EmailConfirmed(email=email_changes.confirm(session, form.token, ip=ip).email)


def _has_password(session: Session, actor: Actor) -> bool:
    return bool(accounts.my_profile(session, actor).password_hash)


def _ask(session: Session, actor: Actor, form: NewEmail, address: str) -> None:
    if form.password:
        second_factor.confirm(session, actor, with_second_factor=False)
    second_factor.require_confirmed(session, actor)
    email_changes.ask(session, actor, form.email, address=address)


def _profile(session: Session, actor: Actor) -> ProfileOut:
    user = accounts.my_profile(session, actor)
    return ProfileOut.of(user, email_changes.waiting(session, actor))
