"""A walk over every event handler of every page, as somebody else and as somebody not yet approved.

The walk needs no list: it takes the handlers from the application, and makes arguments out of Ada's ids by their
annotations. A handler whose arguments it can't make up fails it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import typing
from typing import Any
from uuid import UUID

import pytest
import reflex as rx
import sqlalchemy as sa
from sqlmodel import SQLModel

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import MessageStatus, Role, UserStatus
from mbs_app.mbs_app import app
from mbs_app.models import CampaignMessage, Group, GroupMembership, InviteCode
from mbs_app.services import campaigns, imports, sessions, templates
from mbs_app.ui.access import Access, declared_access, registered_handlers
from tests.support.accounts import SYSTEM, actor_of, add_api_key, make_user
from tests.support.campaigns import make_campaign
from tests.support.tabs import Tab, running, settle_all, signed_in_cookie

SECRET = "Zarathustra"  # stands in every text of Ada's that a page could show
HER_NAME = "Nausicaa Vane"  # her account's, which admins see in the team, and nobody else
# Rows that trying leaves of itself.
OWN_TRACES = {"audit_events", "sessions", "sign_in_attempts", "worker_beats"}


class Ada:
    """Somebody with one thing of each kind, and their ids."""

    def __init__(self, actor: Actor, ids: dict[str, str]) -> None:
        self.actor, self.ids = actor, ids

    @property
    def paths(self) -> list[tuple[str, dict[str, str]]]:
        """The pages of her things, as a tab's router has them."""
        shown = {
            "customer_id": "/customers/{}",
            "campaign_id": "/campaigns/{}",
            "draft_id": "/campaigns/{}/edit",
            "import_id": "/import/{}",
        }
        return [
            (path.format(self.ids[name]), {name.replace("draft", "campaign"): self.ids[name]})
            for name, path in shown.items()
        ]


@pytest.fixture
def world(pages_database: str) -> tuple[Ada, dict[str, str]]:
    """Ada, and the session cookies of Bob and of those not approved."""
    with db.transaction(SYSTEM) as session:
        user = make_user(session, "ada@example.com", name=HER_NAME)
        ada = actor_of(user)
        invite = InviteCode(code="LAKE-7QF2-M9KD", notes=HER_NAME, created_by=ada.user_id)
        session.add(invite)
        cookies = {
            kind: _cookie(session, f"{kind}@example.com", status, role)
            for kind, status, role in (
                ("bob", UserStatus.APPROVED, Role.USER),
                ("root", UserStatus.APPROVED, Role.ADMIN),
                ("pending", UserStatus.PENDING, Role.USER),
                ("rejected", UserStatus.REJECTED, Role.USER),
                ("suspended", UserStatus.SUSPENDED, Role.ADMIN),
            )
        }
        ada_here = sessions.find_standing(session, sessions.start(session, user, keep=True)[0])
        key_id, _ = add_api_key(session, user, "read", name=f"{SECRET} key")
    account = {
        "user_id": str(ada.user_id),
        "invite_id": str(invite.id),
        "session_id": str(ada_here.actor.session_id),
        "key_id": str(key_id),
    }
    return Ada(ada, {**_make_things(ada), **account}), cookies


def _cookie(session: Any, email: str, status: str, role: str) -> str:
    user = make_user(session, email, status=status, role=role, name="Bob")
    return signed_in_cookie(session, user)


def _make_things(ada: Actor) -> dict[str, str]:
    with db.transaction(ada) as session:
        running_campaign = make_campaign(
            session, ada, {MessageStatus.PENDING: 2, MessageStatus.FAILED: 1}, name=f"{SECRET} sale"
        )
        message = session.exec(sa.select(CampaignMessage)).scalars().first()
        assert message is not None and ada.user_id is not None
        message.message_body = f"Hi {SECRET}"
        group = Group(user_id=ada.user_id, name=f"{SECRET} group")
        session.add_all([message, group])
        session.flush()
        assert message.customer_id is not None
        session.add(
            GroupMembership(user_id=ada.user_id, group_id=group.id, customer_id=message.customer_id)
        )
        template = templates.create_template(
            session, ada, name=f"{SECRET} template", message_body=f"{SECRET} says hi"
        )
        draft = campaigns.create_draft(session, ada, name=f"{SECRET} draft", message_body="Hi")
        file = f"Mobile,First name\n+15125557777,{SECRET}\n".encode()
        upload = imports.upload(session, ada, f"{SECRET}.csv", [file])
        return {
            "customer_id": str(message.customer_id),
            "campaign_id": str(running_campaign.id),
            "draft_id": str(draft.id),
            "message_id": str(message.id),
            "group_id": str(group.id),
            "template_id": str(template.id),
            "import_id": str(upload.id),
        }


def _handlers(*accesses: Access) -> list[tuple[str, Any]]:
    """Every handler of the product's own pages that isn't open to anybody, or those of some accesses."""
    wanted = accesses or set(Access) - {Access.PUBLIC}
    return [
        (name, registered)
        for name, registered in registered_handlers().items()
        if registered.states[0].__module__.startswith("mbs_app.")
        and declared_access(registered) in wanted
    ]


def _payloads(function: Any, ids: dict[str, str]) -> list[dict[str, Any]]:
    """Arguments for a handler: each of Ada's ids in turn wherever an id could go."""
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    if not parameters:
        return [{}]
    hints = typing.get_type_hints(function)
    return [
        {
            parameter.name: _value(function, parameter.name, hints[parameter.name], one, ids)
            for parameter in parameters
        }
        for one in ids.values()
    ]


