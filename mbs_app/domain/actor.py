"""Who a transaction runs for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from mbs_app.domain.errors import NotAllowed
from mbs_app.domain.vocabulary import Role, Scope

EVERY_SCOPE = frozenset(Scope)


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, a program with a user's key, or MBS itself.

    ``sees_all`` lifts the owner filter. Only the program has it from the start; an admin gets it through
    :meth:`administrating`, for the accounts, or through :func:`mbs_app.services.audit.look_as_admin`, which
    leaves an entry in the audit log, for what others own.
    """

    kind: ActorKind
    user_id: UUID | None = None
    role: str = "user"
    label: str = ""
    sees_all: bool = False
    ip: str = ""
    session_id: UUID | None = None
    key_id: UUID | None = None
    scopes: frozenset[Scope] = EVERY_SCOPE

    @classmethod
    def system(cls, label: str, ip: str = "") -> Actor:
        """The program itself; ``label`` says which part, for the audit log ("sender", "sign-in")."""
        return cls(ActorKind.SYSTEM, label=label, role="system", sees_all=True, ip=ip)

    @classmethod
    def user(
        cls,
        user_id: UUID,
        role: str = "user",
        label: str = "",
        ip: str = "",
        session_id: UUID | None = None,
    ) -> Actor:
        return cls(
            ActorKind.USER, user_id=user_id, role=role, label=label, ip=ip, session_id=session_id
        )

    @classmethod
    def api_key(
        cls,
        user_id: UUID,
        role: str,
        label: str,
        ip: str,
        *,
        key_id: UUID,
        scopes: frozenset[Scope],
    ) -> Actor:
        """A program that holds a key of ``user_id``; it may do what both the user and the key may."""
        return cls(
            ActorKind.API_KEY,
            user_id=user_id,
            role=role,
            label=label,
            ip=ip,
            key_id=key_id,
            scopes=scopes,
        )

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN and Scope.ADMIN in self.scopes

    def may(self, scope: Scope) -> bool:
        return self.is_admin if scope is Scope.ADMIN else scope in self.scopes

    def administrating(self) -> Actor:
        """The same actor, for the accounts and settings of everybody.

        Raises:
            NotAllowed: the actor is no admin.
        """
        if not self.is_admin:
            raise NotAllowed("Only an admin can do this.")
        return replace(self, sees_all=True)

    def looking_at_everything(self) -> Actor:
        return replace(self, sees_all=True)
