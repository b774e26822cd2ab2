"""The demo: its books balance, it is there once, and it stays away from real texts and real customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from mbs_app import db
from mbs_app.demo.fill import EMAIL, Filled, fill
from mbs_app.domain.clock import utc_now
from mbs_app.domain.consent_words import Keyword, keyword_of
from mbs_app.domain.errors import Conflict
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus, Role, SkipReason, UserStatus
from mbs_app.models import (
    AuditEvent,
    Campaign,
    CampaignMessage,
    CampaignTemplate,
    Customer,
    InboundMessage,
    InviteCode,
    MessageEvent,
    Suppression,
    UserProfile,
)
from mbs_app.queries import counters
from mbs_app.services import passwords, sign_in
from mbs_app.services.devices import Visitor
from mbs_app.services.invites import joined_lately
from mbs_app.services.overview import read_now
from mbs_app.services.overview_recent import read_recent
from mbs_app.settings import Settings
from tests.support.accounts import SYSTEM, actor_of, make_user

PEOPLE = 400
SIMULATED = Settings(_env_file=None, twilio_account_sid=None)
REAL = Settings(
    _env_file=None,
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token="secret",
    twilio_phone_number="+15125550142",
)


@pytest.fixture
def filled(database: str) -> Filled:
    return fill(SIMULATED, people=PEOPLE)


@pytest.fixture
def session(filled: Filled) -> Iterator[Session]:
    with db.transaction(SYSTEM, read_only=True) as session:
        yield session


def test_every_campaigns_counts_equal_its_rows(session: Session) -> None:
    launched = session.exec(select(Campaign).where(col(Campaign.launched_at).is_not(None))).all()
    assert len(launched) >= 25
    for campaign in launched:
        cached = {status: getattr(campaign, f"{status.value}_count") for status in MessageStatus}
        assert cached == counters.from_rows(session, campaign.id)
        assert campaign.total_recipients == sum(cached.values()) > 0


def test_one_campaign_runs_some_are_planned_and_the_others_are_finished_or_drafts(
    session: Session,
) -> None:
    statuses = session.exec(select(Campaign.status)).all()
    assert statuses.count(CampaignStatus.SENDING) == 1
    assert statuses.count(CampaignStatus.SCHEDULED) == 4
    assert statuses.count(CampaignStatus.DRAFT) == 2
    running = session.exec(select(Campaign).where(Campaign.status == CampaignStatus.SENDING)).one()
    assert running.pending_count > 100
    planned = session.exec(
        select(Campaign.scheduled_at).where(Campaign.status == CampaignStatus.SCHEDULED)
    )
    assert all(at > utc_now() for at in planned if at)


def test_nothing_happened_in_the_future(session: Session) -> None:
    now = utc_now()
    for moment in (
        CampaignMessage.updated_at,
        MessageEvent.received_at,
        InboundMessage.received_at,
        Suppression.created_at,
        Customer.created_at,
    ):
        assert session.exec(select(func.max(moment))).one() <= now


def test_segments_of_a_campaign_are_those_the_carrier_took(session: Session) -> None:
    taken = session.execute(
        sa.select(col(CampaignMessage.campaign_id), func.sum(CampaignMessage.segments))
        .where(col(CampaignMessage.twilio_sid).is_not(None))
        .group_by(col(CampaignMessage.campaign_id))
    ).all()
    for campaign_id, segments in taken:
        campaign = session.get(Campaign, campaign_id)
        assert campaign is not None
        assert campaign.segments_sent == segments


def test_nobody_was_texted_after_they_opted_out(session: Session) -> None:
    after = session.exec(
        select(func.count())
        .select_from(CampaignMessage)
        .join(Suppression, col(Suppression.address) == col(CampaignMessage.phone_number))
        .where(
            col(CampaignMessage.created_at) > Suppression.created_at,
            col(CampaignMessage.sent_at) > Suppression.created_at,
        )
    ).one()
    assert after == 0
    skipped = session.exec(
        select(func.count()).where(CampaignMessage.skip_reason == SkipReason.OPTED_OUT)
    ).one()
    assert skipped > 0


def test_a_reply_that_opted_out_reads_as_one(session: Session) -> None:
    for inbound in session.exec(select(InboundMessage)):
        assert (inbound.keyword == "STOP") is (keyword_of(inbound.body) == Keyword.STOP)


def test_each_delivered_text_has_the_carriers_word_for_it(session: Session) -> None:
    delivered = session.exec(
        select(func.count()).where(CampaignMessage.status == MessageStatus.DELIVERED)
    ).one()
    confirmed = session.exec(
        select(func.count(func.distinct(MessageEvent.message_id))).where(
            MessageEvent.status == "delivered"
        )
    ).one()
    assert delivered == confirmed


def test_numbers_are_nobodys_and_addresses_are_reserved(session: Session) -> None:
    for phone, email in session.exec(select(Customer.phone, Customer.email)):
        assert phone[:2] == "+1"
        assert phone[5:8] == "555"
        assert phone[5:] != "5551212"
        assert email == "" or email.endswith("@example.com")


def test_the_overview_has_something_to_show_on_most_days(session: Session) -> None:
    admin = session.exec(select(UserProfile).where(UserProfile.email == EMAIL)).one()
    now = read_now(session, actor_of(admin), admin.time_zone)
    recent = read_recent(session, actor_of(admin), admin.time_zone)
    assert sum(1 for day in now.days if day.delivered) >= 20
    assert len(now.coming_up) >= 3
    assert recent.failures
    assert recent.opt_outs.total > 0


def test_the_team_joined_with_the_invites_and_some_wait(session: Session) -> None:
    members = session.exec(select(UserProfile).where(UserProfile.email != EMAIL)).all()
    codes = {invite.code: invite for invite in session.exec(select(InviteCode))}
    joined = Counter(one.invite_code for one in members)
    assert {code: invite.uses for code, invite in codes.items() if invite.uses} == joined
    assert {one.status for one in members} == set(UserStatus)
    assert all(one.password_hash == "" and one.role == Role.USER for one in members)
    assert all(one.created_at > codes[one.invite_code or ""].created_at for one in members)
    decided = select(AuditEvent).where(col(AuditEvent.action).startswith("user."))
    assert (
        len(session.exec(decided).all())
        == len([one for one in members if one.status != "pending"]) + 1
    )


def test_who_joined_lately_is_told_in_the_order_of_joining(session: Session) -> None:
    admin = session.exec(select(UserProfile).where(UserProfile.email == EMAIL)).one()
    lately = [one.user.created_at for one in joined_lately(session, actor_of(admin), limit=50)]
    assert len(lately) > 5 and lately == sorted(lately, reverse=True)


def test_the_first_admin_is_made_and_can_sign_in(filled: Filled) -> None:
    assert filled.password
    with db.transaction(SYSTEM) as session:
        stored = sign_in.begin(session, filled.email, Visitor())
        assert passwords.verify_password(filled.password, stored)
        user = sign_in.accept_password(session, filled.email, stored, Visitor())
    assert user.role == Role.ADMIN


def test_a_second_run_adds_nothing(filled: Filled) -> None:
    again = fill(SIMULATED, people=PEOPLE, force=True)
    assert again.is_new is False
    assert (again.customers, again.campaigns, again.texts) == (
        filled.customers,
        filled.campaigns,
        filled.texts,
    )
    assert again.password is None


def test_a_workspace_with_customers_is_left_alone_unless_forced(database: str) -> None:
    with db.transaction(SYSTEM) as session:
        admin = make_user(session, role=Role.ADMIN)
        session.add(Customer(user_id=admin.id, phone="+15125550178", first_name="Real Rosa"))
        session.add(CampaignTemplate(user_id=admin.id, name="Points balance", message_body="Mine"))
    with pytest.raises(Conflict, match="--force"):
        fill(SIMULATED, people=PEOPLE)
    filled = fill(SIMULATED, people=PEOPLE, force=True)
    assert filled.email == "maya@example.com"
    assert filled.customers == PEOPLE  # Rosa's number was taken
    with db.transaction(SYSTEM, read_only=True) as session:
        rosa = session.exec(select(Customer).where(Customer.phone == "+15125550178")).one()
        mine = session.exec(
            select(CampaignTemplate).where(CampaignTemplate.name == "Points balance")
        ).one()
    assert rosa.first_name == "Real Rosa"
    assert mine.message_body == "Mine"


def test_it_refuses_where_texts_are_real(database: str) -> None:
    with pytest.raises(Conflict, match="real texts"):
        fill(REAL)
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.exec(select(func.count()).select_from(UserProfile)).one() == 0


def test_the_month_behind_us_is_a_month(session: Session) -> None:
    first = session.exec(select(func.min(Campaign.launched_at))).one()
    assert timedelta(days=28) < utc_now() - first < timedelta(days=30)
