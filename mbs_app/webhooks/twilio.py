"""Twilio's two webhooks: receipts for texts we sent, and texts that people send us.

Receipts come out of order, twice, or about texts we don't know; all are kept and answered 2xx, so that Twilio
stops repeating them. Only a request without a good signature is refused.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from twilio.twiml.messaging_response import MessagingResponse

from mbs_app import db
from mbs_app.delivery import receipts, signals
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotAllowed
from mbs_app.providers.factory import twilio_auth_token
from mbs_app.providers.twilio import payloads, signature
from mbs_app.providers.twilio.signature import Form
from mbs_app.services import consent
from mbs_app.settings import get_settings
from mbs_app.webhooks.body import read_body
from mbs_app.webhooks.refusals import refused

SYSTEM = Actor.system("twilio webhook")
LARGEST_BODY = 64 * 1024  # bytes; Twilio's are a few hundred

router = APIRouter(prefix="/webhooks/twilio", include_in_schema=False)


async def signed_form(request: Request) -> Form:
    """The form, once its signature is found good.

    The URL is built from the configured address, not from what the request claims of its host, and every
    parameter takes part, known or not: Twilio adds new ones without notice.

    Raises:
        NotAllowed: no signature, or a wrong one.
        InvalidInput: the body is no form of a reasonable size.
    """
    settings = get_settings()
    body = await read_body(request, LARGEST_BODY)
    url = signature.webhook_url(
        settings.address, request.scope["raw_path"], request.scope["query_string"]
    )
    is_good = signature.verify(
        twilio_auth_token(settings),
        url,
        body,
        request.headers.get("content-type", ""),
        request.headers.get("x-twilio-signature"),
    )
    if not is_good:
        refused.note("twilio")
        raise NotAllowed("The signature of this request is missing or wrong.")
    try:
        # After the signature: PostgreSQL keeps no NUL, and one text must not hold up others.
        return Form(
            (name.replace("\0", ""), value.replace("\0", "")) for name, value in Form.pairs(body)
        )
    except ValueError as error:
        raise InvalidInput("The body is not a form.") from error


SignedForm = Annotated[Form, Depends(signed_form)]


@router.post("/status")
async def status(form: SignedForm, m: str = "") -> Response:
    """A receipt. ``m`` is the id of our message, which we put into the address with the text."""
    callback = payloads.parse_status_callback(form)
    await receipts.event_writer.add(
        receipts.Event(
            message_id=_message_id(m),
            provider_id=callback.message_sid[:40],
            status=callback.status[:24],
            error_code=callback.error_code,
            payload=callback.raw,
        )
    )
    return Response(status_code=204)


@router.post("/inbound")
async def inbound(form: SignedForm) -> Response:
    """A text from a person; STOP, START and HELP are obeyed before the answer."""
    incoming = payloads.parse_inbound_text(form)
    reply = await db.in_transaction(SYSTEM, consent.handle_inbound, incoming)
    signals.changes.ring()
    answer = MessagingResponse()
    if reply:
        answer.message(reply)
    return Response(str(answer), media_type="application/xml; charset=utf-8")


def _message_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
