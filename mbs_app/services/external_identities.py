"""What an OpenID provider calls a user: by that, and never by an address, an account is found.

Whoever can get an address at a provider would get the account with it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, NotFound
from mbs_app.models import ExternalIdentity, UserProfile
from mbs_app.providers.openid import Claims
from mbs_app.services import accounts, audit, ways_in
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import changes
from mbs_app.services.second_factor.confirmation import (
    require_confirmed,
    require_second_factor_shown,
)


class ConnectedElsewhere(Conflict):
    code = "provider-connected-elsewhere"

    def __init__(self) -> None:
        super().__init__("That sign-in is connected to another account here.")


def find_user(session: Session, claims: Claims) -> UserProfile | None:
    """The account the provider's user is connected to."""
    row = session.exec(
        select(ExternalIdentity, UserProfile)
        .join(UserProfile, col(UserProfile.id) == ExternalIdentity.user_id)
        .where(_is(claims))
    ).first()
    if row is None:
        return None
    identity, user = row
    identity.email, identity.last_used_at = claims.email[:254], utc_now()
    session.add(identity)
    return user


def connect(session: Session, actor: Actor, user: UserProfile, claims: Claims) -> ExternalIdentity:
    """From now on the provider's user signs in as ``user``.

    Raises:
        ConnectedElsewhere
    """
    known = session.exec(select(ExternalIdentity).where(_is(claims))).first()
    if known is not None:
        if known.user_id != user.id:
            raise ConnectedElsewhere
        return known
    identity = ExternalIdentity(
        user_id=user.id,
        issuer=claims.issuer,
        subject=claims.subject,
        email=claims.email[:254],
        last_used_at=utc_now(),
    )
    session.add(identity)
    audit.record(session, actor, "identity.connect", "user", user.id, issuer=claims.issuer)
    return identity


def connect_own(session: Session, actor: Actor, claims: Claims, visitor: Visitor) -> None:
    """As :func:`connect`, to the actor's own account, and a mail that tells of it.

    Raises:
        ConfirmFirst: the account got a second factor since this was begun, and this session hasn't shown it.
        ConnectedElsewhere
    """
    require_second_factor_shown(session, actor)
    user = accounts.my_profile(session, actor)
    connect(session, actor, user, claims)
    changes.tell(session, user, f"A sign-in through {_host(claims.issuer)} was connected", visitor)


def list_identities(session: Session, actor: Actor) -> list[ExternalIdentity]:
    """The actor's own, oldest first."""
    found = select(ExternalIdentity).where(ExternalIdentity.user_id == actor.user_id)
    return list(session.exec(found.order_by(col(ExternalIdentity.id))))


def providers_of(session: Session, user_id: UUID) -> list[str]:
    """Through whom a user signs in, by the names of their hosts ("login.example")."""
    issuers = select(ExternalIdentity.issuer).where(ExternalIdentity.user_id == user_id)
    return sorted({_host(issuer) for issuer in session.exec(issuers)})


def disconnect(session: Session, actor: Actor, identity_id: UUID, visitor: Visitor) -> None:
    """Take a connection away.

    Raises:
        ConfirmFirst: the session is too old for this.
        NotFound: it isn't the actor's.
        Conflict: it is the only way in.
    """
    require_confirmed(session, actor)
    identity = session.get(ExternalIdentity, identity_id)
    if identity is None or identity.user_id != actor.user_id:
        raise NotFound("connection")
    session.delete(identity)
    ways_in.require_one(session, actor)
    what = f"The sign-in through {_host(identity.issuer)} was disconnected"
    changes.tell(session, accounts.my_profile(session, actor), what, visitor)
    audit.record(session, actor, "identity.disconnect", "user", actor.user_id or "")


def _is(claims: Claims) -> Any:
    return (col(ExternalIdentity.issuer) == claims.issuer) & (
        col(ExternalIdentity.subject) == claims.subject
    )


def _host(issuer: str) -> str:
    return urlsplit(issuer).hostname or issuer
