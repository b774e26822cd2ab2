"""Signing in with a passkey alone: it names the account, and asks for a fingerprint, a face or a PIN."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import UserProfile
from mbs_app.services import steps, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import RelyingParty, ceremonies, passkeys
from mbs_app.services.second_factor.ceremonies import Json
from mbs_app.services.sign_in.password import FailedSignIn
from mbs_app.services.throttle import Limit

KIND = SignInStepKind.PASSKEY
PER_ADDRESS = 60


class FailedPasskey(FailedSignIn):
    """The same for an unknown passkey, a wrong answer, and an account that is gone."""

    def __init__(self) -> None:
        super().__init__("That passkey isn’t known here. Use another one, or your password.")


def begin(
    session: Session, party: RelyingParty, visitor: Visitor, *, user: UserProfile | None = None
) -> tuple[Json, str]:
    """What to ask the browser for, and the token of the step. ``user``: whose passkey it must be, where that is
    known already.

    Raises:
        TooManyAttempts: asked too often from this address.
    """
    throttle.admit(
        session, Limit(f"passkey|{throttle.place(visitor.ip)}", PER_ADDRESS, timedelta(minutes=15))
    )
    known = passkeys.of_user(session, user) if user else ()
    options, challenge = ceremonies.ask_for_known(party, known, verified=True)
    token = steps.begin(
        session,
        KIND,
        lasts=passkeys.CHALLENGE_LASTS,
        user_id=user.id if user else None,
        ip=visitor.ip,
        data={"challenge": challenge},
    )
    return options, token


def take_challenge(session: Session, token: str, *, user_id: UUID | None = None) -> str:
    """The challenge the passkey must answer. It can be asked for once.

    Raises:
        StepOver
    """
    step = steps.use(session, KIND, token)
    if step.user_id != user_id:
        raise steps.StepOver
    return str(step.data["challenge"])
