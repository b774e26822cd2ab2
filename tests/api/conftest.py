"""The API over HTTP, against both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.vocabulary import Role, UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import sessions
from mbs_app.services.accounts import find_user
from tests.support.accounts import SYSTEM, make_user

SignIn = Callable[..., tuple[TestClient, UserProfile]]


@pytest.fixture
def anonymous(database: str) -> TestClient:
    return TestClient(create_api(), base_url="http://localhost:8000", raise_server_exceptions=False)


@pytest.fixture
def signed_in(database: str) -> SignIn:
    """Call it with an address to get a client that is signed in, and the user.

    The same address twice is the same person in another browser.
    """

    def sign_in(
        email: str = "maya@example.com",
        *,
        role: str = Role.USER,
        status: str = UserStatus.APPROVED,
    ) -> tuple[TestClient, UserProfile]:
        with db.transaction(SYSTEM) as session:
            user = find_user(session, email)
            if user is None:
                user = make_user(session, email, role=role, status=status)
            token, _ = sessions.start(session, user, keep=False)
        client = TestClient(
            create_api(),
            base_url="http://localhost:8000",
            cookies={"mbs_session": token},
            raise_server_exceptions=False,
        )
        return client, user

    return sign_in


@pytest.fixture
def with_bearer(database: str) -> Callable[[str], TestClient]:
    """Call it with an API key or an access token to get a program's client."""

    def client(token: str) -> TestClient:
        return TestClient(
            create_api(),
            base_url="http://localhost:8000",
            headers={"authorization": f"Bearer {token}"},
            raise_server_exceptions=False,
        )

    return client
