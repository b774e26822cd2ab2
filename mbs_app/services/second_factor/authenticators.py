"""Apps that make codes (TOTP, RFC 6238): set up, confirmed, asked, removed."""

from __future__ import annotations

import hmac
import logging
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import pyotp
import segno
from sqlmodel import Session, col, delete, select, update

from mbs_app import secret_key
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import ConfigurationError, Conflict, InvalidInput, NotFound
from mbs_app.models import Authenticator, Workspace
from mbs_app.services import accounts, audit
from mbs_app.services.devices import Visitor
from mbs_app.services.lookup import owner_of
from mbs_app.services.second_factor import attempts, changes
from mbs_app.services.second_factor.confirmation import (
    confirm,
    require_confirmed,
    require_second_factor_shown,
)

logger = logging.getLogger(__name__)

PURPOSE = "authenticator"
STEP_SECONDS = 30
# A code of the step before and after works too: clocks differ, and typing takes time (RFC 6238, 5.2).
LEEWAY = (-1, 0, 1)
WRONG_CODE = "That code isn’t right. Enter the one the app shows now."


class SetUp(NamedTuple):
    """What the app needs, shown once. ``qr_code`` is an SVG picture as a data URI."""

    secret: str
    secret_to_type: str  # in groups of four
    uri: str
    qr_code: str


def begin_setup(session: Session, actor: Actor) -> SetUp:
    """A new secret, which counts once a code of it was entered; an earlier unconfirmed one is dead.

    Raises:
        ConfirmFirst
        Conflict: there is an app already.
    """
    require_confirmed(session, actor)
    user_id = owner_of(actor)
    if find(session, user_id) is not None:
        raise Conflict("You have an authenticator app already. Remove it to set up another.")
    session.exec(delete(Authenticator).where(col(Authenticator.user_id) == user_id))
    secret = pyotp.random_base32()
    session.add(Authenticator(user_id=user_id, secret=secret_key.seal(secret, PURPOSE)))
    uri = pyotp.TOTP(secret).provisioning_uri(
        name=accounts.my_profile(session, actor).email, issuer_name=_issuer(session)
    )
    picture = segno.make(uri, error="m", micro=False)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return SetUp(
        secret, groups, uri, picture.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    )


def confirm_setup(session: Session, actor: Actor, code: str, visitor: Visitor) -> None:
    """The app is set up once it shows a right code; this session has then shown a second factor.

    Raises:
        ConfirmFirst: the account has got another second factor meanwhile.
        InvalidInput: wrong code.
        NotFound: nothing was begun, or it is confirmed already.
    """
    require_second_factor_shown(session, actor)
    waiting = session.exec(
        select(Authenticator).where(
            Authenticator.user_id == owner_of(actor), col(Authenticator.confirmed_at).is_(None)
        )
    ).first()
    if waiting is None:
        raise NotFound("set-up")
    if not takes(session, waiting, code):
        raise InvalidInput(code=WRONG_CODE)
    session.exec(
        update(Authenticator)
        .where(col(Authenticator.id) == waiting.id)
        .values(confirmed_at=utc_now())
    )
    confirm(session, actor, with_second_factor=True)
    user = accounts.my_profile(session, actor)
    attempts.forgive(session, user, visitor)
    audit.record(session, actor, "authenticator.add", "user", user.id)
    changes.tell(session, user, "An authenticator app was added", visitor)


def remove(session: Session, actor: Actor, visitor: Visitor) -> None:
    """
    Raises:
        ConfirmFirst
        NotFound: there is none.
        Conflict: it is the last second factor, and the workspace asks for one.
    """
    require_confirmed(session, actor)
    found = find(session, owner_of(actor))
    if found is None:
        raise NotFound("authenticator app")
    session.delete(found)
    session.flush()
    changes.after_removing(session, actor)
    user = accounts.my_profile(session, actor)
    audit.record(session, actor, "authenticator.remove", "user", user.id)
    changes.tell(session, user, "The authenticator app was removed", visitor)


def find(session: Session, user_id: UUID) -> Authenticator | None:
    """The confirmed one."""
    return session.exec(
        select(Authenticator).where(
            Authenticator.user_id == user_id, col(Authenticator.confirmed_at).is_not(None)
        )
    ).first()


def takes(
    session: Session, authenticator: Authenticator, code: str, at: datetime | None = None
) -> bool:
    """Whether ``code`` is right at this time, and newer than the last one taken. No code is taken twice."""
    try:
        secret = secret_key.unseal(authenticator.secret, PURPOSE)
    except ConfigurationError as error:
        # A recovery code still works; the log says what is wrong with the installation.
        logger.error("no code of an authenticator app can be checked: %s", error.message)
        return False
    step = _step_of(secret, code, at or utc_now())
    if step is None:
        return False
    taken = session.exec(
        update(Authenticator)
        .where(col(Authenticator.id) == authenticator.id, col(Authenticator.last_step) < step)
        .values(last_step=step)
    )
    return bool(taken.rowcount)


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP_SECONDS
    digits = "".join(code.split()).encode()
    matching = [
        now + offset
        for offset in LEEWAY
        if hmac.compare_digest(totp.generate_otp(now + offset).encode(), digits)
    ]
    return matching[-1] if matching else None


def _issuer(session: Session) -> str:
    workspace = session.get(Workspace, 1)
    return workspace.name if workspace and workspace.name else "MBS"
