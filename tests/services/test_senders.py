"""The sender the environment names, and what an admin may change about it."""

from __future__ import annotations

import pytest

from mbs_app import db
from mbs_app.domain.errors import InvalidInput, NotAllowed, NotFound
from mbs_app.models import new_id
from mbs_app.providers.simulator import credentials
from mbs_app.services import senders
from mbs_app.settings import Settings, read_settings
from tests.support.accounts import SYSTEM, make_actor

TWILIO = {
    "twilio_account_sid": "AC" + "1" * 32,
    "twilio_auth_token": "secret",
    "twilio_phone_number": "+15125550199",
}


def settings(**values: object) -> Settings:
    return read_settings(_env_file=None, **values)


def test_a_start_makes_the_sender_and_a_later_one_keeps_what_was_set(database: str) -> None:
    admin = make_actor(role="admin")
    with db.transaction(SYSTEM) as session:
        made = senders.sync_senders(session, settings(texts_per_second=3, price_per_segment=0.01))
        assert (made.address, made.label) == (credentials.FROM_NUMBER, "Simulator")
        assert (made.segments_per_second, made.price_per_segment_micros) == (3, 10_000)
    with db.transaction(admin) as session:
        senders.update_sender(session, admin, made.id, label=" Shop ", segments_per_second=1.5)
    with db.transaction(SYSTEM) as session:
        again = senders.sync_senders(session, settings(texts_per_second=99))
        assert (again.id, again.label, again.segments_per_second) == (made.id, "Shop", 1.5)


def test_a_number_no_longer_named_is_kept_and_sends_no_more(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        senders.sync_senders(session, settings())
        senders.sync_senders(session, settings(**TWILIO))
        assert [(one.address, one.is_active) for one in senders.list_senders(session)] == [
            ("+15125550199", True),
            (credentials.FROM_NUMBER, False),
        ]
        assert len(senders.list_senders(session, active_only=True)) == 1
        back = senders.sync_senders(session, settings())
        assert back.is_active


def test_a_messaging_service_is_the_sender_where_one_is_named(database: str) -> None:
    service = "MG" + "2" * 32
    with db.transaction(SYSTEM) as session:
        made = senders.sync_senders(
            session, settings(**TWILIO, twilio_messaging_service_sid=service)
        )
        assert made.address == service


def test_only_an_admin_changes_a_sender_and_only_to_what_makes_sense(database: str) -> None:
    maya, admin = make_actor(), make_actor("root@example.com", role="admin")
    with db.transaction(SYSTEM) as session:
        sender = senders.sync_senders(session, settings())
    with pytest.raises(NotAllowed), db.transaction(maya) as session:
        senders.update_sender(session, maya, sender.id, label="Mine")
    with pytest.raises(NotFound), db.transaction(admin) as session:
        senders.update_sender(session, admin, new_id(), label="None")
    for values in (
        {"segments_per_second": 0},
        {"segments_per_second": 1e9},
        {"price_per_segment_micros": -1},
    ):
        with pytest.raises(InvalidInput), db.transaction(admin) as session:
            senders.update_sender(session, admin, sender.id, **values)
