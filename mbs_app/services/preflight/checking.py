"""The check itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain import merge, plain_letters
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.domain.opt_out_line import says_how_to_opt_out
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.queries import recipients
from mbs_app.services import audiences
from mbs_app.services.audiences import LeftOut
from mbs_app.services.campaigns.drafts import get_campaign
from mbs_app.services.campaigns.fields import known_fields
from mbs_app.services.campaigns.senders import SenderChoice, pick_sender
from mbs_app.services.preflight import histogram
from mbs_app.services.preflight.facts import Notice, Preflight, Problem
from mbs_app.services.preflight.tally import LONGEST_TEXT, Tally

REPORT_EVERY = 1000
"""People between two calls of ``progress``."""

_EXAMPLES = {"first_name": "there", "full_name": "there"}

Progress = Callable[[int, int], None]
"""Called with people checked and people in all. May raise to stop the check."""


def check(
    session: Session, actor: Actor, campaign_id: UUID, *, progress: Progress | None = None
) -> Preflight:
    """Fill in every text of a draft, one by one, and say what sending it would do.

    Memory doesn't grow with the audience. Meant for a read-only transaction: every number is of one
    moment. It holds for this ``version`` of the draft only: launch with
    :func:`~mbs_app.services.campaigns.require_checked`.

    Raises NotFound, and Conflict for a campaign that isn't a draft.
    """
    started = time.monotonic()
    draft = get_campaign(session, actor, campaign_id)
    if draft.status != CampaignStatus.DRAFT:
        raise Conflict("This campaign is on its way already.")
    template = merge.parse(draft.message_body)
    known = known_fields(session, draft.user_id, template.fields)
    tally = _count(session, actor, draft, template, progress)
    sender = pick_sender(session, actor, draft.sender_id)
    now = utc_now()
    return Preflight(
        campaign_id=draft.id,
        version=draft.version,
        name=draft.name,
        message_body=draft.message_body,
        audience_words=audiences.describe(session, [draft.audience])[0],
        scheduled_at=draft.scheduled_at,
        schedule_time_zone=draft.schedule_time_zone,
        checked_at=now,
        took_seconds=time.monotonic() - started,
        matching=tally.will_get + tally.left_out.total(),
        will_get=tally.will_get,
        left_out=tuple(
            LeftOut(reason, skip_words(reason), people)
            for reason, people in tally.left_out.most_common()
        ),
        histogram=histogram.build(tally.lengths),
        segments=tally.segment_lines(),
        total_segments=tally.total_segments,
        unicode_people=tally.unicode_people,
        letters=tally.letters(),
        blanks=tally.blank_fields(),
        samples=tally.samples(),
        sender=sender,
        cost_micros=tally.total_segments * (sender.price_per_segment_micros if sender else 0),
        seconds_to_send=tally.total_segments / sender.segments_per_second if sender else 0.0,
        says_how_to_opt_out=says_how_to_opt_out(draft.message_body),
        problems=tuple(_problems(_Found(session, draft, template, known, tally, sender, now))),
        notices=tuple(_notices(draft, template, known, tally)),
    )


def _count(
    session: Session,
    actor: Actor,
    draft: Campaign,
    template: merge.Template,
    progress: Progress | None,
) -> Tally:
    tally = Tally(template)
    total = audiences.reach(session, actor, draft.audience).matching if progress else 0
    people = recipients.read(session, draft.user_id, draft.audience, fields=template.fields)
    for number, person in enumerate(people, 1):
        tally.add(person)
        if progress is not None and number % REPORT_EVERY == 0:
            progress(number, total)
    return tally


@dataclass(frozen=True, slots=True)
class _Found:
    session: Session
    draft: Campaign
    template: merge.Template
    known: list[str]
    tally: Tally
    sender: SenderChoice | None
    now: datetime


def _problems(found: _Found) -> list[Problem]:
    """What blocks, in the order in which the composer shows the fields."""
    problems = []
    if not found.draft.message_body.strip():
        problems.append(Problem("message_body", "Write a message first."))
    problems += [
        Problem("message_body", sentence) for sentence in found.template.problems(found.known)
    ]
    plain = sum(len(part) for part in found.template.parts if isinstance(part, str))
    if plain > LONGEST_TEXT:
        problems.append(
            Problem("message_body", f"Shorten the text to {LONGEST_TEXT:,} characters.")
        )
    if gone := audiences.missing_groups(found.session, found.draft.audience):
        what = "A group" if gone == 1 else f"{gone} groups"
        problems.append(
            Problem("audience", f"{what} in this audience was deleted. Choose the groups again.")
        )
    elif not found.tally.will_get and found.draft.message_body.strip():
        problems.append(Problem("audience", _why_nobody(found.tally)))
    if found.sender is None:
        problems.append(Problem("sender_id", "No sending number is set up. Add one in Settings."))
    if found.draft.scheduled_at is not None and found.draft.scheduled_at <= found.now:
        problems.append(
            Problem("scheduled_at", "The set time has passed. Pick a later one, or send now.")
        )
    return problems


def _why_nobody(tally: Tally) -> str:
    if tally.left_out:
        return "Nobody here can be texted: everyone who matches is left out. Choose other people."
    return "Nobody is in this audience. Choose other groups or states, or import customers."


def _notices(
    draft: Campaign, template: merge.Template, known: list[str], tally: Tally
) -> list[Notice]:
    """What to know, the costliest first."""
    notices = []
    if tally.too_long:
        notices.append(
            Notice(
                "too_long",
                f"{_texts(tally.too_long)} over {LONGEST_TEXT:,} characters, which the carrier "
                "refuses. Shorten the message.",
            )
        )
    if (plain := plain_letters.suggest(draft.message_body)) and plain.replaced:
        notices.append(
            Notice(
                "plain_letters",
                f"{_quoted(plain.replaced)} in the message need Unicode, which leaves 70 "
                "characters a segment in place of 160.",
            )
        )
    elsewhere = [letter for letter in tally.letters() if not letter.in_message]
    own = [letter for letter in tally.letters() if letter.in_message]
    costs_more = any(line.segments > 1 and line.unicode_people for line in tally.segment_lines())
    if elsewhere and not own and costs_more:
        notices.append(Notice("unicode_letters", _about_letters(tally, elsewhere[0].letter)))
    if template.fields and (unfilled := _unfilled(tally)):
        notices.append(Notice("blanks", unfilled))
    if not says_how_to_opt_out(draft.message_body) and draft.message_body.strip():
        notices.append(
            Notice(
                "opt_out",
                "The text doesn’t say how to opt out. Marketing texts must: add “Reply STOP to opt "
                "out”.",
            )
        )
    notices += [Notice("merge", sentence) for sentence in template.warnings(known)]
    return notices


def _about_letters(tally: Tally, example: str) -> str:
    people = tally.unicode_people
    most = max((line.segments for line in tally.segment_lines() if line.unicode_people), default=1)
    if people == 1:
        return f"1 text needs Unicode for letters like {example} and costs {most} segments."
    return (
        f"{people:,} texts need Unicode for letters like {example} "
        f"and cost up to {most} segments each."
    )


def _unfilled(tally: Tally) -> str:
    bare = [field for field in tally.blank_fields() if field.fallback is None]
    if not bare:
        return ""
    worst = bare[0]
    who = "1 person has" if worst.people == 1 else f"{worst.people:,} people have"
    return (
        f"{who} no {worst.label.lower()} and there is no fallback, so a gap stays in the text. "
        f"Write one: {{{worst.field}|{_EXAMPLES.get(worst.field, 'your words')}}}."
    )


def _texts(count: int) -> str:
    return "1 text is" if count == 1 else f"{count:,} texts are"


def _quoted(letters: tuple[str, ...]) -> str:
    shown = " ".join(letters[:5])
    return f"Letters like {shown}" if len(letters) > 1 else f"Letters such as {shown}"
