"""Twilio's webhooks: good, forged and replayed requests; STOP takes effect before the answer."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.delivery.pace import Pace
from mbs_app.delivery.receipts import apply_batch
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, InboundMessage, MessageEvent, Suppression
from mbs_app.providers.factory import twilio_auth_token
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio.signature import sign
from mbs_app.settings import get_settings
from mbs_app.webhooks import twilio
from tests.support.accounts import SYSTEM, make_actor
from tests.support.campaigns import make_campaign

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(database: str) -> TestClient:
    api = create_api()
    api.include_router(twilio.router)
    # Providers call the public address; the host of the request itself must not matter.
    return TestClient(api, base_url="http://internal.example", raise_server_exceptions=False)


def _post(
    client: TestClient,
    path: str,
    params: dict[str, str],
    *,
    signed: dict[str, str] | None = None,
    signature: str | None = "right",
) -> int:
    url = get_settings().address + path
    if signature == "right":
        signature = sign(twilio_auth_token(get_settings()), url, signed or params)
    headers = {b"content-type": FORM.encode()}
    if signature is not None:
        headers[b"x-twilio-signature"] = signature.encode("latin-1")
    return client.post(path, content=urlencode(params), headers=headers).status_code


def _receipt(sid: str, status: str, **more: str) -> dict[str, str]:
    return {
        "MessageSid": sid,
        "MessageStatus": status,
        "To": "+15125550101",
        "From": "+15125550142",
        "AccountSid": "AC" + "0" * 32,
        "ApiVersion": "2010-04-01",
        "AddedNextYear": "",
        **more,
    }


@pytest.fixture
def sent(database: str) -> tuple[Actor, UUID, str]:
    actor = make_actor()
    with db.transaction(actor) as session:
        make_campaign(session, actor, {MessageStatus.SENT: 1})
        message = session.exec(select(CampaignMessage)).one()
        return actor, message.id, message.twilio_sid or ""


def _apply_all() -> None:
    with db.transaction(SYSTEM) as session:
        apply_batch(session, Pace())


def test_a_signed_receipt_is_kept_and_moves_the_books(
    client: TestClient, sent: tuple[Actor, UUID, str]
) -> None:
    actor, message_id, sid = sent
    assert (
        _post(client, f"/webhooks/twilio/status?m={message_id}", _receipt(sid, "delivered")) == 204
    )
    _apply_all()
    with db.transaction(actor, read_only=True) as session:
        assert session.exec(select(CampaignMessage)).one().status == "delivered"
        campaign = session.exec(select(Campaign)).one()
        assert (campaign.sent_count, campaign.delivered_count) == (0, 1)
        event = session.exec(select(MessageEvent)).one()
        assert event.payload["AddedNextYear"] == ""


def test_a_replayed_receipt_is_kept_and_changes_nothing(
    client: TestClient, sent: tuple[Actor, UUID, str]
) -> None:
    actor, message_id, sid = sent
    for status in ("delivered", "delivered", "sent", "failed"):
        _post(client, f"/webhooks/twilio/status?m={message_id}", _receipt(sid, status))
        _apply_all()
    with db.transaction(actor, read_only=True) as session:
        assert session.exec(select(CampaignMessage)).one().status == "delivered"
        assert session.exec(select(Campaign)).one().delivered_count == 1
        assert len(session.exec(select(MessageEvent)).all()) == 4


@pytest.mark.parametrize("signature", [None, "", "forged", "\xfc" * 20])
def test_a_receipt_without_a_good_signature_is_refused_and_leaves_nothing(
    client: TestClient, database: str, signature: str | None
) -> None:
    receipt = _receipt("SM1", "sent")
    assert _post(client, "/webhooks/twilio/status", receipt, signature=signature) == 403
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(MessageEvent)).all() == []


def test_a_simulated_installation_does_not_believe_who_has_read_its_source(
    client: TestClient, database: str
) -> None:
    path = "/webhooks/twilio/inbound"
    stop = _text("STOP")
    forged = sign(credentials.AUTH_TOKEN, get_settings().address + path, stop)
    assert _post(client, path, stop, signature=forged) == 403
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(Suppression)).all() == []


def test_a_changed_parameter_an_added_one_and_another_path_break_the_signature(
    client: TestClient, database: str
) -> None:
    signed = _receipt("SM1", "failed")
    path = "/webhooks/twilio/status"
    assert _post(client, path, {**signed, "MessageStatus": "delivered"}, signed=signed) == 403
    assert _post(client, path, {**signed, "Extra": "1"}, signed=signed) == 403
    good = sign(twilio_auth_token(get_settings()), get_settings().address + path, signed)
    assert _post(client, f"{path}?m={uuid4()}", signed, signature=good) == 403


def test_a_receipt_for_an_unknown_text_is_kept_and_answered(
    client: TestClient, database: str
) -> None:
    assert _post(client, f"/webhooks/twilio/status?m={uuid4()}", _receipt("SM9", "sent")) == 204
    assert _post(client, "/webhooks/twilio/status?m=nonsense", _receipt("SM9", "sent")) == 204
    _apply_all()
    with db.transaction(SYSTEM, read_only=True) as session:
        assert len(session.exec(select(MessageEvent)).all()) == 2


def test_an_odd_receipt_holds_up_no_other(
    client: TestClient, sent: tuple[Actor, UUID, str]
) -> None:
    _, message_id, sid = sent
    odd = _receipt(
        "SM" + "9" * 200, "delivered", ErrorCode="99999999999", Raw="a\0b", **{"N\0": ""}
    )
    assert _post(client, f"/webhooks/twilio/status?m={uuid4()}", odd) == 204
    assert _post(client, f"/webhooks/twilio/status?m={message_id}", odd) == 204
    assert _post(client, f"/webhooks/twilio/status?m={message_id}", _receipt(sid, "sent")) == 204
    _apply_all()
    with db.transaction(SYSTEM, read_only=True) as session:
        events = session.exec(select(MessageEvent)).all()
    assert len(events) == 3
    assert all(event.applied_at for event in events)


def test_a_signed_form_without_its_essentials_says_what_is_missing(
    client: TestClient, database: str
) -> None:
    assert _post(client, "/webhooks/twilio/status", {"Hello": "there"}) == 422
    assert _post(client, "/webhooks/twilio/inbound", {"Body": "STOP"}) == 422


def test_an_enormous_body_is_refused(client: TestClient, database: str) -> None:
    params = {"Body": "x" * (twilio.LARGEST_BODY + 1)}
    assert _post(client, "/webhooks/twilio/inbound", params) == 422


def _text(body: str, sid: str = "SM5") -> dict[str, str]:
    return {"MessageSid": sid, "From": "+15125551000", "To": "+15125550142", "Body": body}


def test_stop_is_obeyed_before_the_answer_and_start_takes_it_back(
    client: TestClient, database: str
) -> None:
    assert _post(client, "/webhooks/twilio/inbound", _text("Please stop texting me", "SM1")) == 200
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(Suppression.address)).all() == ["+15125551000"]
    assert _post(client, "/webhooks/twilio/inbound", _text("START", "SM2")) == 200
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(Suppression.address)).all() == []


def test_the_same_incoming_text_twice_is_kept_once(client: TestClient, database: str) -> None:
    for _ in range(2):
        assert _post(client, "/webhooks/twilio/inbound", _text("Are you open on Sunday?")) == 200
    with db.transaction(SYSTEM, read_only=True) as session:
        assert len(session.exec(select(InboundMessage)).all()) == 1
        assert session.exec(select(Suppression)).all() == []


def test_an_ordinary_text_is_answered_with_empty_twiml(client: TestClient, database: str) -> None:
    url = get_settings().address + "/webhooks/twilio/inbound"
    params = _text("Thank you")
    answer = client.post(
        "/webhooks/twilio/inbound",
        content=urlencode(params),
        headers={
            "content-type": FORM,
            "x-twilio-signature": sign(twilio_auth_token(get_settings()), url, params),
        },
    )
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert answer.text.endswith("<Response />")
