"""Resend's webhook: what became of the mails we handed over.

Reports come out of order, twice, or about mails that aren't ours; all are kept and answered 2xx, so that Resend
stops repeating them. Only a request without a good signature is refused.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotAllowed
from mbs_app.providers.factory import resend_webhook_secret
from mbs_app.providers.resend import reports
from mbs_app.services import mails
from mbs_app.settings import get_settings
from mbs_app.webhooks.body import read_body
from mbs_app.webhooks.refusals import refused

SYSTEM = Actor.system("resend webhook")
LARGEST_BODY = 256 * 1024  # bytes; Resend's are one or two thousand

router = APIRouter(prefix="/webhooks", include_in_schema=False)


@router.post("/resend")
async def report(request: Request) -> Response:
    """One report. The same one again, by its ``svix-id``, changes nothing."""
    secret = resend_webhook_secret(get_settings())
    if secret is None:
        raise NotAllowed("RESEND_WEBHOOK_SECRET isn’t set, so no report can be believed.")
    body = await read_body(request, LARGEST_BODY)
    try:
        payload = reports.read_signed(secret, request.headers, body)
    except NotAllowed:
        refused.note("resend")
        raise
    event_id = request.headers[reports.ID_HEADER]
    await db.in_transaction(SYSTEM, mails.take_report, event_id, reports.parse_report(payload))
    return Response(status_code=204)
