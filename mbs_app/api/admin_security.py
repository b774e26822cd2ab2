"""Second factors as an admin sees them: whom the workspace asks for one, and help for who lost theirs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlmodel import Session

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.dependencies import SettingsHere
from mbs_app.api.signing_in import visitor_of
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.services.second_factor import policy

router = APIRouter(prefix="/api/admin", tags=["Administration"])


class SecurityIn(BaseModel):
    second_factor_for: SecondFactorFor


class SecurityOut(BaseModel):
    """``people_without``: for each choice, how many would have to set a second factor up."""

    second_factor_for: SecondFactorFor
    people_without: dict[SecondFactorFor, int]


@router.get("/security", summary="Show who must have a second factor")
def show_security(actor: Administrating) -> SecurityOut:
    with db.transaction(actor, read_only=True) as session:
        return _security(session, actor)


@router.put("/security", summary="Ask for a second factor")
def change_security(form: SecurityIn, actor: Administrating) -> SecurityOut:
    """It holds from everybody’s next step on. Who has none is led to set one up, and can do nothing else."""
    with db.transaction(actor) as session:
        policy.ask_for_second_factor(session, actor, form.second_factor_for)
        return _security(session, actor)


@router.delete(
    "/users/{user_id}/second-factor", status_code=204, summary="Take somebody’s second factors off"
)
def reset_second_factor(
    user_id: UUID, request: Request, actor: Administrating, settings: SettingsHere
) -> None:
    """For who lost phone and recovery codes. They are signed out everywhere, and told by mail."""
    with db.transaction(actor) as session:
        policy.reset_for(session, actor, user_id, visitor_of(request, settings))


def _security(session: Session, actor: Actor) -> SecurityOut:
    return SecurityOut(
        second_factor_for=policy.second_factor_for(session, actor),
        people_without={
            asked: policy.people_without(session, actor, asked) for asked in SecondFactorFor
        },
    )
