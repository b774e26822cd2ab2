"""The fault script: what goes wrong, how often, and always in the same places for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from mbs_app.providers.simulator.chance import uniform


class RequestFault(StrEnum):
    """What happens to a request to send. "After" means: the text was taken, and the caller isn't told."""

    TOO_MANY = "429"
    ERROR_BEFORE = "500_before"
    ERROR_AFTER = "500_after"
    TIMEOUT_AFTER = "timeout_after"
    RESET = "reset"  # after taking it
    RESET_BEFORE = "reset_before"
    SLOW_BODY = "slow_body"
    MALFORMED_BODY = "malformed_body"

    @property
    def accepts(self) -> bool:
        return self not in (self.TOO_MANY, self.ERROR_BEFORE, self.RESET_BEFORE)


class CallbackFault(StrEnum):
    LOST = "callback_lost"  # none of the text's callbacks is made
    DOUBLED = "callback_doubled"
    REORDERED = "callback_reordered"  # "sent" comes after the final one
    LATE = "callback_late"


class MailFault(StrEnum):
    """What happens to a request to send a mail; "after" as with texts."""

    TOO_MANY = "mail_429"
    ERROR_BEFORE = "mail_500_before"
    ERROR_AFTER = "mail_500_after"
    TIMEOUT_AFTER = "mail_timeout_after"
    RESET = "mail_reset"  # after taking it
    RESET_BEFORE = "mail_reset_before"


class ReportFault(StrEnum):
    """What happens to the reports of a mail."""

    LOST = "report_lost"  # none is made
    DOUBLED = "report_doubled"
    LATE = "report_late"


_GROUPS: tuple[type[StrEnum], ...] = (RequestFault, CallbackFault, MailFault, ReportFault)


_Kind = TypeVar("_Kind", bound=StrEnum)

_KINDS = {str(kind) for group in _GROUPS for kind in group}


@dataclass(frozen=True, slots=True)
class Faults:
    """The share (0 to 1) of requests, or of texts' callbacks, that each kind of fault befalls."""

    rates: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, given: object) -> Faults:
        """From ``{"500_after": 0.02}``. Raises ValueError with a sentence that says what is wrong."""
        if not isinstance(given, Mapping):
            raise ValueError('Faults are an object such as {"500_after": 0.02}.')
        rates: dict[str, float] = {}
        for kind, rate in given.items():
            if kind not in _KINDS:
                raise ValueError(f"{kind} is no fault. There are: {', '.join(sorted(_KINDS))}.")
            if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
                raise ValueError(f"The rate of {kind} must be a number from 0 to 1.")
            rates[str(kind)] = float(rate)
        for group in _GROUPS:
            if sum(rates.get(kind, 0.0) for kind in group) > 1.000001:
                raise ValueError("The rates of one group add up to more than 1.")
        return cls(rates)

    def for_request(self, seed: int, to: str, attempt: int) -> RequestFault | None:
        """``attempt`` counts the requests for this number, from 0."""
        if not self.rates:
            return None
        return self._pick(RequestFault, uniform(seed, "request", to, attempt))

    def for_callbacks(self, seed: int, to: str, nth: int) -> CallbackFault | None:
        """``nth`` counts the texts taken for this number, from 0."""
        if not self.rates:
            return None
        return self._pick(CallbackFault, uniform(seed, "callback", to, nth))

    def for_mail(self, seed: int, to: str, attempt: int) -> MailFault | None:
        if not self.rates:
            return None
        return self._pick(MailFault, uniform(seed, "mail", to, attempt))

    def for_reports(self, seed: int, to: str, nth: int) -> ReportFault | None:
        """``nth`` counts the mails taken for this address, from 0."""
        if not self.rates:
            return None
        return self._pick(ReportFault, uniform(seed, "report", to, nth))

    def _pick(self, kinds: type[_Kind], draw: float) -> _Kind | None:
        for kind in kinds:
            rate = self.rates.get(kind, 0.0)
            if draw < rate:
                return kind
            draw -= rate
        return None
