"""What a check finds. Frozen, and small whatever the audience: it travels to a screen as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mbs_app.services.audiences import LeftOut
from mbs_app.services.campaigns.senders import SenderChoice
from mbs_app.services.preflight.histogram import Histogram

SenderFacts = SenderChoice


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """``people`` whose text takes ``segments``, of whom ``unicode_people`` because of a letter."""

    segments: int
    people: int
    unicode_people: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that GSM-7 lacks: how many texts have it, and whether the message itself brings it."""

    letter: str
    people: int
    in_message: bool


@dataclass(frozen=True, slots=True)
class BlankField:
    """``people`` whose value is empty; they get ``fallback``, or nothing at all where it is None."""

    field: str
    label: str
    fallback: str | None
    people: int


@dataclass(frozen=True, slots=True)
class SampleText:
    """One person's text, to be read before sending. ``filled`` are (start, end) places in ``text``.

    ``kind`` is longest, shortest, blank, unicode or typical.
    """

    kind: str
    customer_id: UUID | None
    name: str
    text: str
    filled: tuple[tuple[int, int], ...]
    units: int
    segments: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the campaign from being sent: the field to mend and a sentence that says how."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is allowed and good to know. ``kind`` is stable, for the screen's icon and its action:
    opt_out, unicode_letters, plain_letters, blanks, merge, too_long, empty_text."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Preflight:
    """The whole check of one version of a draft. Money is in millionths of a US dollar.

    ``matching`` = ``will_get`` + the people of ``left_out``. ``seconds_to_send`` is at the sender's full
    rate. ``took_seconds`` is how long the check itself ran.
    """

    campaign_id: UUID
    version: int
    name: str
    message_body: str
    audience_words: str
    scheduled_at: datetime | None
    schedule_time_zone: str | None
    checked_at: datetime
    took_seconds: float

    matching: int
    will_get: int
    left_out: tuple[LeftOut, ...]

    histogram: Histogram
    segments: tuple[SegmentLine, ...]
    total_segments: int
    unicode_people: int
    letters: tuple[Letter, ...]
    blanks: tuple[BlankField, ...]
    samples: tuple[SampleText, ...]

    sender: SenderFacts | None
    cost_micros: int
    seconds_to_send: float

    says_how_to_opt_out: bool
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    @property
    def can_be_sent(self) -> bool:
        return not self.problems

    @property
    def left_out_total(self) -> int:
        return self.matching - self.will_get

    @property
    def blank_people(self) -> int:
        """Blank fields, one a person and field."""
        return sum(one.people for one in self.blanks)
