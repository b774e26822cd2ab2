"""A walk over every event handler of every page, as somebody else and as somebody not yet approved.

The walk needs no list: it takes the handlers from the application, and makes arguments out of Ada's ids by their
annotations. A handler whose arguments it can't make up fails it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import typing
from collections.abc import Iterator
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
from mbs_app.models import CampaignMessage, Group, GroupMembership
from mbs_app.services import campaigns, imports, sessions, templates
from mbs_app.ui import session as ui_session
from mbs_app.ui.access import Access, declared_access, registered_handlers
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.campaigns import make_campaign
from tests.support.databases import SqliteDatabases
from tests.support.tabs import Tab, running, session_cookie, settle_all

SECRET = "Zarathustra"  # stands in every text of Ada's that a page could show
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
def world(sqlite_databases: SqliteDatabases) -> Iterator[tuple[Ada, dict[str, str]]]:
    """Ada, and the session cookies of Bob and of those not approved."""
    ui_session.forget_answers()
    with sqlite_databases.fresh() as url:
        engine = db.configure(url)
        with db.transaction(SYSTEM) as session:
            ada = actor_of(make_user(session, "ada@example.com", name=SECRET))
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
        yield Ada(ada, _make_things(ada)), cookies
        engine.dispose()


def _cookie(session: Any, email: str, status: str, role: str) -> str:
    user = make_user(session, email, status=status, role=role, name="Bob")
    return session_cookie(sessions.start(session, user, keep=False)[0])


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


def _handlers() -> list[tuple[str, Any]]:
    """Every handler of the product's own pages that isn't open to anybody."""
    return [
        (name, registered)
        for name, registered in registered_handlers().items()
        if registered.states[0].__module__.startswith("mbs_app.")
        and declared_access(registered) in (Access.SIGNED_IN, Access.ADMIN)
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
            if name in OWN_TRACES:
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


def _walk(cookie: str, ada: Ada) -> list[dict[str, Any]]:
    """Send every handler every made-up payload from each of Ada's pages; all that came back."""

    async def go() -> list[dict[str, Any]]:
        tabs: list[tuple[str, Tab]] = []
        async with running(app) as open_tab:
            for name, registered in _handlers():
                tab = await open_tab(cookie)
                tabs.append((name, tab))
                for path, query in ada.paths:
                    for payload in _payloads(registered.handler.fn, ada.ids):
                        await tab.post(name, payload, path, query)
            await settle_all([tab for _, tab in tabs])
            return [{"name": name, "updates": list(tab.updates)} for name, tab in tabs]

    return asyncio.run(go())


def _is_for_admins(name: str) -> bool:
    return declared_access(registered_handlers()[name]) is Access.ADMIN


def test_the_walk_meets_the_pages() -> None:
    assert len(_handlers()) > 50


@pytest.mark.parametrize("kind", ["bob", "root"])
def test_nobody_elses_things_are_shown_or_changed(
    world: tuple[Ada, dict[str, str]], kind: str
) -> None:
    ada, cookies = world
    before = _rows_of(ada.actor)
    for answer in _walk(cookies[kind], ada):
        shown = json.dumps(answer["updates"], default=repr)
        if kind == "root" and _is_for_admins(answer["name"]):
            # Accounts and the audit log have names of people and things in them, and no more.
            for name in (f"{SECRET} sale", f"{SECRET} draft", f"{SECRET}.csv", f'"{SECRET}"'):
                shown = shown.replace(name, "")
        assert SECRET not in shown, answer["name"]
    after = _rows_of(ada.actor)
    if kind == "root":  # an admin may rename the business, which is nobody's
        before.pop("workspace")
        after.pop("workspace")
    assert after == before


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
