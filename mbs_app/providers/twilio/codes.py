"""Twilio's error codes in plain words, and what each asks of us.

Source: https://www.twilio.com/docs/api/errors. The same table serves refusals at the moment of sending
and codes that arrive later with a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a code asks the program to do."""

    OPTED_OUT = "opted_out"  # suppress the number, never try again
    BAD_NUMBER = "bad_number"  # cannot receive texts: suppress, never try again
    UNREACHABLE = "unreachable"  # phone off or away; one later try can help
    FILTERED = "filtered"  # the carrier blocks this sender or text: pause and alert
    SLOW_DOWN = "slow_down"  # a queue is full: wait, then try again
    SENDER = "sender"  # credentials, sender or account: stop and alert
    TEXT = "text"  # the text itself can't be sent
    EXPIRED = "expired"  # waited too long in the carrier's queue
    FINAL = "final"  # will not arrive, nothing to be done


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """``words`` is the reason as people read it; ``advice`` how to mend it, empty where nothing helps."""

    meaning: Meaning
    words: str
    advice: str = ""


_CHECK_KEYS = "Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN against the Twilio console."
_CHECK_SENDER = (
    "Choose a number in the Twilio console that belongs to this account and can send texts."
)
_ACCOUNT = "Open the Twilio console and see what it says about the account."
_REGISTER = "Register the sender with the carriers in the Twilio console, then resume."

CODES: dict[int, CodeInfo] = {
    10001: CodeInfo(Meaning.SENDER, "The Twilio account isn’t active", _ACCOUNT),
    20003: CodeInfo(Meaning.SENDER, "Twilio refused the account’s credentials", _CHECK_KEYS),
    20005: CodeInfo(Meaning.SENDER, "The Twilio account isn’t active", _ACCOUNT),
    20403: CodeInfo(Meaning.SENDER, "Twilio doesn’t allow this account to send", _ACCOUNT),
    20404: CodeInfo(Meaning.SENDER, "Twilio doesn’t know this account", _CHECK_KEYS),
    20429: CodeInfo(Meaning.SLOW_DOWN, "Twilio asked for a pause"),
    21211: CodeInfo(Meaning.BAD_NUMBER, "Not a phone number that exists"),
    21212: CodeInfo(Meaning.SENDER, "The sender isn’t a valid number", _CHECK_SENDER),
    21265: CodeInfo(Meaning.BAD_NUMBER, "A short code can’t receive this text"),
    21408: CodeInfo(
        Meaning.SENDER,
        "Sending to this country isn’t switched on",
        "Allow the country under Messaging, Geo permissions, in the Twilio console.",
    ),
    21602: CodeInfo(Meaning.TEXT, "The text is empty", "Write a text, then send it again."),
    21603: CodeInfo(Meaning.SENDER, "No sender was given", _CHECK_SENDER),
    21604: CodeInfo(Meaning.BAD_NUMBER, "No phone number was given"),
    21605: CodeInfo(Meaning.TEXT, "The text is too long", "Shorten it to 1,600 characters."),
    21606: CodeInfo(Meaning.SENDER, "The sender can’t send texts", _CHECK_SENDER),
    21608: CodeInfo(
        Meaning.SENDER,
        "A trial account only reaches verified numbers",
        "Upgrade the Twilio account, or verify the number in its console.",
    ),
    21609: CodeInfo(
        Meaning.SENDER,
        "Twilio can’t reach this installation for receipts",
        "Set PUBLIC_BASE_URL to an address that Twilio can open.",
    ),
    21610: CodeInfo(Meaning.OPTED_OUT, "Opted out by replying STOP"),
    21611: CodeInfo(Meaning.SLOW_DOWN, "The sender’s queue is full"),
    21612: CodeInfo(Meaning.FINAL, "Can’t be reached from this sender"),
    21614: CodeInfo(Meaning.BAD_NUMBER, "Not a mobile number"),
    21617: CodeInfo(Meaning.TEXT, "The text is too long", "Shorten it to 1,600 characters."),
    21619: CodeInfo(Meaning.TEXT, "The text is empty", "Write a text, then send it again."),
    21635: CodeInfo(Meaning.BAD_NUMBER, "A landline can’t receive texts"),
    21659: CodeInfo(Meaning.SENDER, "The sender isn’t a number of this account", _CHECK_SENDER),
    21660: CodeInfo(Meaning.SENDER, "The sender belongs to another account", _CHECK_SENDER),
    21661: CodeInfo(Meaning.SENDER, "The sender can’t send texts", _CHECK_SENDER),
    21701: CodeInfo(Meaning.SENDER, "The messaging service doesn’t exist", _CHECK_SENDER),
    21703: CodeInfo(
        Meaning.SENDER,
        "The messaging service has no number",
        "Add a number to its sender pool in the Twilio console.",
    ),
    21705: CodeInfo(Meaning.SENDER, "The messaging service isn’t valid", _CHECK_SENDER),
    30001: CodeInfo(Meaning.SLOW_DOWN, "The sender’s queue was full"),
    30002: CodeInfo(Meaning.SENDER, "The Twilio account was suspended", _ACCOUNT),
    30003: CodeInfo(Meaning.UNREACHABLE, "Phone off or out of reach"),
    30004: CodeInfo(Meaning.FINAL, "Blocked by the phone or its carrier"),
    30005: CodeInfo(Meaning.BAD_NUMBER, "Number no longer in use"),
    30006: CodeInfo(Meaning.BAD_NUMBER, "Landline or a carrier without texts"),
    30007: CodeInfo(
        Meaning.FILTERED,
        "Filtered by the carrier as spam",
        "Change the wording, leave out short links, and check the sender’s registration.",
    ),
    30008: CodeInfo(Meaning.FINAL, "The carrier gave no reason"),
    30010: CodeInfo(Meaning.FINAL, "Over the price limit set for a text"),
    30022: CodeInfo(Meaning.SLOW_DOWN, "Over the carrier’s rate for this sender"),
    30023: CodeInfo(Meaning.FILTERED, "Over the carrier’s daily limit for this brand", _REGISTER),
    30032: CodeInfo(Meaning.FILTERED, "The toll-free sender isn’t verified", _REGISTER),
    30034: CodeInfo(Meaning.FILTERED, "The sender isn’t registered with the carriers", _REGISTER),
    30036: CodeInfo(Meaning.EXPIRED, "Waited too long in the carrier’s queue"),
    30410: CodeInfo(Meaning.FINAL, "The carrier didn’t answer in time"),
    63038: CodeInfo(
        Meaning.SENDER,
        "The account’s daily limit is reached",
        "Ask Twilio to raise the limit, or resume tomorrow.",
    ),
}

_UNKNOWN = CodeInfo(Meaning.FINAL, "Not sent, for a reason the carrier gives only as a code")


def explain(code: int | None) -> CodeInfo:
    """What a code means. Codes not in the table are final."""
    return CODES.get(code, _UNKNOWN) if code is not None else _UNKNOWN
