"""What the program answers to STOP, START and HELP: one confirmation, with no marketing in it.

The business is named, as CTIA's Messaging Principles (section 5.1) ask of every confirmation. Plain
quotes and hyphens keep each in one GSM-7 segment.
"""

from __future__ import annotations

from mbs_app.domain.consent_words import Keyword

_REPLIES = {
    Keyword.STOP: (
        "{business}: You have opted out and will get no more texts from us. "
        "Reply START to get them again."
    ),
    Keyword.START: (
        "{business}: You are opted in to our texts again. Reply HELP for help, STOP to opt out."
    ),
    Keyword.HELP: (
        "{business}: You get texts from us as our customer. Reply to this text and we read it. "
        "Msg&data rates may apply. Reply STOP to opt out."
    ),
}
LONGEST_BUSINESS_NAME = 30


def reply_to(keyword: Keyword, business: str) -> str:
    """The confirmation, in the name of ``business``."""
    name = " ".join(business.split())[:LONGEST_BUSINESS_NAME].rstrip()
    reply = _REPLIES[keyword].format(business=name)
    return reply if name else reply.removeprefix(": ")
