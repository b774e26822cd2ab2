"""Codes of an authenticator app: the right time, once each, however many try at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.services import workspace
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import authenticators, methods_of
from tests.support.accounts import SYSTEM
from tests.support.second_factors import code_of, give_authenticator
from tests.support.sessions import sign_in, user_of

VISITOR = Visitor("198.51.100.7", "curl/8.5.0")


def _takes(mayas: tuple[str, UUID], code: str) -> bool:
    _, user_id = mayas
    with db.transaction(SYSTEM) as session:
        app = authenticators.find(session, user_id)
        assert app is not None
        return authenticators.takes(session, app, code)


@pytest.fixture
def mayas(database: str) -> tuple[str, UUID]:
    """The secret of Maya’s app, and her id."""
    user = user_of(sign_in())
    return give_authenticator(user), user.id


@pytest.mark.parametrize(
    ("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_counts_half_a_minute_early_and_late(
    mayas: tuple[str, UUID], steps: int, taken: bool
) -> None:
    secret, user_id = mayas
    at = utc_now()
    with db.transaction(SYSTEM) as session:
        app = authenticators.find(session, user_id)
        assert app is not None
        assert authenticators.takes(session, app, code_of(secret, steps=steps, at=at), at) is taken


def test_a_code_and_all_before_it_are_taken_once(mayas: tuple[str, UUID]) -> None:
    secret, _ = mayas
    assert _takes(mayas, code_of(secret))
    assert not _takes(mayas, code_of(secret))
    assert not _takes(mayas, code_of(secret, steps=-1))
    assert _takes(mayas, code_of(secret, steps=1))


def test_one_code_shown_by_many_at_once_is_taken_once(mayas: tuple[str, UUID]) -> None:
    code = code_of(mayas[0])
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda _: _takes(mayas, code), range(16)))
    assert taken.count(True) == 1


def test_an_unconfirmed_app_is_no_second_factor(database: str) -> None:
    actor = sign_in()
    user = user_of(actor)
    with db.transaction(actor) as session:
        made = authenticators.begin_setup(session, actor)
        assert methods_of(session, user.id) == []
    assert made.secret_to_type.replace(" ", "") == made.secret
    with pytest.raises(InvalidInput), db.transaction(actor) as session:
        authenticators.confirm_setup(session, actor, "000000x", VISITOR)
    with db.transaction(actor) as session:
        authenticators.confirm_setup(session, actor, code_of(made.secret), VISITOR)
        assert methods_of(session, user.id) == ["authenticator"]
    with pytest.raises(NotFound), db.transaction(actor) as session:
        authenticators.confirm_setup(session, actor, code_of(made.secret, steps=1), VISITOR)


def test_the_last_one_stays_while_the_workspace_asks_for_it(database: str) -> None:
    actor = sign_in(with_second_factor=True)
    user = user_of(actor)
    give_authenticator(user)
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).second_factor_for = SecondFactorFor.EVERYBODY
    with pytest.raises(Conflict), db.transaction(actor) as session:
        authenticators.remove(session, actor, VISITOR)
    with db.transaction(SYSTEM) as session:
        assert authenticators.find(session, user.id) is not None


def test_another_user_sees_and_removes_nothing_of_mine(mayas: tuple[str, UUID]) -> None:
    eve = sign_in("eve@example.com")
    with pytest.raises(NotFound), db.transaction(eve) as session:
        authenticators.remove(session, eve, VISITOR)
    with db.transaction(eve) as session:
        assert authenticators.find(session, mayas[1]) is None


def test_with_another_installations_secret_no_code_is_right_and_the_log_says_why(
    mayas: tuple[str, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    with db.transaction(SYSTEM) as session:
        app = authenticators.find(session, mayas[1])
        assert app is not None
        app.secret = "gAAAAA" + app.secret[6:][::-1]
        session.add(app)
    assert not _takes(mayas, code_of(mayas[0]))
    assert "SECRET_KEY" in caplog.text and mayas[0] not in caplog.text
