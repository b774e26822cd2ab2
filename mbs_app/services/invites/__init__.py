"""Invite codes: made, sent, looked through and taken back by admins; used once for each person who joins."""

from mbs_app.services.invites.listing import (
    InviteFilter,
    InvitePage,
    InviteRow,
    Joined,
    get_invite,
    invites_after,
    joined_lately,
    list_invites,
    who_joined,
)
from mbs_app.services.invites.making import (
    DEFAULT_LIFE,
    LONGEST_NOTE,
    MOST_USES,
    create_invite,
    join_link,
    revoke_invite,
)
from mbs_app.services.invites.sending import send_invite
from mbs_app.services.invites.using import refusal, use_invite

__all__ = [
    "DEFAULT_LIFE",
    "LONGEST_NOTE",
    "MOST_USES",
    "InviteFilter",
    "InvitePage",
    "InviteRow",
    "Joined",
    "create_invite",
    "get_invite",
    "invites_after",
    "join_link",
    "joined_lately",
    "list_invites",
    "refusal",
    "revoke_invite",
    "send_invite",
    "use_invite",
    "who_joined",
]
