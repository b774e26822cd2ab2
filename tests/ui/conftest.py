"""What tests of the pages stand on: a database of their own, and people signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mbs_app import db
from mbs_app.ui import session
from tests.support.accounts import SYSTEM, make_user
from tests.support.databases import SqliteDatabases
from tests.support.tabs import signed_in_cookie


@pytest.fixture
def pages_database(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """An empty database, of whose people the pages remember nothing yet; its address."""
    session.forget_answers()
    with sqlite_databases.fresh() as url:
        engine = db.configure(url)
        yield url
        engine.dispose()


@pytest.fixture
def cookies(pages_database: str) -> tuple[str, str]:
    """The session cookies of two users."""
    with db.transaction(SYSTEM) as work:
        ann, sam = make_user(work), make_user(work, "sam@example.com")
        return signed_in_cookie(work, ann), signed_in_cookie(work, sam)
