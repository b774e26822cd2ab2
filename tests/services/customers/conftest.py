"""Two marketers, and helpers that add to what they have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services import customers
from tests.support.accounts import make_actor
from tests.support.texts import Add


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


@pytest.fixture
def bob(database: str) -> Actor:
    return make_actor("bob@example.com")


@pytest.fixture
def add(maya: Actor) -> Add:
    """Add a customer: ``add("Rosa Delgado", "+15125550178", state="TX")``. Maya's, or ``actor``'s."""
    count = 0

    def _add(name: str = "", phone: str = "", *, actor: Actor = maya, **fields: Any) -> UUID:
        nonlocal count
        count += 1
        first, _, last = name.partition(" ")
        with db.transaction(actor) as session:
            return customers.create_customer(
                session,
                actor,
                phone=phone or f"+1512555{count:04}",
                first_name=first,
                last_name=last,
                **fields,
            ).id

    return _add
