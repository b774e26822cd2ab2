"""Messages only move up; campaigns only along their table."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.lifecycle import (
    CAMPAIGN_MOVES,
    EDITABLE_CAMPAIGNS,
    FINAL_CAMPAIGNS,
    LIVE_CAMPAIGNS,
    MESSAGE_RANK,
    TERMINAL_MESSAGES,
    advance,
    can_move,
    is_final,
    sources_of,
    twilio_status_to_message_status,
)
from mbs_app.domain.vocabulary import CampaignStatus as C
from mbs_app.domain.vocabulary import MessageStatus as M

said = st.sampled_from([M.SENDING, M.SENT, M.DELIVERED, M.FAILED])
on_the_way = st.sampled_from([M.SENDING, M.SENT])


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("accepted", M.SENDING),
        ("scheduled", M.SENDING),
        ("queued", M.SENDING),
        ("sending", M.SENDING),
        ("sent", M.SENT),
        ("partially_delivered", M.SENT),
        ("delivered", M.DELIVERED),
        ("read", M.DELIVERED),
        ("undelivered", M.FAILED),
        ("failed", M.FAILED),
        ("canceled", M.FAILED),
        (" Delivered ", M.DELIVERED),
        ("receiving", None),
        ("received", None),
        ("brand_new_status", None),
        ("", None),
        (None, None),
    ],
)
def test_what_twilio_says(raw: str | None, status: M | None) -> None:
    assert twilio_status_to_message_status(raw) is status


def test_every_status_has_a_rank() -> None:
    assert set(MESSAGE_RANK) == set(M)


@given(st.lists(on_the_way), st.sampled_from(sorted(TERMINAL_MESSAGES)), st.data())
def test_order_and_repetition_never_change_the_end(
    events: list[M], end: M, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*events, end, *events, end]))
    assert reduce(advance, shuffled, M.SENDING) is end


@given(st.lists(on_the_way, min_size=1), st.data())
def test_before_the_end_order_does_not_matter_either(events: list[M], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events + events))
    assert reduce(advance, shuffled, M.SENDING) is reduce(advance, events, M.SENDING)


@given(st.sampled_from(list(M)), st.sampled_from(list(M)))
def test_never_down_and_the_same_event_twice_changes_nothing(current: M, incoming: M) -> None:
    after = advance(current, incoming)
    assert MESSAGE_RANK[after] >= MESSAGE_RANK[current]
    assert advance(after, incoming) is after


@given(st.sampled_from(sorted(TERMINAL_MESSAGES)), st.sampled_from(list(M)))
def test_final_stays_final(end: M, incoming: M) -> None:
    assert is_final(end)
    assert advance(end, incoming) is end


@given(said)
def test_anything_the_provider_says_settles_unknown(incoming: M) -> None:
    assert advance(M.UNKNOWN, incoming) is incoming


def test_unknown_never_goes_back_to_the_queue() -> None:
    assert advance(M.UNKNOWN, M.PENDING) is M.UNKNOWN


@pytest.mark.parametrize(
    ("current", "to", "allowed"),
    [
        (C.DRAFT, C.SENDING, True),
        (C.DRAFT, C.SCHEDULED, True),
        (C.SCHEDULED, C.DRAFT, True),
        (C.SCHEDULED, C.SENDING, True),
        (C.SENDING, C.PAUSED, True),
        (C.PAUSED, C.SENDING, True),
        (C.SENDING, C.SENDING, False),
        (C.SENDING, C.DRAFT, False),
        (C.SENT, C.SENDING, False),
        (C.CANCELLED, C.SENDING, False),
        (C.DRAFT, C.SENT, False),
    ],
)
def test_campaign_moves(current: C, to: C, allowed: bool) -> None:
    assert can_move(current, to) is allowed
    assert (current in sources_of(to)) is allowed


def test_every_campaign_status_is_covered_and_final_ones_lead_nowhere() -> None:
    assert set(CAMPAIGN_MOVES) == set(C)
    assert {status for status, to in CAMPAIGN_MOVES.items() if not to} == FINAL_CAMPAIGNS
    assert not (EDITABLE_CAMPAIGNS & LIVE_CAMPAIGNS)
    assert not (LIVE_CAMPAIGNS & FINAL_CAMPAIGNS)


def test_every_campaign_can_come_to_an_end() -> None:
    reachable = set(FINAL_CAMPAIGNS)
    while more := {s for s, to in CAMPAIGN_MOVES.items() if to & reachable} - reachable:
        reachable |= more
    assert reachable == set(C)
