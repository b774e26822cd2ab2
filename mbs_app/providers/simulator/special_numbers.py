"""Numbers that always give a certain outcome. The simulator's page shows this table.

The first five are Twilio's own test numbers (https://www.twilio.com/docs/iam/test-credentials). Ours are
+1 500 555 0110 to 0129, in the same area code, which reaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from mbs_app.providers.simulator.chance import Fate
from mbs_app.providers.simulator.faults import CallbackFault, RequestFault


@dataclass(frozen=True, slots=True)
class Special:
    """``refusal`` is the code it is refused with; ``once``: the fault meets only the first request."""

    number: str
    words: str
    refusal: int | None = None
    fault: RequestFault | None = None
    once: bool = False
    callbacks: CallbackFault | None = None
    fate: Fate | None = None


_DELIVERED = Fate("delivered", None, 0.4, 1.5)
_SILENT = Fate(None, None, 0.4, 0.0)


def _undelivered(code: int) -> Fate:
    return Fate("undelivered", code, 0.4, 1.5)


def _delivered_with(number: str, words: str, callbacks: CallbackFault) -> Special:
    return Special(number, words, callbacks=callbacks, fate=_DELIVERED)


def _taken_with(number: str, words: str, fault: RequestFault, once: bool = False) -> Special:
    return Special(number, words, fault=fault, once=once, fate=_DELIVERED)


_ALL = (
    Special("+15005550001", "Refused: not a phone number (21211)", refusal=21211),
    Special("+15005550002", "Refused: can’t be reached from this sender (21612)", refusal=21612),
    Special("+15005550003", "Refused: country not switched on (21408)", refusal=21408),
    Special("+15005550004", "Refused: opted out (21610)", refusal=21610),
    Special("+15005550009", "Refused: not a mobile number (21614)", refusal=21614),
    Special("+15005550110", "Always delivered", fate=_DELIVERED),
    Special("+15005550111", "Phone off or out of reach (30003)", fate=_undelivered(30003)),
    Special("+15005550112", "Number no longer in use (30005)", fate=_undelivered(30005)),
    Special("+15005550113", "Landline (30006)", fate=_undelivered(30006)),
    Special("+15005550114", "Filtered by the carrier (30007)", fate=_undelivered(30007)),
    Special("+15005550115", "Carrier gave no reason (30008)", fate=_undelivered(30008)),
    Special("+15005550116", "Sent, and never a receipt", fate=_SILENT),
    _taken_with("+15005550117", "429 once, then taken", RequestFault.TOO_MANY, once=True),
    _taken_with("+15005550118", "500, not taken", RequestFault.ERROR_BEFORE),
    _taken_with("+15005550119", "500, though taken", RequestFault.ERROR_AFTER),
    _taken_with("+15005550120", "No answer, though taken", RequestFault.TIMEOUT_AFTER),
    _taken_with("+15005550121", "Connection reset, though taken", RequestFault.RESET),
    _taken_with("+15005550122", "Taken; the answer trickles in", RequestFault.SLOW_BODY),
    _taken_with("+15005550123", "Taken; the answer is garbled", RequestFault.MALFORMED_BODY),
    _delivered_with("+15005550124", "Delivered; callbacks doubled", CallbackFault.DOUBLED),
    _delivered_with("+15005550125", "Delivered; callbacks reordered", CallbackFault.REORDERED),
    _delivered_with("+15005550126", "Delivered; callbacks a minute late", CallbackFault.LATE),
    _delivered_with("+15005550127", "Delivered; callbacks lost", CallbackFault.LOST),
    Special("+15005550128", "Fails unsent (30034)", fate=Fate("failed", 30034, None, 0.8)),
    _taken_with("+15005550129", "Connection reset, not taken", RequestFault.RESET_BEFORE),
)

SPECIAL_NUMBERS: dict[str, Special] = {special.number: special for special in _ALL}

REFUSED_SENDERS: dict[str, int] = {
    "+15005550001": 21212,  # not a valid number
    "+15005550007": 21606,  # not a number of this account
    "+15005550008": 21611,  # its queue is full
}
"""Twilio's test numbers for From."""
