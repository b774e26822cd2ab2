"""Who guards their account further than with a password."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mbs_app.models import Authenticator, Passkey, UserProfile

_users: Any = UserProfile.__table__
_authenticators: Any = Authenticator.__table__
_passkeys: Any = Passkey.__table__

# Of a row of ``user_profiles``: whether it has a second factor. Recovery codes alone are none.
HAS_SECOND_FACTOR = sa.or_(
    sa.exists().where(
        _authenticators.c.user_id == _users.c.id, _authenticators.c.confirmed_at.is_not(None)
    ),
    sa.exists().where(_passkeys.c.user_id == _users.c.id),
)
