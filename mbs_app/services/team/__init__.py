"""The people of the workspace, for its admins: who there is, who gets in, and what each may do."""

from mbs_app.services.team.deciding import (
    LONGEST_REASON,
    approve,
    change_role,
    change_status,
    reject,
    restore,
    sign_out_everywhere,
    suspend,
)
from mbs_app.services.team.listing import (
    Member,
    TeamFilter,
    TeamPage,
    get_member,
    list_team,
    team_after,
)

__all__ = [
    "LONGEST_REASON",
    "Member",
    "TeamFilter",
    "TeamPage",
    "approve",
    "change_role",
    "change_status",
    "get_member",
    "list_team",
    "reject",
    "restore",
    "sign_out_everywhere",
    "suspend",
    "team_after",
]
