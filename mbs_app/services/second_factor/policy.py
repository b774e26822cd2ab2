"""Whom the workspace asks for a second factor, and an admin's help for who lost theirs."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotAllowed
from mbs_app.domain.vocabulary import Role, SecondFactorFor, UserStatus
from mbs_app.models import Authenticator, Passkey, RecoveryCode, UserProfile, Workspace
from mbs_app.queries.second_factor import HAS_SECOND_FACTOR
from mbs_app.services import audit, sessions, standing
from mbs_app.services.devices import Visitor
from mbs_app.services.lookup import must_get
from mbs_app.services.second_factor import changes
from mbs_app.services.second_factor.confirmation import require_confirmed


def second_factor_for(session: Session, actor: Actor) -> SecondFactorFor:
    workspace = session.get(Workspace, 1)
    return SecondFactorFor(workspace.second_factor_for if workspace else SecondFactorFor.NOBODY)


def people_without(session: Session, actor: Actor, asked: SecondFactorFor) -> int:
    """How many approved people would have to set one up at their next step. For an administrating actor."""
    if asked is SecondFactorFor.NOBODY:
        return 0
    query = select(func.count(UserProfile.id)).where(
        UserProfile.status == UserStatus.APPROVED, ~HAS_SECOND_FACTOR
    )
    if asked is SecondFactorFor.ADMINS:
        query = query.where(UserProfile.role == Role.ADMIN)
    return session.exec(query).one()


def ask_for_second_factor(session: Session, actor: Actor, asked: SecondFactorFor) -> None:
    """Ask nobody, admins or everybody for a second factor, from their next step on.

    Raises:
        NotAllowed: the actor is no admin.
        ConfirmFirst
    """
    if not actor.is_admin:
        raise NotAllowed("Only an admin can do this.")
    require_confirmed(session, actor)
    workspace = session.get(Workspace, 1) or Workspace(id=1)
    before, workspace.second_factor_for = workspace.second_factor_for, asked
    session.add(workspace)
    standing.changed_for_all(session)
    audit.record(
        session, actor, "workspace.second_factor", "workspace", "1", before=before, now=asked
    )


def reset_for(session: Session, actor: Actor, user_id: UUID, visitor: Visitor) -> None:
    """Take all second factors off the account of somebody who lost them; it is signed out everywhere, and told.

    For an administrating actor.

    Raises:
        NotAllowed: the actor is no admin, or it is their own account.
        ConfirmFirst
        NotFound
    """
    if not actor.is_admin:
        raise NotAllowed("Only an admin can do this.")
    if user_id == actor.user_id:
        raise NotAllowed("Remove your own under Settings, Security.")
    require_confirmed(session, actor)
    user = must_get(session, UserProfile, user_id, "person")
    for table in (Passkey, Authenticator, RecoveryCode):
        session.exec(delete(table).where(col(table.user_id) == user.id))
    sessions.end_all(session, user.id)
    audit.record(session, actor, "second_factor.reset", "user", user.id)
    changes.tell(session, user, "An admin took the second factor off your account", visitor)
