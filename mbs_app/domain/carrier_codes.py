"""What Twilio's error codes mean in plain words, and what the program does about each.

Source: Twilio's error and warning dictionary (https://www.twilio.com/docs/api/errors).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class CodeAction(StrEnum):
    NONE = "none"
    SUPPRESS_OPT_OUT = "suppress_opt_out"  # the person said STOP to the carrier: never text again
    SUPPRESS_NUMBER = "suppress_number"  # the number can't get texts: later campaigns skip it
    PAUSE_CAMPAIGN = "pause_campaign"  # every further text would fail the same way: stop and tell
    SLOW_DOWN = "slow_down"  # not processed: put back in the queue and send fewer a second
    RETRY_LATER = "retry_later"  # certainly not delivered, and one more try may well be


class CodeMeaning(NamedTuple):
    """``words`` is a short reason for lists, ``advice`` a sentence on what to do.

    ``pause_after`` is how many texts of one campaign must fail this way before a ``PAUSE_CAMPAIGN``
    is due: 1 when the account is at fault, more when it may be one number's carrier.
    """

    code: int | None
    words: str
    action: CodeAction
    advice: str
    pause_after: int = 1


NO_DETAIL = "Carrier error, no detail given"

_NONE, _PAUSE = CodeAction.NONE, CodeAction.PAUSE_CAMPAIGN
_OPT_OUT, _NUMBER = CodeAction.SUPPRESS_OPT_OUT, CodeAction.SUPPRESS_NUMBER
_SLOW, _LATER = CodeAction.SLOW_DOWN, CodeAction.RETRY_LATER

_REGISTER = "Register your brand and campaign with Twilio, then resume."
_SENDER = "Check the sending number in Settings, then resume."
_TWILIO_KEYS = "Check the Twilio account SID and token, then resume."
_ASK_MOBILE = "Ask for a mobile number. Later campaigns skip this one."
_QUEUE = "Send fewer texts a second from this number."
_PUMPING = "The block on this number usually ends within hours. Add it to Twilio’s safe list."

_TABLE = (
    # The account, its keys and its balance
    CodeMeaning(20003, "Twilio refused our sign-in", _PAUSE, _TWILIO_KEYS),
    CodeMeaning(20005, "Twilio account is not active", _PAUSE, "Reactivate the Twilio account."),
    CodeMeaning(20404, "Twilio account or sender not found", _PAUSE, _TWILIO_KEYS),
    CodeMeaning(20429, "Too many texts at once", _SLOW, _QUEUE),
    CodeMeaning(30002, "Twilio account suspended", _PAUSE, "Sort it out with Twilio, then resume."),
    CodeMeaning(63038, "Daily limit of the account reached", _PAUSE,
                "Raise the limit with Twilio, or resume tomorrow."),
    CodeMeaning(90010, "Twilio account is not active", _PAUSE, "Reactivate the Twilio account."),
    # The sender
    CodeMeaning(14107, "Too many texts between two numbers", _NONE,
                "Twilio’s guard against loops stopped it. Check for doubled customers."),
    CodeMeaning(21603, "No sending number", _PAUSE, _SENDER),
    CodeMeaning(21606, "Sending number can’t send texts", _PAUSE, _SENDER),
    CodeMeaning(21212, "Sending number is not valid", _PAUSE, _SENDER),
    CodeMeaning(21659, "Sending number is not in this Twilio account", _PAUSE, _SENDER),
    CodeMeaning(21660, "Sending number is not in this Twilio account", _PAUSE, _SENDER),
    CodeMeaning(21701, "Messaging service not found", _PAUSE, _SENDER),
    CodeMeaning(21703, "Messaging service has no numbers", _PAUSE,
                "Add a number to the messaging service in Twilio, then resume."),
    CodeMeaning(21704, "Messaging service has no numbers", _PAUSE,
                "Add a number to the messaging service in Twilio, then resume."),
    CodeMeaning(21611, "Queue for the sending number is full", _SLOW, _QUEUE),
    CodeMeaning(30001, "Queue for the sending number is full", _SLOW, _QUEUE),
    CodeMeaning(30010, "Costs more than the set limit", _PAUSE,
                "Raise the highest price per text in Twilio, then resume."),
    # Registration and filters
    CodeMeaning(30007, "Carrier blocked it as spam", _PAUSE,
                "Reword the text: fewer links and capitals, and say who you are.", 50),
    CodeMeaning(30022, "Carrier’s limit for your registration reached", _SLOW, _QUEUE),
    CodeMeaning(30023, "Carrier’s daily limit reached", _PAUSE,
                "Resume tomorrow, or raise your trust score with Twilio."),
    CodeMeaning(30024, "Sending number is not yet active at the carrier", _PAUSE,
                "Wait until Twilio has activated it, then resume.", 20),
    CodeMeaning(30027, "Carrier’s daily limit reached", _PAUSE,
                "Resume tomorrow, or raise your trust score with Twilio."),
    CodeMeaning(30032, "Toll-free number not verified", _PAUSE,
                "Verify the toll-free number with Twilio, then resume."),
    CodeMeaning(30033, "Registered campaign was suspended", _PAUSE, _REGISTER),
    CodeMeaning(30034, "Sender is not registered for texts", _PAUSE, _REGISTER),
    CodeMeaning(30035, "Sender’s registration is not finished", _PAUSE, _REGISTER),
    CodeMeaning(30044, "Too long for a trial account", _PAUSE,
                "Shorten the text, or upgrade the Twilio account."),
    # Not repeated by Twilio either, "to avoid duplicate message delivery": it may have arrived.
    CodeMeaning(30410, "Carrier did not answer in time", _NONE,
                "It may have arrived all the same, so it is not sent again."),
    CodeMeaning(30450, "Held back by Twilio’s fraud protection", _NONE, _PUMPING),
    CodeMeaning(30453, "Held back by Twilio’s fraud protection", _NONE, _PUMPING),
    # The region
    CodeMeaning(21408, "Texts to this country are switched off", _PAUSE,
                "Allow the country under Messaging, Geo permissions in Twilio, then resume."),
    CodeMeaning(21612, "Sending number can’t reach this number", _NONE,
                "Use a sender that may text this country."),
    CodeMeaning(30011, "This country takes no pictures", _NONE, "Send it without a picture."),
    # The number
    CodeMeaning(21211, "Not a valid number", _NUMBER, "Correct the number."),
    CodeMeaning(21604, "No number to send to", _NUMBER, "Add a mobile number."),
    CodeMeaning(21608, "Trial account: number not verified", _NONE,
                "Verify the number with Twilio, or upgrade the account."),
    CodeMeaning(21610, "Opted out", _OPT_OUT,
                "They replied STOP. Only they can opt in again, by texting START."),
    CodeMeaning(21614, "Not a mobile number", _NUMBER, _ASK_MOBILE),
    CodeMeaning(21635, "Landline, can’t get texts", _NUMBER, _ASK_MOBILE),
    CodeMeaning(30003, "Phone off or out of reach", _LATER, "Worth one more try later."),
    CodeMeaning(30004, "Number blocks texts", _NONE,
                "Their phone or carrier blocks texts. Reach them another way."),
    CodeMeaning(30005, "Number no longer in service", _NUMBER, _ASK_MOBILE),
    CodeMeaning(30006, "Landline, can’t get texts", _NUMBER, _ASK_MOBILE),
    CodeMeaning(30008, NO_DETAIL, _NONE,
                "The carrier gives no reason. Try again in a later campaign."),
    CodeMeaning(30017, "Carrier’s network is congested", _NONE,
                "Try again in a later campaign."),
    CodeMeaning(30036, "Waited too long to be sent", _NONE,
                "It expired before it could leave. Send it again at a quieter time."),
    # The text
    CodeMeaning(21602, "Text was empty", _NONE, "Write a text, or give its fields a fallback."),
    CodeMeaning(21617, "Text is too long", _NONE, "Shorten the text to 1,600 characters."),
    CodeMeaning(21619, "Text was empty", _NONE, "Write a text, or give its fields a fallback."),
    CodeMeaning(30019, "Text is too long for the carrier", _NONE, "Shorten the text."),
)  # fmt: skip

_BY_CODE = {meaning.code: meaning for meaning in _TABLE}


def explain(code: int | None) -> CodeMeaning:
    """The meaning of a Twilio code. One that isn't in the table, or none at all, is a carrier error
    without detail: final, and nobody's fault."""
    if known := _BY_CODE.get(code):
        return known
    advice = "Look the code up at Twilio." if code else "Try again in a later campaign."
    return CodeMeaning(code, NO_DETAIL, _NONE, advice)


def known_codes() -> tuple[int, ...]:
    """Every code with a meaning of its own."""
    return tuple(sorted(meaning.code for meaning in _TABLE if meaning.code is not None))
