"""Passkeys: added, listed, renamed, removed, and asked who somebody is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import Passkey, UserProfile
from mbs_app.services import accounts, audit, steps, ways_in
from mbs_app.services.devices import Visitor
from mbs_app.services.lookup import must_get, owner_of
from mbs_app.services.second_factor import ceremonies, changes
from mbs_app.services.second_factor.ceremonies import Json, RelyingParty
from mbs_app.services.second_factor.confirmation import (
    confirm,
    require_confirmed,
    require_second_factor_shown,
)

CHALLENGE_LASTS = timedelta(minutes=5)
MOST = 25
LONGEST_NAME = 80
NOT_MADE = "The passkey couldn’t be checked. Try again, on this page."


def list_passkeys(session: Session, actor: Actor) -> list[Passkey]:
    """One's own, oldest first."""
    query = select(Passkey).where(Passkey.user_id == owner_of(actor)).order_by(col(Passkey.id))
    return list(session.exec(query).all())


def begin_adding(session: Session, actor: Actor, party: RelyingParty) -> tuple[Json, str]:
    """What to ask the browser for, and the token of the step that ends with :func:`add`.

    Raises:
        ConfirmFirst
        Conflict: there are too many already.
    """
    require_confirmed(session, actor)
    known = list_passkeys(session, actor)
    if len(known) >= MOST:
        raise Conflict(f"You have {MOST} passkeys. Remove one you no longer use first.")
    options, challenge = ceremonies.ask_for_new(party, accounts.my_profile(session, actor), known)
    token = steps.begin(
        session,
        SignInStepKind.NEW_PASSKEY,
        lasts=CHALLENGE_LASTS,
        user_id=owner_of(actor),
        ip=actor.ip,
        data={"challenge": challenge},
    )
    return options, token


def take_challenge(session: Session, actor: Actor, token: str) -> str:
    """The challenge that a new passkey must have answered. It can be asked for once.

    Raises:
        StepOver
    """
    step = steps.use(session, SignInStepKind.NEW_PASSKEY, token)
    if step.user_id != owner_of(actor):
        raise steps.StepOver
    return str(step.data["challenge"])


def add(
    session: Session,
    actor: Actor,
    party: RelyingParty,
    visitor: Visitor,
    *,
    name: str,
    credential: Json,
    challenge: str,
) -> Passkey:
    """Keep the passkey the browser made; this session has then shown a second factor.

    Raises:
        ConfirmFirst: the account has got another second factor meanwhile.
        InvalidInput: the name is too long, or the answer doesn't hold.
        Conflict: the passkey is here already.
    """
    require_second_factor_shown(session, actor)
    name = clean_name(name)
    made = ceremonies.check_new(party, credential, challenge)
    if made is None:
        raise InvalidInput(NOT_MADE)
    passkey = Passkey(user_id=owner_of(actor), name=name, **made._asdict())
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("This passkey is set up already.") from None
    confirm(session, actor, with_second_factor=True)
    user = accounts.my_profile(session, actor)
    audit.record(session, actor, "passkey.add", "user", user.id, name=name)
    changes.tell(session, user, f"The passkey “{name}” was added", visitor)
    return passkey


def rename(session: Session, actor: Actor, passkey_id: UUID, name: str) -> Passkey:
    """
    Raises:
        NotFound
        InvalidInput: the name is empty or too long.
    """
    passkey = must_get(session, Passkey, passkey_id, "passkey")
    passkey.name = clean_name(name)
    session.add(passkey)
    audit.record(session, actor, "passkey.rename", "user", owner_of(actor), name=passkey.name)
    return passkey


def remove(session: Session, actor: Actor, passkey_id: UUID, visitor: Visitor) -> None:
    """
    Raises:
        ConfirmFirst
        NotFound
        Conflict: it is the only way in, or the last second factor where the workspace asks for one.
    """
    require_confirmed(session, actor)
    passkey = must_get(session, Passkey, passkey_id, "passkey")
    name = passkey.name
    session.delete(passkey)
    ways_in.require_one(session, actor)
    changes.after_removing(session, actor)
    user = accounts.my_profile(session, actor)
    audit.record(session, actor, "passkey.remove", "user", user.id, name=name)
    changes.tell(session, user, f"The passkey “{name}” was removed", visitor)


def by_credential(session: Session, credential_id: str) -> Passkey | None:
    return session.exec(select(Passkey).where(Passkey.credential_id == credential_id)).first()


def of_user(session: Session, user: UserProfile) -> list[Passkey]:
    return list(session.exec(select(Passkey).where(Passkey.user_id == user.id)).all())


def takes(
    session: Session,
    party: RelyingParty,
    credential: Json,
    challenge: str,
    *,
    user: UserProfile | None = None,
    verified: bool,
) -> UserProfile | None:
    """Whose passkey answered the challenge; None where it doesn't hold, or isn't one of ``user``.

    ``verified``: whether the passkey must have asked for a fingerprint, a face or a PIN.
    """
    passkey = by_credential(session, ceremonies.credential_id(credential))
    if passkey is None or (user is not None and passkey.user_id != user.id):
        return None
    handle = ceremonies.user_handle(credential)
    if handle is not None and handle != passkey.user_id.bytes:
        return None
    found = ceremonies.check_known(party, credential, challenge, passkey, verified=verified)
    if found is None:
        return None
    if not _count_use(session, passkey, found):
        audit.record(session, Actor.system("sign-in"), "passkey.copied", "user", passkey.user_id)
        return None
    return session.get(UserProfile, passkey.user_id)


def _count_use(session: Session, passkey: Passkey, found: ceremonies.Assertion) -> bool:
    """False where the passkey's own count didn't grow: then there are two of it. Most count nothing, and say 0."""
    grew = or_(
        col(Passkey.sign_count) < found.sign_count,
        (col(Passkey.sign_count) == 0) & (found.sign_count == 0),
    )
    counted = session.exec(
        update(Passkey)
        .where(col(Passkey.id) == passkey.id, grew)
        .values(
            sign_count=found.sign_count,
            is_backed_up=found.is_backed_up,
            last_used_at=utc_now(),
        )
    )
    return bool(counted.rowcount)


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(name="Give the passkey a name, such as “Work laptop”.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(name=f"Use at most {LONGEST_NAME} characters.")
    return name
