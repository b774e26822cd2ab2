"""The texts of the whole workspace, by day and outcome, and why some failed. Sums only: nobody’s texts are shown."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.services.lookup import must_administrate
from mbs_app.services.messages import Reason
from mbs_app.services.overview import Day, days_since, first_day, start_of
from mbs_app.services.overview_recent import failures_since
from mbs_app.services.system.health import Check, look_if, percent_words

WEEK = 7  # days
MUCH = 0.1  # the share of a week's texts that may fail before it is worth a look
FEW = 50  # texts; of fewer a share says nothing


@dataclass(frozen=True, slots=True)
class Texts:
    """``days`` are the last thirty, today last, in ``zone``. ``handed_over`` is what the failures are a share of."""

    days: list[Day]
    failures: list[Reason]
    handed_over: int
    zone: str
    checks: list[Check]


def read_texts(session: Session, actor: Actor, zone: str) -> Texts:
    """``zone`` (IANA) says where days begin. Raises NotAllowed."""
    must_administrate(actor)
    local = ZoneInfo(zone)
    today = utc_now().astimezone(local).date()
    since = start_of(first_day(today), local)
    days = days_since(session, since, today, local)
    return Texts(
        days=days,
        failures=failures_since(session, since),
        handed_over=sum(map(_final, days)),
        zone=zone,
        checks=[_failed_this_week(days[-WEEK:])],
    )


def _failed_this_week(days: list[Day]) -> Check:
    final, failed = sum(map(_final, days)), sum(day.failed for day in days)
    share = failed / final if final else 0.0
    return Check(
        "failed_share",
        f"Failed in {WEEK} days",
        f"{failed:,}, {percent_words(share)} of {final:,}" if final else "No texts",
        *look_if(
            final >= FEW and share > MUCH,
            "More than one text in ten fails. The reasons stand below; old lists are the usual one.",
        ),
    )


def _final(day: Day) -> int:
    """Texts with an answer of the carrier, or with none for good."""
    return day.delivered + day.failed + day.unknown
