"""The last month, text by text: who got each campaign, what the carrier said, and who said stop.

Time only runs forward: who opts out after one campaign is left out of the next, and so is a number that the
carrier called dead. So every history that a screen shows holds together.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mbs_app.demo.people import Line, Person
from mbs_app.demo.story import QUESTIONS, STOP_WORDS, Past
from mbs_app.domain import merge
from mbs_app.domain.segments import measure
from mbs_app.domain.vocabulary import CustomerStatus, MessageStatus, SkipReason

OPTED_OUT_AT_CARRIER = 21610
_LINE_CODES = {Line.OUT_OF_SERVICE: 30005, Line.LANDLINE: 30006, Line.BLOCKS_TEXTS: 30004}
_DEAD = {30005, 30006}
_SPAM, _PHONE_OFF, _NO_REASON = 30007, 30003, 30008


@dataclass(slots=True)
class Text:
    """One text of the month. ``carrier_said`` are (moment, Twilio's status, error code)."""

    person: Person
    position: int
    status: MessageStatus
    updated_at: datetime
    skip_reason: SkipReason | None = None
    body: str | None = None
    segments: int = 0
    sent_at: datetime | None = None
    accepted_in_ms: int | None = None
    delivered_at: datetime | None = None
    error_code: int | None = None
    carrier_said: tuple[tuple[datetime, str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A text from a person. ``opts_out`` where it says stop."""

    person: Person
    at: datetime
    text: str
    opts_out: bool = False


@dataclass(frozen=True, slots=True)
class CarrierMark:
    """What the carrier said of a number: that its owner opted out, or that it can't get texts."""

    person: Person
    at: datetime
    code: int


@dataclass(slots=True)
class Outcome:
    """Everything that one campaign brought about."""

    texts: list[Text]
    replies: list[Reply]
    marks: list[CarrierMark]

    @property
    def ended_at(self) -> datetime:
        """When the last text left the queue."""
        return max(
            (text.sent_at for text in self.texts if text.sent_at), default=self.texts[0].updated_at
        )


class Month:
    """Plays campaigns in the order of time. ``rate`` is the sender's, in segments a second."""

    def __init__(
        self, people: Sequence[Person], now: datetime, rate: float, chance: random.Random
    ) -> None:
        self._people, self._now, self._rate, self._chance = people, now, rate, chance

    def play(self, past: Past, started: datetime) -> Outcome:
        """Send one campaign that began at ``started``."""
        outcome = Outcome([], [], [])
        template = merge.parse(past.plan.body)
        leaves_at = started + timedelta(seconds=0.4)
        for position, person in enumerate(self._audience(past, started), 1):
            if reason := _reason_to_skip(person, started):
                outcome.texts.append(
                    Text(person, position, MessageStatus.SKIPPED, started, skip_reason=reason)
                )
                continue
            body = template.render(merge.values_of(person)).text
            text = Text(person, position, MessageStatus.SENT, leaves_at, body=body)
            text.segments = measure(body).segments
            leaves_at += timedelta(seconds=text.segments / self._rate)
            self._send(text, past, outcome)
            outcome.texts.append(text)
        return outcome

    def _audience(self, past: Past, started: datetime) -> Iterable[Person]:
        plan = past.plan
        for person in self._people:
            if person.created_at > started:
                return
            if not plan.groups and not plan.states and person.status != CustomerStatus.ACTIVE:
                continue
            if plan.groups and person.groups.isdisjoint(plan.groups):
                continue
            if not plan.states or person.place.state in plan.states:
                yield person

    def _send(self, text: Text, past: Past, outcome: Outcome) -> None:
        chance = self._chance
        handed_over = text.updated_at
        if chance.random() < 0.0006:
            text.status = MessageStatus.UNKNOWN
            return
        text.accepted_in_ms = int(60 + 320 * chance.random() ** 3)
        text.sent_at = handed_over + timedelta(milliseconds=text.accepted_in_ms)
        code = self._failure(text.person, past)
        if code == OPTED_OUT_AT_CARRIER:
            self._refuse(text, outcome)
            return
        taken = text.sent_at + timedelta(seconds=0.3 + 0.7 * chance.random())
        answered = taken + timedelta(seconds=0.6 + 4.4 * chance.random() ** 2)
        if code is None and chance.random() < 0.0015:
            # The phone never said anything: it stays with the carrier.
            text.carrier_said = ((taken, "sent", None),)
            text.updated_at = taken
        elif code is None:
            text.status, text.delivered_at = MessageStatus.DELIVERED, answered
            text.carrier_said = ((taken, "sent", None), (answered, "delivered", None))
            text.updated_at = answered
            self._reply(text, past, outcome)
        else:
            self._fail(text, code, taken, answered, outcome)

    def _failure(self, person: Person, past: Past) -> int | None:
        if person.line in _LINE_CODES:
            return _LINE_CODES[person.line]
        draw = self._chance.random()
        for code, share in (
            (OPTED_OUT_AT_CARRIER, 0.0001),
            (_SPAM, past.spam),
            (_PHONE_OFF, 0.008),
            (_NO_REASON, 0.002),
        ):
            if draw < share:
                return code
            draw -= share
        return None

    def _refuse(self, text: Text, outcome: Outcome) -> None:
        """The carrier knows of an opt-out that we don't: it never takes the text."""
        assert text.sent_at is not None
        text.status, text.error_code = MessageStatus.FAILED, OPTED_OUT_AT_CARRIER
        text.updated_at, text.sent_at = text.sent_at, None
        text.person.opted_out_at = text.updated_at
        outcome.marks.append(CarrierMark(text.person, text.updated_at, OPTED_OUT_AT_CARRIER))

    def _fail(
        self, text: Text, code: int, taken: datetime, answered: datetime, outcome: Outcome
    ) -> None:
        if code == _PHONE_OFF:
            answered += timedelta(seconds=60 * self._chance.random())
        text.status, text.error_code, text.updated_at = MessageStatus.FAILED, code, answered
        text.carrier_said = ((taken, "sent", None), (answered, "undelivered", code))
        if code in _DEAD:
            text.person.can_be_reached = False
            outcome.marks.append(CarrierMark(text.person, answered, code))

    def _reply(self, text: Text, past: Past, outcome: Outcome) -> None:
        assert text.delivered_at is not None
        draw = self._chance.random()
        if draw >= past.leaving + 0.0015 or text.person.opted_out_at is not None:
            return
        minutes = self._chance.expovariate(1 / 25)
        at = min(text.delivered_at + timedelta(minutes=minutes), self._now - timedelta(seconds=20))
        if draw < past.leaving:
            text.person.opted_out_at = at
            words = self._chance.choice(STOP_WORDS)
            outcome.replies.append(Reply(text.person, at, words, opts_out=True))
        else:
            outcome.replies.append(Reply(text.person, at, self._chance.choice(QUESTIONS)))


def _reason_to_skip(person: Person, at: datetime) -> SkipReason | None:
    # In the order in which the real audience looks at them.
    if person.opted_out_at is not None and person.opted_out_at <= at:
        return SkipReason.OPTED_OUT
    if not person.can_be_reached:
        return SkipReason.CANNOT_RECEIVE
    if person.status != CustomerStatus.ACTIVE:
        return SkipReason.INACTIVE
    return None
