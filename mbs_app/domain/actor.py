"""Who a transaction runs for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, or the program itself.

    ``sees_all`` lifts the owner filter. Only the program has it from the start; an admin gets it
    through :func:`mbs_app.services.audit.look_as_admin`, which leaves an entry in the audit log.
    """

    kind: ActorKind
    user_id: UUID | None = None
    role: str = "user"
    label: str = ""
    sees_all: bool = False
    ip: str = ""

    @classmethod
    def system(cls, label: str) -> Actor:
        """The program itself; ``label`` says which part, for the audit log ("sender", "sign-in")."""
        return cls(ActorKind.SYSTEM, label=label, role="system", sees_all=True)

    @classmethod
    def user(cls, user_id: UUID, role: str = "user", label: str = "", ip: str = "") -> Actor:
        return cls(ActorKind.USER, user_id=user_id, role=role, label=label, ip=ip)

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    def looking_at_everything(self) -> Actor:
        return replace(self, sees_all=True)
