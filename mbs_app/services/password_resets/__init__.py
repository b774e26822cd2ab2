"""Resets of a forgotten password: asked for by the person, or sent by an admin; the link, and what it leads to."""

from mbs_app.services.password_resets.asking import ANSWER_AFTER, ask
from mbs_app.services.password_resets.by_admin import cancel, request_by_admin, sweep
from mbs_app.services.password_resets.choosing import Link, begin, finish
from mbs_app.services.password_resets.links import (
    PASSWORD_CHANGED,
    DeadLink,
    end_links,
    may_reset,
    whose,
)
from mbs_app.services.password_resets.listing import (
    ResetFilter,
    ResetPage,
    ResetRow,
    list_resets,
    resets_after,
)

__all__ = [
    "ANSWER_AFTER",
    "PASSWORD_CHANGED",
    "DeadLink",
    "Link",
    "ResetFilter",
    "ResetPage",
    "ResetRow",
    "ask",
    "begin",
    "cancel",
    "end_links",
    "finish",
    "list_resets",
    "may_reset",
    "request_by_admin",
    "resets_after",
    "sweep",
    "whose",
]
