"""The made-up rows that measurements stand on are as good as real ones."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from mbs_app import db
from mbs_app.bench import ground
from mbs_app.bench.callbacks import Endpoint, receipt
from mbs_app.bench.figures import percentile
from mbs_app.delivery import receipts
from mbs_app.delivery.pace import Pace
from mbs_app.providers.twilio.payloads import parse_status_callback
from mbs_app.providers.twilio.signature import SIGNATURE_HEADER, Form, verify
from tests.support.accounts import SYSTEM
from tests.support.sending import books


def test_receipts_of_the_measurement_change_the_books_of_its_campaign(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        owner, _ = ground.make_owner(session)
        sender = ground.make_sender(session)
        campaign, texts = ground.make_sent_campaign(session, owner.id, sender, sent=3, delivered=5)
    assert books(campaign.id) == {"pending": 1, "sent": 3, "delivered": 5}
    for text in texts:
        request = receipt(Endpoint("http://localhost:8000", "token"), text)
        callback = parse_status_callback(Form.parse(request.body))
        receipts.store([receipts.Event(callback.message_sid, callback.status, text.message_id)])
    with db.transaction(SYSTEM) as session:
        receipts.apply_batch(session, Pace())
    assert books(campaign.id) == {"pending": 1, "delivered": 8}


def test_a_receipt_is_signed_as_twilio_signs() -> None:
    text = ground.SentText(ground.new_id(), "SM" + "1" * 32, "+15125550110")
    request = receipt(Endpoint("https://sms.example.com", "token"), text)
    assert parse_qs(urlsplit(request.url).query) == {"m": [str(text.message_id)]}
    assert verify(
        "token",
        request.url,
        request.body,
        request.headers["Content-Type"],
        request.headers[SIGNATURE_HEADER],
    )


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.95) == 96
    assert percentile([3.0], 0.95) == 3.0
