"""Choosing a password: how strong one is while it is typed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api import actors
from mbs_app.api.auth import SYSTEM
from mbs_app.api.dependencies import SameSite, SettingsHere, client_address
from mbs_app.domain.errors import NotSignedIn
from mbs_app.services.passwords import checking
from mbs_app.settings import Settings

router = APIRouter(prefix="/api/auth", tags=["Passwords"], dependencies=[SameSite])


class PasswordCheck(BaseModel):
    """``name`` and ``email`` are those of who chooses; for somebody signed in, their account's."""

    password: Annotated[str, Field(max_length=1000)]
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=254)] = ""


class PasswordStrength(BaseModel):
    score: Annotated[int, Field(ge=0, le=4)]
    acceptable: bool
    sentence: str


@router.post("/password-check", summary="How strong a new password is")
def check_password(
    form: PasswordCheck, request: Request, settings: SettingsHere
) -> PasswordStrength:
    """By the same rules that hold when it is set. Nothing is kept."""
    user_id = _whoever_asks(request, settings)
    with db.transaction(SYSTEM) as session:
        checking.admit(session, client_address(request, settings))
        who = checking.chooser(session, user_id, name=form.name, email=form.email)
    return PasswordStrength(**checking.look_at(form.password, who)._asdict())


def _whoever_asks(request: Request, settings: Settings) -> UUID | None:
    try:
        return actors.standing(request, settings).actor.user_id
    except NotSignedIn:
        return None
