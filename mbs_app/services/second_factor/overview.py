"""What guards an account, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.models import Passkey
from mbs_app.services import accounts, sessions
from mbs_app.services.second_factor import authenticators, passkeys
from mbs_app.services.second_factor.confirmation import has_shown_second_factor
from mbs_app.services.second_factor.methods import Method, count_recovery_codes, methods_of


@dataclass(frozen=True, slots=True)
class Overview:
    """``is_required`` is the workspace's word; ``shown_here`` whether this session has shown a second factor."""

    has_password: bool
    authenticator_since: datetime | None
    passkeys: list[Passkey]
    recovery_codes_left: int
    methods: list[Method]
    is_required: bool
    shown_here: bool


def overview(session: Session, actor: Actor) -> Overview:
    user = accounts.my_profile(session, actor)
    app = authenticators.find(session, user.id)
    return Overview(
        has_password=bool(user.password_hash),
        authenticator_since=app.confirmed_at if app else None,
        passkeys=passkeys.list_passkeys(session, actor),
        recovery_codes_left=count_recovery_codes(session, user.id),
        methods=methods_of(session, user.id),
        is_required=sessions.needs_second_factor(session, user),
        shown_here=has_shown_second_factor(session, actor),
    )
