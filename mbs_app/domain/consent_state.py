"""Where one person stands on being texted, in one word and its reason."""

from __future__ import annotations

from enum import StrEnum

from mbs_app.domain.vocabulary import SuppressionReason


class ConsentState(StrEnum):
    OPTED_IN = "opted_in"
    OPTED_OUT = "opted_out"
    NO_RECORD = "no_record"  # nobody wrote down whether they agreed
    CANNOT_RECEIVE = "cannot_receive"


STATE_WORDS = {
    ConsentState.OPTED_IN: "Opted in",
    ConsentState.OPTED_OUT: "Opted out",
    ConsentState.NO_RECORD: "No record",
    ConsentState.CANNOT_RECEIVE: "Can’t get texts",
}

# What a person said, as opposed to what their number can do.
OPT_OUT_REASONS = (
    SuppressionReason.STOP_REPLY,
    SuppressionReason.CARRIER_OPT_OUT,
    SuppressionReason.RECORDED,
)


def state_of(reasons: list[str], *, ever_opted_in: bool) -> ConsentState:
    """The state of a number suppressed for ``reasons``.

    Every opt-out in force is a suppression, so where there is none an earlier yes still holds.
    """
    if any(reason in OPT_OUT_REASONS for reason in reasons):
        return ConsentState.OPTED_OUT
    if SuppressionReason.CANNOT_RECEIVE in reasons:
        return ConsentState.CANNOT_RECEIVE
    return ConsentState.OPTED_IN if ever_opted_in else ConsentState.NO_RECORD
