"""A walk over every route of the API, as anybody who must not get through.

``CALLS`` has one call a route, made with things of Ada's. A route that is missing there fails the first test, so
that no new one is left out.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlmodel import SQLModel, select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import (
    ExternalIdentity,
    Group,
    GroupMembership,
    InviteCode,
    Passkey,
    UserSession,
)
from mbs_app.services import campaigns, imports, templates
from mbs_app.webhooks import resend, twilio
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM, actor_of, add_api_key
from tests.support.campaigns import make_campaign, make_customers

PUBLIC = {
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/passkey"),
    ("POST", "/api/auth/passkey/options"),
    ("GET", "/api/auth/provider/start"),
    ("GET", "/api/auth/provider/callback"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/renew"),
    ("POST", "/api/auth/password-check"),
    ("POST", "/api/auth/register"),
    # These three ask for the cookie of a sign-in that was begun (tests/api/test_second_step.py).
    ("POST", "/api/auth/second-factor"),
    ("POST", "/api/auth/second-factor/passkey"),
    ("POST", "/api/auth/second-factor/passkey/options"),
    ("POST", "/api/auth/setup"),
    ("POST", "/api/confirm-email"),
    ("POST", "/api/password-reset/confirm"),
    ("POST", "/api/password-reset/request"),
    ("POST", "/api/password-reset/validate"),
    ("GET", "/api/docs"),
    ("GET", "/api/health"),
    ("GET", "/api/openapi.json"),
    # These three ask for the provider's signature (tests/webhooks).
    ("POST", "/webhooks/resend"),
    ("POST", "/webhooks/twilio/status"),
    ("POST", "/webhooks/twilio/inbound"),
}
NOTHING_OF_ADAS = {"data": [], "next_cursor": None}
ONES_OWN = "one's own"  # answers anybody signed in, with their own things only
# Open to an account that isn't approved: to leave again.
FOR_ANY_ACCOUNT = {("POST", "/api/auth/logout")}

# What Bob gets when he asks for, or tries to change, what is Ada's.
CALLS: dict[tuple[str, str], tuple[dict[str, Any], Any]] = {
    ("POST", "/api/auth/logout"): ({}, ONES_OWN),
    ("GET", "/api/admin/audit"): ({}, 403),
    ("GET", "/api/admin/audit/export.csv"): ({}, 403),
    ("GET", "/api/auth/provider/connect"): ({}, ONES_OWN),
    ("GET", "/api/admin/overview"): ({}, 403),
    ("POST", "/api/auth/confirm/code"): ({"json": {"code": "123456"}}, ONES_OWN),
    ("POST", "/api/auth/confirm/passkey"): ({"json": {"credential": {}}}, ONES_OWN),
    ("POST", "/api/auth/confirm/passkey/options"): ({}, ONES_OWN),
    ("POST", "/api/auth/confirm/password"): ({"json": {"password": "a guess"}}, ONES_OWN),
    ("POST", "/api/admin/password-reset"): (
        {"json": {"user_id": "0198c0de-0000-7000-8000-000000000000", "reason": "Called"}},
        403,
    ),
    ("GET", "/api/admin/password-resets"): ({}, 403),
    ("DELETE", "/api/admin/password-resets/{reset_id}"): ({}, 403),
    ("POST", "/api/auth/password"): (
        {"json": {"current_password": "not it", "password": "lamps in the evening rain"}},
        ONES_OWN,
    ),
    ("GET", "/api/admin/mails"): ({}, 403),
    ("GET", "/api/admin/mails/set-aside"): ({}, 403),
    ("DELETE", "/api/admin/mails/set-aside/{set_aside_id}"): ({}, 403),
    ("GET", "/api/admin/invites"): ({}, 403),
    ("POST", "/api/admin/invites"): ({"json": {"note": "Eve’s"}}, 403),
    ("DELETE", "/api/admin/invites/{invite_id}"): ({}, 403),
    ("POST", "/api/admin/invites/{invite_id}/send"): ({"json": {"email": "eve@example.com"}}, 403),
    ("GET", "/api/admin/invites/{invite_id}/people"): ({}, 403),
    ("GET", "/api/admin/users"): ({}, 403),
    ("GET", "/api/admin/users/{user_id}"): ({}, 403),
    ("PUT", "/api/admin/users/{user_id}"): (
        {"json": {"role": "admin", "status": "suspended", "reason": "Eve says so"}},
        403,
    ),
    ("GET", "/api/customers"): ({}, NOTHING_OF_ADAS),
    ("POST", "/api/customers"): ({"json": {"phone": "+15125550199"}}, ONES_OWN),
    ("GET", "/api/customers/export.csv"): ({}, ONES_OWN),
    ("GET", "/api/customers/{customer_id}"): ({}, 404),
    ("PUT", "/api/customers/{customer_id}"): ({"json": {"first_name": "Eve"}}, 404),
    ("DELETE", "/api/customers/{customer_id}"): ({}, 404),
    ("POST", "/api/customers/import"): (
        {"files": {"file": ("a.csv", b"Mobile\n+15125550199\n", "text/csv")}},
        ONES_OWN,
    ),
    ("GET", "/api/customers/import/{import_id}"): ({}, 404),
    ("PUT", "/api/customers/import/{import_id}"): ({"json": {"has_header": False}}, 404),
    ("DELETE", "/api/customers/import/{import_id}"): ({}, 404),
    ("POST", "/api/customers/import/{import_id}/start"): ({}, 404),
    ("POST", "/api/customers/import/{import_id}/stop"): ({}, 404),
    ("GET", "/api/customers/import/{import_id}/refused.csv"): ({}, 404),
    ("GET", "/api/groups"): ({}, NOTHING_OF_ADAS),
    ("POST", "/api/groups"): ({"json": {"name": "Loyalty"}}, ONES_OWN),
    ("PUT", "/api/groups/{group_id}"): ({"json": {"name": "Eve’s"}}, 404),
    ("DELETE", "/api/groups/{group_id}"): ({}, 404),
    ("GET", "/api/groups/{group_id}/members"): ({}, 404),
    ("POST", "/api/groups/{group_id}/members"): (
        {"json": {"customer_ids": ["{customer_id}"]}},
        404,
    ),
    ("DELETE", "/api/groups/{group_id}/members/{customer_id}"): ({}, 404),
    ("GET", "/api/templates"): ({}, NOTHING_OF_ADAS),
    ("POST", "/api/templates"): ({"json": {"name": "A", "message_body": "Hi"}}, ONES_OWN),
    ("PUT", "/api/templates/{template_id}"): ({"json": {"name": "Eve’s"}}, 404),
    ("DELETE", "/api/templates/{template_id}"): ({}, 404),
    ("GET", "/api/campaigns"): ({}, NOTHING_OF_ADAS),
    ("POST", "/api/campaigns"): ({"json": {"name": "Sale"}}, ONES_OWN),
    ("GET", "/api/campaigns/{campaign_id}"): ({}, 404),
    ("PUT", "/api/campaigns/{campaign_id}"): ({"json": {"name": "Eve’s"}}, 404),
    ("DELETE", "/api/campaigns/{campaign_id}"): ({}, 404),
    ("POST", "/api/campaigns/{campaign_id}/send"): ({}, 404),
    ("POST", "/api/campaigns/{campaign_id}/pause"): ({}, 404),
    ("POST", "/api/campaigns/{campaign_id}/resume"): ({}, 404),
    ("POST", "/api/campaigns/{campaign_id}/cancel"): ({}, 404),
    ("GET", "/api/campaigns/{campaign_id}/failures.csv"): ({}, 404),
    ("GET", "/api/campaigns/{campaign_id}/left-out.csv"): ({}, 404),
    ("GET", "/api/keys"): ({}, NOTHING_OF_ADAS),
    ("POST", "/api/keys"): ({"json": {"name": "Stock sync", "scopes": ["read"]}}, ONES_OWN),
    ("DELETE", "/api/keys/{key_id}"): ({}, 404),
    ("GET", "/api/me"): ({}, ONES_OWN),
    ("PUT", "/api/me"): ({"json": {"name": "Eve"}}, ONES_OWN),
    ("POST", "/api/me/email"): (
        {"json": {"email": "new@example.com", "password": "wrong"}},
        ONES_OWN,
    ),
    ("DELETE", "/api/me/email"): ({}, ONES_OWN),
    ("GET", "/api/sessions"): ({}, ONES_OWN),
    ("DELETE", "/api/sessions"): ({}, ONES_OWN),
    ("DELETE", "/api/sessions/{session_id}"): ({}, 404),
    ("GET", "/api/me/second-factor"): ({}, ONES_OWN),
    ("POST", "/api/me/authenticator"): ({}, ONES_OWN),
    ("DELETE", "/api/me/authenticator"): ({}, ONES_OWN),
    ("POST", "/api/me/authenticator/confirm"): ({"json": {"code": "123456"}}, ONES_OWN),
    ("POST", "/api/me/recovery-codes"): ({}, ONES_OWN),
    ("GET", "/api/me/identities"): ({}, []),
    ("DELETE", "/api/me/identities/{identity_id}"): ({}, 404),
    ("GET", "/api/me/passkeys"): ({}, []),
    ("POST", "/api/me/passkeys"): ({"json": {"name": "Laptop", "credential": {}}}, ONES_OWN),
    ("POST", "/api/me/passkeys/options"): ({}, ONES_OWN),
    ("PUT", "/api/me/passkeys/{passkey_id}"): ({"json": {"name": "Eve’s"}}, 404),
    ("DELETE", "/api/me/passkeys/{passkey_id}"): ({}, 404),
    ("GET", "/api/admin/security"): ({}, 403),
    ("PUT", "/api/admin/security"): ({"json": {"second_factor_for": "everybody"}}, 403),
    ("DELETE", "/api/admin/users/{user_id}/second-factor"): ({}, 403),
    ("DELETE", "/api/admin/users/{user_id}/sessions"): ({}, 403),
}


def _routes() -> set[tuple[str, str]]:
    api = create_api()
    api.include_router(twilio.router)
    api.include_router(resend.router)
    return {
        (method, str(route.path))
        for route in iter_route_contexts(api.routes)
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.fixture
def adas(database: str, signed_in: SignIn) -> tuple[TestClient, Actor, dict[str, str]]:
    """Ada, signed in, with one thing of each kind."""
    client, user = signed_in("ada@example.com")
    ada = actor_of(user)
    with db.transaction(SYSTEM) as session:
        invite = InviteCode(code="LAKE-7QF2-M9KD", created_by=user.id)
        session.add(invite)
    with db.transaction(ada) as session:
        (customer,) = make_customers(session, ada, 1)
        group = Group(user_id=user.id, name="Loyalty")
        session.add(group)
        session.flush()
        session.add(GroupMembership(user_id=user.id, group_id=group.id, customer_id=customer.id))
        template = templates.create_template(session, ada, name="Sale", message_body="Hi")
        draft = campaigns.create_draft(session, ada, name="Sale", message_body="Hi")
        key_id, _ = add_api_key(session, user, "read")
        passkey = Passkey(user_id=user.id, name="Laptop", credential_id="YWRh", public_key="YWRh")
        identity = ExternalIdentity(user_id=user.id, issuer="https://login.example", subject="ada")
        session.add_all([passkey, identity])
        upload = imports.upload(session, ada, "a.csv", [b"Mobile\n+15125550177\n"])
        things = {
            "customer_id": str(customer.id),
            "group_id": str(group.id),
            "template_id": str(template.id),
            "campaign_id": str(draft.id),
            "import_id": str(upload.id),
            "reset_id": str(uuid4()),
            "invite_id": str(invite.id),
            "key_id": str(key_id),
            "session_id": str(session.exec(select(UserSession.id)).first()),
            "passkey_id": str(passkey.id),
            "identity_id": str(identity.id),
            "user_id": str(user.id),
            "set_aside_id": str(uuid4()),
        }
    return client, ada, things


def call(client: TestClient, route: tuple[str, str], things: dict[str, str]) -> Any:
    method, path = route
    call, _ = CALLS[route]
    filled = {
        key: _filled(value, things) if key == "json" else value for key, value in call.items()
    }
    return client.request(method, path.format(**things), **filled)


def _filled(body: Any, things: dict[str, str]) -> Any:
    return {
        key: [item.format(**things) for item in value] if isinstance(value, list) else value
        for key, value in body.items()
    }


def everything() -> dict[str, list[Any]]:
    """All rows of all tables but those that the attempts themselves leave."""
    left_by_trying = {"audit_events", "sessions", "sign_in_attempts"}
    with db.transaction(SYSTEM, read_only=True) as session:
        return {
            name: sorted(map(repr, session.connection().execute(table.select()).all()))
            for name, table in SQLModel.metadata.tables.items()
            if name not in left_by_trying
        }


def test_no_route_is_left_out_of_the_walk() -> None:
    assert _routes() == set(CALLS) | PUBLIC


@pytest.mark.parametrize("kind", ["anonymous", "pending", "rejected", "suspended"])
def test_nobody_gets_in_without_an_approved_account(
    adas: tuple[TestClient, Actor, dict[str, str]],
    anonymous: TestClient,
    signed_in: SignIn,
    kind: str,
) -> None:
    client = anonymous if kind == "anonymous" else signed_in(f"{kind}@example.com", status=kind)[0]
    before = everything()
    for route in CALLS.keys() - (FOR_ANY_ACCOUNT if kind != "anonymous" else set()):
        answer = call(client, route, adas[2])
        assert answer.status_code == (401 if kind == "anonymous" else 403), route
        assert answer.headers["content-type"] == "application/problem+json"
    assert everything() == before


def test_another_owner_sees_and_changes_nothing(
    adas: tuple[TestClient, Actor, dict[str, str]], signed_in: SignIn
) -> None:
    bob, _ = signed_in("bob@example.com")
    before = everything()
    for route, (_, expected) in CALLS.items():
        if expected == ONES_OWN:
            continue
        answer = call(bob, route, adas[2])
        if isinstance(expected, int):
            assert answer.status_code == expected, (route, answer.text)
        else:
            assert answer.json() == expected, route
    assert everything() == before
    export = bob.get("/api/customers/export.csv").text
    assert "+1512" not in export and "555" not in export


def test_an_admin_sees_other_peoples_things_no_more_than_a_user_does(
    adas: tuple[TestClient, Actor, dict[str, str]], signed_in: SignIn
) -> None:
    admin, _ = signed_in("root@example.com", role="admin")
    assert admin.get("/api/customers").json() == NOTHING_OF_ADAS
    assert admin.get(f"/api/campaigns/{adas[2]['campaign_id']}").status_code == 404


def test_wrong_types_are_refused_and_never_break_the_server(
    adas: tuple[TestClient, Actor, dict[str, str]],
) -> None:
    client, _, things = adas
    nonsense = [
        None,
        3,
        "text",
        [],
        {"phone": {}, "name": [], "customer_ids": "x"},
        {"audience": 3},
    ]
    for method, path in CALLS:
        if path == "/api/auth/logout":
            continue
        odd = dict.fromkeys(things, "not-an-id")
        answers = [client.request(method, path.format(**odd))]
        if method in ("POST", "PUT"):
            answers += [
                client.request(method, path.format(**things), json=body) for body in nonsense
            ]
        assert all(answer.status_code < 500 for answer in answers), (method, path)


def test_a_running_campaign_of_somebody_else_cannot_be_stopped(
    adas: tuple[TestClient, Actor, dict[str, str]], signed_in: SignIn
) -> None:
    _, ada, _ = adas
    bob, _ = signed_in("bob@example.com")
    with db.transaction(ada) as session:
        session.connection().exec_driver_sql("DELETE FROM customers")
        running = make_campaign(session, ada, {MessageStatus.PENDING: 1})
    for verb in ("pause", "resume", "cancel"):
        assert bob.post(f"/api/campaigns/{running.id}/{verb}").status_code == 404
