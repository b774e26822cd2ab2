"""The second step of signing in: a code or a passkey, after the password was right."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session

from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import SignInStep, UserProfile
from mbs_app.services import second_factor, steps
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import Method, RelyingParty, ceremonies, passkeys
from mbs_app.services.second_factor.ceremonies import Json

KIND = SignInStepKind.SECOND_FACTOR
LASTS = timedelta(minutes=10)
FOR_PROGRAM = "for_program"


class SecondStep(NamedTuple):
    token: str  # for the step's cookie
    methods: list[Method]


class Ended(NamedTuple):
    """Who signs in, whether they stay signed in, and whether it is a program of theirs that does."""

    user: UserProfile
    keep: bool
    for_program: bool


def ask_second_factor(
    session: Session, user: UserProfile, visitor: Visitor, *, keep: bool, for_program: bool = False
) -> SecondStep | None:
    """What still has to be shown; None where the account has no second factor.

    At its end a program gets tokens and a browser a cookie.
    """
    methods = second_factor.methods_of(session, user.id)
    if not methods:
        return None
    token = steps.begin(
        session,
        KIND,
        lasts=LASTS,
        user_id=user.id,
        keep=keep,
        ip=visitor.ip,
        data={FOR_PROGRAM: True} if for_program else {},
    )
    return SecondStep(token, methods)


def begin_code(session: Session, token: str, visitor: Visitor) -> UserProfile:
    """Count an attempt to finish with a code; who is signing in.

    Raises:
        StepOver: the step can't be finished, or this was one attempt too many.
        TooManyAttempts: the account was guessed at too often.
    """
    user = _user_of(session, steps.count_attempt(session, KIND, token))
    second_factor.attempts.admit(session, user, visitor)
    return user


def ask_for_passkey(session: Session, token: str, party: RelyingParty) -> Json:
    """What to ask the browser for. The challenge is good once, and for five minutes.

    Raises:
        StepOver
    """
    step = steps.find(session, KIND, token)
    known = passkeys.of_user(session, _user_of(session, step))
    options, challenge = ceremonies.ask_for_known(party, known, verified=False)
    until = (utc_now() + passkeys.CHALLENGE_LASTS).timestamp()
    step.data = {**step.data, "challenge": challenge, "challenge_until": until}
    session.add(step)
    return options


def begin_passkey(session: Session, token: str) -> tuple[UserProfile, str]:
    """Count an attempt to finish with a passkey; who is signing in, and the challenge, which is then used up.

    Raises:
        StepOver
    """
    step = steps.count_attempt(session, KIND, token)
    challenge = step.data.get("challenge")
    if challenge is None or step.data["challenge_until"] <= utc_now().timestamp():
        raise steps.StepOver
    step.data = {key: value for key, value in step.data.items() if not key.startswith("challenge")}
    session.add(step)
    return _user_of(session, step), str(challenge)


def end(session: Session, token: str) -> Ended:
    """The second factor was right, and the step is used up.

    Raises:
        StepOver: another request finished it.
    """
    step = steps.use(session, KIND, token)
    return Ended(_user_of(session, step), step.keep, FOR_PROGRAM in step.data)


def _user_of(session: Session, step: SignInStep) -> UserProfile:
    user = session.get(UserProfile, step.user_id)
    if user is None:
        raise steps.StepOver
    return user
