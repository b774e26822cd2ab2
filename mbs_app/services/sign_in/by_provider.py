"""Signing in through an OpenID provider.

The provider says who somebody is; it lets nobody in. Who comes for the first time needs an invite like anybody
else, or connects the provider to the account they are signed in to.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import MbsError
from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import UserProfile
from mbs_app.providers.openid import Claims
from mbs_app.services import accounts, external_identities, invites, registration, steps, throttle
from mbs_app.services.devices import Visitor
from mbs_app.services.throttle import Limit

KIND = SignInStepKind.PROVIDER
LASTS = timedelta(minutes=10)
WINDOW = timedelta(minutes=15)
PER_ADDRESS = 120  # a whole shop behind one address


class ProviderAway(MbsError):
    """What the person is told when anything goes wrong with the provider; the reason is in the log."""

    code = "provider-failed"

    def __init__(self) -> None:
        super().__init__("The sign-in service didn’t answer as it should. Try again in a moment.")


class NoAccountYet(MbsError):
    code = "provider-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No account here is connected to that sign-in. Join with an invite code, or sign in with your "
            "password and connect it under Settings, Security."
        )


class HasAccount(MbsError):
    """Told only to whom the provider confirms the address."""

    code = "provider-has-account"

    def __init__(self) -> None:
        super().__init__(
            "Your email address has an account here. Sign in with your password, then connect this sign-in "
            "under Settings, Security."
        )


class NoConfirmedEmail(MbsError):
    code = "provider-no-email"

    def __init__(self) -> None:
        super().__init__(
            "To join, your account there needs an email address that is confirmed there."
        )


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


def begin(session: Session, visitor: Visitor, purpose: Purpose) -> Begun:
    """
    Raises:
        TooManyAttempts: this address began too many.
    """
    throttle.admit(session, Limit(f"provider|{throttle.place(visitor.ip)}", PER_ADDRESS, WINDOW))
    return Begun(
        steps.begin(
            session,
            KIND,
            lasts=LASTS,
            user_id=purpose.connects,
            ip=visitor.ip,
            data={"next": purpose.next_path, "invite": purpose.invite_code},
        )
    )


def take(session: Session, begun: Begun, state: str) -> Purpose:
    """What was begun, once.

    Raises:
        StepOver: it wasn't begun in this browser, took too long, or is over.
    """
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise steps.StepOver
    step = steps.use(session, KIND, begun.token)
    return Purpose(str(step.data["next"]), str(step.data["invite"]), step.user_id)


def joining_form(session: Session, claims: Claims, invite_code: str) -> registration.Form:
    """What the provider says of somebody who wants to join.

    Raises:
        HasAccount: the address has an account, and the provider confirms that it is theirs.
        NoConfirmedEmail: it confirms none.
    """
    if not claims.email:
        raise NoConfirmedEmail
    email = accounts.clean_email(claims.email)
    if accounts.find_user(session, email) is not None:
        raise HasAccount
    name = claims.name.strip() or email.partition("@")[0]
    return registration.Form(invite_code, email, accounts.clean_name(name[:120]), "America/Chicago")


def join(session: Session, actor: Actor, claims: Claims, form: registration.Form) -> UserProfile:
    """Take one use of the code, and make an account that waits for approval.

    Raises:
        InvalidInput: the code doesn't work, or no longer.
        HasAccount: the address got an account a moment ago.
    """
    invite = invites.use_invite(session, form.code, form.email)
    user = registration.make_account(session, actor, form, invite, "")
    if user is None:
        raise HasAccount
    external_identities.connect(session, actor, user, claims)
    return user