def _value(function: Any, name: str, hint: Any, one: str, ids: dict[str, str]) -> Any:
    for kind in (hint, *typing.get_args(hint)):
        base = typing.get_origin(kind) or kind
        if base in (str, UUID, Any):
            return one
        if base is bool:
            return True
        if base in (int, float):
            return 1
        if base is dict:
            return {**ids, "id": one, "name": "Bob’s", "label": "Bob’s", "phone": "+15125550177"}
        if base in (list, tuple):
            return list(ids.values())
        if base is rx.UploadChunkIterator:
            return one  # a file comes by another door; in its place anything is refused
    raise AssertionError(f"no made-up value for {function.__qualname__}({name}: {hint})")


def _rows_of(ada: Actor) -> dict[str, list[str]]:
    """All that is Ada's, and all that is nobody's."""
    found: dict[str, list[str]] = {}
    with db.transaction(SYSTEM, read_only=True) as session:
        for name, table in SQLModel.metadata.tables.items():
            if name in OWN_TRACES - {"sessions"}:
                continue
            query = table.select()
            if "user_id" in table.c:
                query = query.where(
                    sa.or_(table.c.user_id == ada.user_id, table.c.user_id.is_(None))
                )
            elif name == "user_profiles":
                query = query.where(table.c.id == ada.user_id)
            found[name] = sorted(map(repr, session.connection().execute(query).all()))
    return found


def _walk(cookie: str, ada: Ada, *accesses: Access) -> list[dict[str, Any]]:
    """Send every handler every made-up payload from each of Ada's pages; all that came back."""

    async def go() -> list[dict[str, Any]]:
        tabs: list[tuple[str, Tab]] = []
        async with running(app) as open_tab:
            for name, registered in _handlers(*accesses):
                tab = await open_tab(cookie)
                tabs.append((name, tab))
                for path, query in ada.paths:
                    for payload in _payloads(registered.handler.fn, ada.ids):
                        await tab.post(name, payload, path, query)
            await settle_all([tab for _, tab in tabs])
            return [{"name": name, "updates": list(tab.updates)} for name, tab in tabs]

    return asyncio.run(go())


def test_the_walk_meets_the_pages() -> None:
    assert len(_handlers()) > 50


def test_nobody_elses_things_are_shown_or_changed(world: tuple[Ada, dict[str, str]]) -> None:
    ada, cookies = world
    before = _rows_of(ada.actor)
    for answer in _walk(cookies["bob"], ada):
        shown = json.dumps(answer["updates"], default=repr)
        assert SECRET not in shown and HER_NAME not in shown, answer["name"]
    assert _rows_of(ada.actor) == before


# What admins administrate: accounts and how people get in, and the workspace. None of it is what somebody owns.
ADMINISTRATED = {"user_profiles", "invite_codes", "workspace", "outgoing_mails", "sessions"}


def test_an_admin_sees_and_changes_accounts_and_nothing_that_their_owners_have(
    world: tuple[Ada, dict[str, str]],
) -> None:
    ada, cookies = world
    before = _rows_of(ada.actor)
    for answer in _walk(cookies["root"], ada, *(set(Access) - {Access.PUBLIC, Access.ADMIN})):
        shown = json.dumps(answer["updates"], default=repr)
        assert SECRET not in shown and HER_NAME not in shown, answer["name"]
    assert _rows_of(ada.actor) == before
    for answer in _walk(cookies["root"], ada, Access.ADMIN):
        shown = json.dumps(answer["updates"], default=repr)
        # The audit log has names of things in it, and no more.
        for name in (f"{SECRET} sale", f"{SECRET} draft", f"{SECRET} key", f"{SECRET}.csv"):
            shown = shown.replace(name, "")
        assert SECRET not in shown, answer["name"]
    after = _rows_of(ada.actor)
    for name in before.keys() - ADMINISTRATED:
        assert after[name] == before[name], name


@pytest.mark.parametrize("kind", ["bob", "pending", "rejected", "suspended"])
def test_what_is_for_admins_never_runs_for_anybody_else(
    world: tuple[Ada, dict[str, str]], kind: str
) -> None:
    """The suspended one is an admin by role."""
    ada, cookies = world
    for answer in _walk(cookies[kind], ada, Access.ADMIN):
        updates = answer["updates"]
        # Each is answered with a refusal, and with no variable of a page's.
        assert updates, answer["name"]
        assert all(one["events"] and not one["delta"] for one in updates), answer["name"]


@pytest.mark.parametrize("kind", ["pending", "rejected", "suspended"])
def test_who_is_not_approved_runs_nothing(world: tuple[Ada, dict[str, str]], kind: str) -> None:
    ada, cookies = world
    with db.transaction(SYSTEM, read_only=True) as session:
        tables = {
            name: sorted(map(repr, session.connection().execute(table.select()).all()))
            for name, table in SQLModel.metadata.tables.items()
            if name not in OWN_TRACES
        }
    for answer in _walk(cookies[kind], ada):
        assert SECRET not in json.dumps(answer["updates"], default=repr), answer["name"]
    with db.transaction(SYSTEM, read_only=True) as session:
        for name, rows in tables.items():
            table = SQLModel.metadata.tables[name]
            assert sorted(map(repr, session.connection().execute(table.select()).all())) == rows
