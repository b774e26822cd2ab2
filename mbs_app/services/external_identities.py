"""Signing in through an OpenID provider: a user is known by the provider's own name for them.

Who comes that way for the first time needs an invite like anybody else, or connects the provider to the account
they are signed in to. An address alone never leads to an account: whoever can get an address at a provider would
get the account with it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, NotAllowed, NotFound
from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import ExternalIdentity, Passkey, SignInStep, UserProfile
from mbs_app.providers.openid import Claims
from mbs_app.services import audit, sessions

LASTS = timedelta(minutes=10)


class Begun(NamedTuple):
    """What one sign-in through the provider is known by.

    All but ``token`` follows from it, and it stays in the browser's cookie: who can read the database, or the
    address the provider sends the browser back to, can't finish what somebody else began.
    """

    token: str

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def code_verifier(self) -> str:
        """43 characters, as RFC 7636 asks for at least."""
        return self._derived("verifier")

    def _derived(self, purpose: str) -> str:
        digest = hashlib.sha256(f"{purpose}|{self.token}".encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


class Purpose(NamedTuple):
    """What the browser wants of the provider: to sign in, to join with a code, or to connect an account."""

    next_path: str
    invite_code: str
    connects: UUID | None


def begin(
    session: Session,
    *,
    ip: str,
    next_path: str = "/",
    invite_code: str = "",
    connects: UUID | None = None,
) -> Begun:
    begun = Begun(secrets.token_urlsafe(32))
    session.add(
        SignInStep(
            token_hash=sessions.hash_token(begun.token),
            kind=SignInStepKind.PROVIDER,
            user_id=connects,
            data={"next": next_path[:500], "invite": invite_code[:40]},
            ip=ip[:45],
            expires_at=utc_now() + LASTS,
        )
    )
    return begun


def take(session: Session, begun: Begun, state: str) -> Purpose:
    """What was begun, once.

    Raises:
        NotAllowed: it wasn't begun in this browser, took too long, or is over.
    """
    now = utc_now()
    step = session.exec(
        select(SignInStep).where(
            SignInStep.token_hash == sessions.hash_token(begun.token),
            SignInStep.kind == SignInStepKind.PROVIDER,
            SignInStep.expires_at > now,
        )
    ).first()
    matches = hmac.compare_digest(begun.state.encode(), state.encode())
    if step is None or not matches or not _use(session, step.id):
        raise NotAllowed("This sign-in took too long, or was begun in another window. Try again.")
    return Purpose(str(step.data["next"]), str(step.data["invite"]), step.user_id)


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
        Conflict: that one is connected to another account.
    """
    known = session.exec(select(ExternalIdentity).where(_is(claims))).first()
    if known is not None:
        if known.user_id != user.id:
            raise Conflict("That sign-in is connected to another account here.")
        return known
    identity = ExternalIdentity(
        user_id=user.id,
        issuer=claims.issuer,
        subject=claims.subject[:255],
        email=claims.email[:254],
        last_used_at=utc_now(),
    )
    session.add(identity)
    audit.record(session, actor, "identity.connect", "user", user.id, issuer=claims.issuer)
    return identity


def list_identities(session: Session, actor: Actor) -> list[ExternalIdentity]:
    """The actor's own, oldest first."""
    found = select(ExternalIdentity).where(ExternalIdentity.user_id == actor.user_id)
    return list(session.exec(found.order_by(col(ExternalIdentity.id))))


def disconnect(session: Session, actor: Actor, identity_id: UUID) -> None:
    """Take a connection away.

    Raises:
        NotFound: it isn't the actor's.
        Conflict: it is the only way in.
    """
    identity = session.get(ExternalIdentity, identity_id)
    if identity is None or identity.user_id != actor.user_id:
        raise NotFound("connection")
    if not _has_another_way_in(session, actor):
        raise Conflict("This is your only way to sign in. Choose a password first: “Forgot it?”.")
    session.delete(identity)
    audit.record(session, actor, "identity.disconnect", "user", actor.user_id or "")


def _is(claims: Claims) -> object:
    return (col(ExternalIdentity.issuer) == claims.issuer) & (
        col(ExternalIdentity.subject) == claims.subject
    )


def _use(session: Session, step_id: UUID) -> bool:
    """Whether this call is the one that takes the step."""
    used = session.exec(
        update(SignInStep)
        .where(col(SignInStep.id) == step_id, col(SignInStep.used_at).is_(None))
        .values(used_at=utc_now())
    )
    return used.rowcount == 1


def _has_another_way_in(session: Session, actor: Actor) -> bool:
    user = session.get(UserProfile, actor.user_id)
    if user is not None and user.password_hash:
        return True
    others = session.exec(
        select(func.count())
        .select_from(ExternalIdentity)
        .where(ExternalIdentity.user_id == actor.user_id)
    ).one()
    passkeys = session.exec(
        select(func.count()).select_from(Passkey).where(Passkey.user_id == actor.user_id)
    ).one()
    return others > 1 or passkeys > 0
