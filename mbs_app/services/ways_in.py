"""How somebody can sign in, whatever second factor is asked for then."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict
from mbs_app.models import ExternalIdentity, Passkey, UserProfile
from mbs_app.services.lookup import owner_of


def require_one(session: Session, actor: Actor) -> None:
    """For after one was taken away. Of two that are taken away at the same time, one stays.

    Raises:
        Conflict: it was the only one.
    """
    owner = owner_of(actor)
    session.flush()
    password_hash = session.exec(
        select(UserProfile.password_hash).where(UserProfile.id == owner).with_for_update()
    ).one()
    others = (
        sa.exists().where(ExternalIdentity.user_id == owner),
        sa.exists().where(Passkey.user_id == owner),
    )
    if not (password_hash or session.execute(sa.select(sa.or_(*others))).scalar_one()):
        raise Conflict("This is your only way to sign in. Choose a password first: “Forgot it?”.")
