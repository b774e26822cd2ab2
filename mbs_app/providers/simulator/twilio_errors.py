"""Twilio's error bodies, in its own words."""

from __future__ import annotations

from mbs_app.providers.simulator.responses import Json

_MESSAGES = {
    20003: "Authentication Error - invalid username",
    20404: "The requested resource {detail} was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    21211: "Invalid 'To' Phone Number: {detail}",
    21212: "Invalid From Number (caller ID): {detail}",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
    "number: {detail}.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided ({detail}) is not a valid, SMS-capable inbound phone "
    "number or short code for your account.",
    21609: "The 'StatusCallback' URL {detail} is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The message From/To pair violates a blacklist rule or cannot be routed: {detail}.",
    21614: "'To' number is not a valid mobile number: {detail}",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21705: "The Messaging Service Sid {detail} is invalid.",
}
_STATUS = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 21611: 429}


def twilio_error(code: int, detail: str = "", **headers: str) -> Json:
    """The answer Twilio gives with this code. ``detail`` is what it quotes."""
    status = _STATUS.get(code, 400)
    body: dict[str, object] = {
        "code": code,
        "message": _MESSAGES[code].format(detail=detail),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    if code == 20003:
        body["detail"] = "Your AccountSid or AuthToken was incorrect."
    return Json(body, status, headers={name.replace("_", "-"): v for name, v in headers.items()})
