"""The installation itself: its name, the link that makes its first admin, and what the frame of each page says."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session, col, func, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed, check_all
from mbs_app.domain.names import clean_name
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    MessageStatus,
    Role,
    UserStatus,
)
from mbs_app.models import Campaign, CampaignMessage, UserProfile, Workspace
from mbs_app.services import accounts, audit, sessions

RATE_WINDOW = timedelta(seconds=10)

_USED_UP = (
    "This link was used, or is from an earlier start. The newest one is in the program’s output."
)


def get_workspace(session: Session) -> Workspace:
    """The one row; made at the first call."""
    workspace = session.get(Workspace, 1)
    if workspace is None:
        workspace = Workspace()
        session.add(workspace)
        session.flush()
    return workspace


class Identity(NamedTuple):
    """What anybody may know of the installation before signing in."""

    name: str
    tagline: str


def read_identity(session: Session, actor: Actor) -> Identity:
    workspace = session.get(Workspace, 1)
    return Identity(workspace.name, workspace.tagline) if workspace else Identity("", "")


def rename(session: Session, actor: Actor, *, name: str, tagline: str) -> Workspace:
    """Admins only.

    Raises:
        NotAllowed: the actor is no admin.
        InvalidInput: no name, or one that is too long.
    """
    if not actor.is_admin:
        raise NotAllowed("Only an admin can change the name of the business.")
    workspace = get_workspace(session)
    workspace.name, workspace.tagline = _clean_name(name), tagline.strip()[:120]
    session.add(workspace)
    audit.record(session, actor, "workspace.rename", "workspace", "1", name=workspace.name)
    return workspace


# The first admin ---------------------------------------------------------------------------------


def waits_for_first_admin(session: Session, actor: Actor) -> bool:
    """Whether nobody can sign in yet."""
    return not _has_admin(session)


def can_be_set_up(session: Session, actor: Actor, token: str) -> bool:
    """Whether ``token`` is the newest one-time link's."""
    workspace = session.get(Workspace, 1)
    return (
        workspace is not None
        and workspace.setup_token_hash == sessions.hash_token(token)
        and not _has_admin(session)
    )


def first_admin_link(session: Session, address: str) -> str | None:
    """A new one-time link to make the first admin, or None when there is one. Earlier links stop working."""
    if _has_admin(session):
        return None
    token = secrets.token_urlsafe(24)
    workspace = get_workspace(session)
    workspace.setup_token_hash = sessions.hash_token(token)
    session.add(workspace)
    return f"{address}/setup?token={token}"


def check_set_up(
    session: Session,
    actor: Actor,
    token: str,
    *,
    workspace_name: str,
    name: str,
    email: str,
    password: str,
    time_zone: str,
) -> None:
    """Whether :func:`set_up` may follow, once the password is hashed.

    Raises:
        NotAllowed: the link is used up, or isn't ours.
        InvalidInput: fields can't be taken; it names all of them.
    """
    if not can_be_set_up(session, actor, token):
        raise NotAllowed(_USED_UP)
    check_all(
        lambda: _clean_name(workspace_name),
        lambda: accounts.check_new_user(
            session,
            email=email,
            name=name,
            password=password,
            workspace=workspace_name,
            time_zone=time_zone,
        ),
    )


def set_up(
    session: Session,
    actor: Actor,
    token: str,
    *,
    workspace_name: str,
    name: str,
    email: str,
    password_hash: str,
    time_zone: str,
    default_region: str,
) -> UserProfile:
    """Make the first admin, once. ``actor`` is the program.

    Raises:
        NotAllowed: the link is used up, or isn't ours.
        InvalidInput: a field can't be taken.
    """
    workspace_name = _clean_name(workspace_name)
    used = session.exec(
        update(Workspace)
        .where(
            col(Workspace.setup_token_hash) == sessions.hash_token(token),
        )
        .values(setup_token_hash=None, name=workspace_name)
    )
    if used.rowcount != 1 or _has_admin(session):
        raise NotAllowed(_USED_UP)
    return accounts.create_user(
        session,
        actor,
        email=email,
        name=name,
        password_hash=password_hash,
        role=Role.ADMIN,
        status=UserStatus.APPROVED,
        time_zone=time_zone,
        default_region=default_region,
    )


def _has_admin(session: Session) -> bool:
    found = session.exec(select(UserProfile.id).where(UserProfile.role == Role.ADMIN)).first()
    return found is not None


def _clean_name(name: str) -> str:
    ask = "Enter the name of your business."
    return clean_name(name, longest=80, when_empty=ask, field="workspace_name")


# The frame of each page --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShellFacts:
    """What the sidebar says, on every page."""

    workspace_name: str
    user_name: str
    is_admin: bool
    appearance: str
    time_zone: str
    live_campaigns: int
    sending_per_second: float
    waiting_people: int  # for an admin to approve; 0 for everybody else


def shell_facts(session: Session, actor: Actor) -> ShellFacts:
    user = accounts.my_profile(session, actor)
    workspace = session.get(Workspace, 1)
    live = session.exec(
        select(func.count()).where(
            Campaign.status == CampaignStatus.SENDING, Campaign.kind == CampaignKind.CAMPAIGN
        )
    ).one()
    return ShellFacts(
        workspace_name=workspace.name if workspace else "",
        user_name=user.name,
        is_admin=user.role == Role.ADMIN,
        appearance=user.appearance,
        time_zone=user.time_zone,
        live_campaigns=live,
        sending_per_second=_rate(session) if live else 0.0,
        waiting_people=_waiting(session) if actor.is_admin else 0,
    )


def _waiting(session: Session) -> int:
    waits = UserProfile.status == UserStatus.PENDING
    return session.exec(select(func.count()).select_from(UserProfile).where(waits)).one()


def _rate(session: Session) -> float:
    """Texts a second handed to the carrier, over the last few seconds."""
    running = select(Campaign.id).where(Campaign.status == CampaignStatus.SENDING)
    handed_over = session.exec(
        select(func.count()).where(
            col(CampaignMessage.campaign_id).in_(running),
            col(CampaignMessage.status).in_([MessageStatus.SENT, MessageStatus.DELIVERED]),
            col(CampaignMessage.updated_at) > utc_now() - RATE_WINDOW,
            col(CampaignMessage.sent_at) > utc_now() - RATE_WINDOW,
        )
    ).one()
    return handed_over / RATE_WINDOW.total_seconds()
