"""Made-up invite codes."""

from __future__ import annotations

from typing import Any

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import Role
from mbs_app.models import InviteCode
from mbs_app.services import invites
from tests.support.accounts import make_actor


def make_admin(email: str = "root@example.com") -> Actor:
    """An approved admin, as the services of the administration want one."""
    return make_actor(email, role=Role.ADMIN).administrating()


def make_invite(admin: Actor, **chosen: Any) -> InviteCode:
    with db.transaction(admin) as session:
        return invites.create_invite(session, admin, **chosen)
