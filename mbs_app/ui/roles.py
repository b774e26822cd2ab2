"""The roles, in the words of the screens."""

from __future__ import annotations

from mbs_app.domain.vocabulary import Role

ROLES: tuple[tuple[str, str, str], ...] = (
    (Role.USER.value, "Marketer", "Writes and sends campaigns, imports customers"),
    (Role.ADMIN.value, "Admin", "Everything, with people and settings"),
)
ROLE_WORDS = {key: words for key, words, _ in ROLES}
