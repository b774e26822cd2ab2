"""A code somebody typed: from the authenticator app, or one of the recovery codes."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.models import UserProfile
from mbs_app.services import audit
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import attempts, authenticators, changes, recovery_codes
from mbs_app.services.second_factor.methods import count_recovery_codes

WRONG = "That code isn’t right, or was used before. Enter the one your app shows now."
WRONG_RECOVERY = "That recovery code isn’t right, or was used before."


class TypedCode(NamedTuple):
    text: str
    recovery_hash: str  # empty where it can't be a recovery code

    @property
    def refusal(self) -> str:
        """What to say where it isn't taken."""
        return WRONG_RECOVERY if self.recovery_hash else WRONG


async def read(text: str, user_id: UUID) -> TypedCode:
    """Slow for a recovery code: outside any transaction."""
    if not recovery_codes.looks_like_code(text):
        return TypedCode(text, "")
    return TypedCode(text, await recovery_codes.hash_code(text, user_id))


def takes(session: Session, user: UserProfile, code: TypedCode, visitor: Visitor) -> bool:
    """Whether the code is right. It works once; the guess must have been counted (see ``attempts``)."""
    if code.recovery_hash:
        is_right = recovery_codes.takes(session, user.id, code.recovery_hash)
    else:
        app = authenticators.find(session, user.id)
        is_right = app is not None and authenticators.takes(session, app, code.text)
    if not is_right:
        audit.record(
            session, Actor.system("sign-in", visitor.ip), "second_factor.refuse", "user", user.id
        )
        return False
    attempts.forgive(session, user, visitor)
    if code.recovery_hash:
        _note_recovery(session, user, visitor)
    return True


def _note_recovery(session: Session, user: UserProfile, visitor: Visitor) -> None:
    left = count_recovery_codes(session, user.id)
    actor = Actor.user(user.id, role=user.role, label=user.name, ip=visitor.ip)
    audit.record(session, actor, "recovery_codes.use", "user", user.id, left=left)
    changes.tell(session, user, f"A recovery code was used; {left} left", visitor)
