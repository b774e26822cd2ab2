"""What guards one's own account: authenticator app, recovery codes, passkeys."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from mbs_app import db
from mbs_app.api import cookies
from mbs_app.api.actors import InPerson
from mbs_app.api.confirming import count_code
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.relying_party import Answer, Options, Party
from mbs_app.api.second_step import TypedCode
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.models import Passkey
from mbs_app.services import second_factor
from mbs_app.services.lookup import owner_of
from mbs_app.services.second_factor import (
    Method,
    Overview,
    authenticators,
    passkeys,
    recovery_codes,
)

router = APIRouter(prefix="/api/me", tags=["Second factor"])

PasskeyName = Annotated[str, Field(max_length=200, examples=["Work laptop"])]


class PasskeyOut(BaseModel):
    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    is_backed_up: bool

    @classmethod
    def of(cls, passkey: Passkey) -> PasskeyOut:
        return cls.model_validate(passkey, from_attributes=True)


class SecondFactorOut(BaseModel):
    """``is_required``: an admin asks for one. ``shown_here``: this session has shown one."""

    methods: list[Method]
    authenticator_since: datetime | None
    passkeys: list[PasskeyOut]
    recovery_codes_left: int
    is_required: bool
    shown_here: bool

    @classmethod
    def of(cls, found: Overview) -> SecondFactorOut:
        return cls(
            methods=found.methods,
            authenticator_since=found.authenticator_since,
            passkeys=[PasskeyOut.of(passkey) for passkey in found.passkeys],
            recovery_codes_left=found.recovery_codes_left,
            is_required=found.is_required,
            shown_here=found.shown_here,
        )


class AuthenticatorOut(BaseModel):
    """Shown once. ``qr_code`` is an SVG picture of ``uri`` as a data URI, ``secret_to_type`` has the secret in
    groups of four."""

    secret: str
    secret_to_type: str
    uri: str
    qr_code: str


class RecoveryCodesOut(BaseModel):
    """Shown once; all earlier codes are dead."""

    codes: list[str]


class NewPasskey(Answer):
    name: PasskeyName


class PasskeyChange(BaseModel):
    name: PasskeyName


@router.get("/second-factor", summary="What guards your account")
def show_second_factor(actor: InPerson) -> SecondFactorOut:
    with db.transaction(actor, read_only=True) as session:
        return SecondFactorOut.of(second_factor.overview(session, actor))


@router.post("/authenticator", status_code=201, summary="Set up an authenticator app")
def begin_authenticator(response: Response, actor: InPerson) -> AuthenticatorOut:
    """It counts once a code of it has come to `/api/me/authenticator/confirm`."""
    response.headers["Cache-Control"] = "no-store"
    with db.transaction(actor) as session:
        made = authenticators.begin_setup(session, actor)
    return AuthenticatorOut(**made._asdict())


@router.post("/authenticator/confirm", summary="Confirm the authenticator app with a code")
def confirm_authenticator(
    form: TypedCode, request: Request, response: Response, actor: InPerson, settings: SettingsHere
) -> SecondFactorOut:
    """The session’s cookie gets a new token. Make recovery codes next."""
    visitor = visitor_of(request, settings)
    count_code(actor, visitor)
    with db.transaction(actor) as session:
        authenticators.confirm_setup(session, actor, form.code, visitor)
        cookies.rotate_session(session, response, settings, actor)
        return SecondFactorOut.of(second_factor.overview(session, actor))


@router.delete("/authenticator", status_code=204, summary="Remove the authenticator app")
def remove_authenticator(request: Request, actor: InPerson, settings: SettingsHere) -> None:
    with db.transaction(actor) as session:
        authenticators.remove(session, actor, visitor_of(request, settings))


@router.post("/recovery-codes", status_code=201, summary="Make ten new recovery codes")
async def make_recovery_codes(
    request: Request, response: Response, actor: InPerson, settings: SettingsHere
) -> RecoveryCodesOut:
    """They take the place of all earlier ones."""
    response.headers["Cache-Control"] = "no-store"
    user_id = await db.in_reading(actor, _may_make_codes)
    made = recovery_codes.make_codes()
    hashes = await asyncio.gather(*(recovery_codes.hash_code(code, user_id) for code in made))
    visitor = visitor_of(request, settings)
    await db.in_transaction(actor, recovery_codes.replace, hashes, visitor)
    return RecoveryCodesOut(codes=made)


def _may_make_codes(session: Session, actor: Actor) -> UUID:
    second_factor.require_confirmed(session, actor)
    return owner_of(actor)


@router.get("/passkeys", summary="List your passkeys")
def list_passkeys(actor: InPerson) -> list[PasskeyOut]:
    with db.transaction(actor, read_only=True) as session:
        return [PasskeyOut.of(passkey) for passkey in passkeys.list_passkeys(session, actor)]


@router.post("/passkeys/options", summary="Begin to add a passkey")
def passkey_options(
    response: Response, actor: InPerson, settings: SettingsHere, party: Party
) -> Options:
    with db.transaction(actor) as session:
        options, token = passkeys.begin_adding(session, actor, party)
    cookies.give(response, settings, settings.step_cookie_name, token, passkeys.CHALLENGE_LASTS)
    return Options(public_key=options)


@router.post("/passkeys", status_code=201, summary="Add the passkey that was made")
def add_passkey(
    form: NewPasskey,
    request: Request,
    response: Response,
    actor: InPerson,
    settings: SettingsHere,
    party: Party,
) -> PasskeyOut:
    """The session’s cookie gets a new token."""
    token = request.cookies.get(settings.step_cookie_name, "")
    passkeys.clean_name(form.name)
    with db.transaction(actor) as session:
        challenge = passkeys.take_challenge(session, actor, token)
    with db.transaction(actor) as session:
        made = passkeys.add(
            session,
            actor,
            party,
            visitor_of(request, settings),
            name=form.name,
            credential=form.credential,
            challenge=challenge,
        )
        cookies.rotate_session(session, response, settings, actor)
        return PasskeyOut.of(made)


@router.put("/passkeys/{passkey_id}", summary="Rename a passkey")
def rename_passkey(passkey_id: UUID, form: PasskeyChange, actor: InPerson) -> PasskeyOut:
    with db.transaction(actor) as session:
        return PasskeyOut.of(passkeys.rename(session, actor, passkey_id, form.name))


@router.delete("/passkeys/{passkey_id}", status_code=204, summary="Remove a passkey")
def remove_passkey(
    passkey_id: UUID, request: Request, actor: InPerson, settings: SettingsHere
) -> None:
    with db.transaction(actor) as session:
        passkeys.remove(session, actor, passkey_id, visitor_of(request, settings))
