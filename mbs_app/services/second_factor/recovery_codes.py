"""Recovery codes: for the day the phone is lost. Ten at a time, each works once."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from sqlmodel import Session, col, delete, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.models import RecoveryCode
from mbs_app.services import accounts, audit, passwords
from mbs_app.services.devices import Visitor
from mbs_app.services.lookup import owner_of
from mbs_app.services.second_factor import changes
from mbs_app.services.second_factor.confirmation import require_confirmed
from mbs_app.services.second_factor.methods import methods_of

COUNT = 10
LENGTH = 10  # 49 bits: too few for a fast hash (OWASP ASVS 5.0, 6.5.2), so they are hashed as passwords are
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are taken for one another


def make_codes() -> list[str]:
    """Ten new codes, as they are shown: "k7qm2-fxd9r"."""
    made = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(COUNT)]
    return [f"{code[:5]}-{code[5:]}" for code in made]


def looks_like_code(text: str) -> bool:
    return len(_bare(text)) == LENGTH


async def hash_code(code: str, user_id: UUID) -> str:
    """As slow as a password's: outside any transaction.

    The salt is the user's own id, so that one hash finds the code. It isn't taken from the installation's secret:
    where that is lost, apps are, and these codes are what is left.
    """
    return await passwords.hash_with_salt_aside(_bare(code), user_id.bytes)


def replace(session: Session, actor: Actor, hashes: list[str], visitor: Visitor) -> None:
    """New codes in the place of all earlier ones.

    Raises:
        ConfirmFirst
        Conflict: there is no second factor they could stand in for.
    """
    require_confirmed(session, actor)
    user_id = owner_of(actor)
    if not methods_of(session, user_id):
        raise Conflict("Set up an authenticator app or a passkey first.")
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=one) for one in hashes)
    audit.record(session, actor, "recovery_codes.make", "user", user_id)
    user = accounts.my_profile(session, actor)
    changes.tell(session, user, "New recovery codes were made", visitor)


def takes(session: Session, user_id: UUID, code_hash: str) -> bool:
    """Whether this is a code not used before; it is used then."""
    taken = session.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.user_id) == user_id,
            col(RecoveryCode.code_hash) == code_hash,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=utc_now())
    )
    return bool(taken.rowcount)


def _bare(code: str) -> str:
    return re.sub(r"[\s-]+", "", code.lower())
