"""The overview's figures as rows and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import clock_time, day_words
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.services.audiences import Reach
from mbs_app.services.live import Ledger, LiveCampaign
from mbs_app.services.messages import Reason
from mbs_app.services.overview import CampaignLine, Day, FirstSteps, Now
from mbs_app.services.overview_recent import OptOuts, Recent
from mbs_app.ui.components.day_chart import DayBar
from mbs_app.ui.components.small_bars import SmallBar
from mbs_app.ui.live.hub import Sight
from mbs_app.ui.live.words import Timing, per_second_words, timing

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True)
class CampaignRow:
    """One line of Today."""

    id: str
    name: str
    audience: str
    status: str
    is_late: bool
    ledger: Ledger
    is_counted: bool  # whether it is known who gets it
    handed_over: int
    can_receive: int
    rate: str
    time: str
    time_under: str


@dataclass(frozen=True)
class ComingRow:
    id: str
    name: str
    when: str
    people: str


@dataclass(frozen=True)
class ReasonRow:
    words: str
    count: int


@dataclass(frozen=True)
class Queue:
    """What stands between Send and the phones."""

    waiting: int = 0
    receipts: str = "–"
    set_aside: int = 0
    workers: int = 0
    is_catching_up: bool = False


@dataclass(frozen=True)
class Steps:
    is_first_run: bool = False
    done: int = 0
    has_sender: bool = False
    sender: str = ""
    rate: str = ""
    has_customers: bool = False
    has_texted: bool = False
    own_phone: str = ""


@dataclass(frozen=True)
class Totals:
    delivered: int = 0
    failed: int = 0
    unknown: int = 0


def campaign_row(
    line: CampaignLine, sight: Sight | None, reach: Reach | None, now: datetime, zone: str
) -> CampaignRow:
    """``sight`` is newer than ``line`` where there is one; ``reach`` stands in for a ledger not yet taken."""
    status = sight.campaign.status if sight else line.status
    ledger = sight.campaign.ledger if sight else line.ledger
    per_second = sight.per_second if sight else None
    is_planned = status == CampaignStatus.SCHEDULED
    if is_planned and reach is not None:
        ledger = Ledger(0, 0, 0, reach.will_get, 0, 0, reach.left_out_total, reach.matching)
    told = timing(sight.campaign if sight else _as_live(line), per_second, now, zone)
    if line.late_since is not None and is_planned:
        told = Timing("Waiting for you", f"was due {told.words[:1].lower()}{told.words[1:]}")
    return CampaignRow(
        id=str(line.id),
        name=line.name,
        audience=line.audience_words,
        status=status,
        is_late=line.late_since is not None,
        ledger=ledger,
        is_counted=reach is not None or not is_planned,
        handed_over=ledger.handed_over,
        can_receive=ledger.can_receive,
        rate="–" if is_planned or not per_second else f"{per_second_words(per_second)}/s",
        time=told.words,
        time_under=_over(line, told, zone)
        if status == CampaignStatus.SENT
        else f"{told.under[:1].lower()}{told.under[1:]}",
    )


def _over(line: CampaignLine, told: Timing, zone: str) -> str:
    return f"finished {clock_time(line.sent_at, zone)}" if line.sent_at else told.under


def _as_live(line: CampaignLine) -> LiveCampaign:
    return LiveCampaign(
        id=line.id,
        user_id=UUID(int=0),
        version=0,
        name=line.name,
        status=line.status,
        pause_reason=line.pause_reason,
        ledger=line.ledger,
        segments_sent=0,
        price_per_segment_micros=0,
        launched_at=line.launched_at,
        sent_at=line.sent_at,
        scheduled_at=line.scheduled_at,
        late_since=line.late_since,
    )


def coming_row(line: CampaignLine, reach: Reach | None, now: datetime, zone: str) -> ComingRow:
    at = line.scheduled_at or now
    count = reach.will_get if reach else None
    return ComingRow(
        id=str(line.id),
        name=line.name,
        when=f"{_near_day(at, now, zone)} {clock_time(at, zone)}",
        people="" if count is None else f"{count:,} {'person' if count == 1 else 'people'}",
    )


def _near_day(at: datetime, now: datetime, zone: str) -> str:
    """ "Fri" within a week, "Oct 24" beyond."""
    local = at.astimezone(ZoneInfo(zone)).date()
    days = (local - now.astimezone(ZoneInfo(zone)).date()).days
    return _DAYS[local.weekday()][:3] if 0 < days < 7 else day_words(at, now, zone)


def day_bars(days: list[Day]) -> list[DayBar]:
    """A tick under every seventh day and under today; what is under way is hollow."""
    last = len(days) - 1
    return [
        DayBar(
            words="Today"
            if number == last
            else f"{_DAYS[one.day.weekday()][:3]}, {_short(one.day)}",
            tick="Today"
            if number == last
            else _short(one.day)
            if number % 7 == 0 and number <= last - 4
            else "",
            delivered=one.delivered,
            failed=one.failed,
            unknown=one.unknown,
            rest=one.under_way,
        )
        for number, one in enumerate(days)
    ]


def totals_of(days: list[Day]) -> Totals:
    return Totals(
        sum(one.delivered for one in days),
        sum(one.failed for one in days),
        sum(one.unknown for one in days),
    )


def peak_of(days: list[Day]) -> int:
    return max(one.delivered + one.failed + one.unknown + one.under_way for one in days)


def reason_rows(reasons: list[Reason]) -> list[ReasonRow]:
    return [ReasonRow(reason.words, reason.count) for reason in reasons]


def opt_out_bars(opt_outs: OptOuts, days: list[Day]) -> list[SmallBar]:
    top = max(opt_outs.by_day)
    peak = opt_outs.by_day.index(top) if top else -1
    return [
        SmallBar(
            height=count * 100 / top if top else 0,
            look="peak" if number == peak else "grey",
            words=f"{_short(day.day)}: {count:,}",
        )
        for number, (count, day) in enumerate(zip(opt_outs.by_day, days, strict=True))
    ]


def opt_out_share(opt_outs: OptOuts, delivered: int) -> str:
    """ "1 in 465 delivered texts"."""
    if not opt_outs.total:
        return "Nobody opted out"
    if delivered < opt_outs.total:
        return "in the last 30 days"
    return f"1 in {round(delivered / opt_outs.total):,} delivered texts"


def opt_out_peak(opt_outs: OptOuts, days: list[Day]) -> str:
    top = max(opt_outs.by_day)
    if top < 2:
        return "They are left out of every campaign by themselves."
    day = days[opt_outs.by_day.index(top)]
    share = (
        f", 1 in {round(day.delivered / top):,} of that day’s texts" if day.delivered >= top else ""
    )
    return f"Most on {_short(day.day)}: {top:,}{share}."


def queue_of(now: Now, recent: Recent | None) -> Queue:
    after = recent.receipts_after if recent else None
    return Queue(
        waiting=now.waiting,
        receipts="–" if after is None else f"{after:.1f} s",
        set_aside=recent.set_aside if recent else 0,
        workers=now.workers,
        is_catching_up=now.is_catching_up,
    )


def steps_of(steps: FirstSteps, region: str) -> Steps:
    done = [bool(steps.sender_address), steps.customers > 0, steps.campaigns > 0]
    address = steps.sender_address
    return Steps(
        is_first_run=not done[2],
        done=sum(done),
        has_sender=done[0],
        sender=display_phone(address, region) if address.startswith("+") else address,
        rate=per_second_words(steps.segments_per_second),
        has_customers=done[1],
        has_texted=done[2],
        own_phone=display_phone(steps.own_phone, region) if steps.own_phone else "",
    )


def date_words(now: datetime, zone: str) -> str:
    """ "Thursday, October 16"."""
    local = now.astimezone(ZoneInfo(zone)).date()
    return f"{_DAYS[local.weekday()]}, {local.strftime('%B')} {local.day}"


def _short(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"
