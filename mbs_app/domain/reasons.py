"""Plain words for why somebody was left out."""

from __future__ import annotations

from mbs_app.domain.vocabulary import SkipReason, SuppressionReason

SKIP_WORDS: dict[SkipReason, str] = {
    SkipReason.OPTED_OUT: "Opted out",
    SkipReason.CANNOT_RECEIVE: "Can’t get texts",
    SkipReason.INACTIVE: "Set to inactive",
    SkipReason.CANCELLED: "Campaign cancelled before their turn",
    SkipReason.EMPTY_TEXT: "Nothing left to send once fields were filled in",
    SkipReason.REMOVED: "Customer deleted after the start",
}

SUPPRESSION_WORDS: dict[SuppressionReason, str] = {
    SuppressionReason.STOP_REPLY: "Replied STOP",
    SuppressionReason.CARRIER_OPT_OUT: "Opted out with the carrier",
    SuppressionReason.RECORDED: "Opt-out recorded by your team",
    SuppressionReason.CANNOT_RECEIVE: "Number can’t get texts",
    SuppressionReason.BOUNCED: "Email address bounced",
    SuppressionReason.COMPLAINED: "Reported an email as spam",
}


def skip_words(reason: SkipReason | str | None) -> str:
    """Why a person of the audience was left out, or "Left out" for a reason not known here."""
    try:
        return SKIP_WORDS[SkipReason(reason or "")]
    except ValueError:
        return "Left out"


def suppression_words(reason: SuppressionReason | str | None) -> str:
    """Why an address is on the list of those never sent to."""
    try:
        return SUPPRESSION_WORDS[SuppressionReason(reason or "")]
    except ValueError:
        return "Not to be sent to"
