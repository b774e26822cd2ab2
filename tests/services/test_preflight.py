"""The check before sending: its numbers come from every text filled in, and its lists agree with them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, NotFound
from mbs_app.models import Customer
from mbs_app.queries import recipients
from mbs_app.services import campaigns, preflight
from mbs_app.services.preflight import Preflight, TextFilter
from tests.support.accounts import SYSTEM, make_actor
from tests.support.sending import make_sender, phone_number, suppress

BODY = "Hi {first_name|there}, you have {points} points. Reply STOP to opt out"


@pytest.fixture
def maya(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        make_sender(session, rate=10.0)
    return make_actor()


def add(actor: Actor, number: int, **values: Any) -> Customer:
    with db.transaction(actor) as session:
        made = Customer(user_id=actor.user_id, phone=phone_number(number), **values)
        session.add(made)
    return made


def make_draft(actor: Actor, body: str = BODY, **values: Any) -> UUID:
    with db.transaction(actor) as session:
        draft = campaigns.create_draft(session, actor, name="Double points", message_body=body)
        if values:
            campaigns.save_draft(session, actor, draft.id, **values)
    return draft.id


def check(actor: Actor, campaign_id: UUID, **values: Any) -> Preflight:
    with db.transaction(actor, read_only=True) as session:
        return preflight.check(session, actor, campaign_id, **values)


def read(actor: Actor, what: Any, *args: Any, **values: Any) -> Any:
    with db.transaction(actor, read_only=True) as session:
        return what(session, actor, *args, **values)


def test_everybody_is_in_one_count_and_they_add_up(maya: Actor) -> None:
    for number in range(4):
        add(maya, number, first_name="Ann", attributes={"points": 10})
    add(maya, 4, first_name="Bob", attributes={"points": 10})
    suppress(phone_number(3))
    suppress(phone_number(4), "cannot_receive")
    found = check(maya, make_draft(maya))
    assert (found.matching, found.will_get, found.left_out_total) == (5, 3, 2)
    assert {one.reason: one.people for one in found.left_out} == {
        "opted_out": 1,
        "cannot_receive": 1,
    }
    assert found.problems == ()
    assert found.notices == ()
    assert found.says_how_to_opt_out


def test_segments_cost_and_time_come_from_the_texts(maya: Actor) -> None:
    add(maya, 0, first_name="Ann")
    add(maya, 1, first_name="A" * 100)
    add(maya, 2, first_name="Zoë")
    found = check(maya, make_draft(maya, "Hi {first_name}, " + "x" * 70))
    assert [(one.segments, one.people, one.unicode_people) for one in found.segments] == [
        (1, 1, 0),
        (2, 2, 1),
    ]
    assert found.total_segments == 5
    assert found.cost_micros == 5 * 7900
    assert found.seconds_to_send == pytest.approx(0.5)
    assert found.unicode_people == 1
    assert [(one.letter, one.people, one.in_message) for one in found.letters] == [("ë", 1, False)]
    assert any(notice.kind == "unicode_letters" for notice in found.notices)


def test_the_histogram_counts_everybody_and_breaks_at_160(maya: Actor) -> None:
    for number in range(60):
        add(maya, number, first_name="A" * (number + 1))
    found = check(maya, make_draft(maya, "Hi {first_name} " + "x" * 120))
    bars = found.histogram.bars
    assert sum(bar.people for bar in bars) == 60
    assert (found.histogram.shortest, found.histogram.longest) == (125, 184)
    assert found.histogram.border is not None
    assert bars[found.histogram.border].low == 161
    assert bars[found.histogram.border - 1].high == 160
    assert all(bar.one == 0 for bar in bars[found.histogram.border :])


def test_blank_fields_are_counted_with_what_stands_in(maya: Actor) -> None:
    add(maya, 0, first_name="Ann", attributes={"points": 5})
    add(maya, 1, first_name="\t ", attributes={"points": 0})
    add(maya, 2, attributes={"points": ""})
    found = check(maya, make_draft(maya))
    assert [(one.label, one.fallback, one.people) for one in found.blanks] == [
        ("First name", "there", 2),
        ("Points", None, 1),
    ]
    assert found.blank_people == 3
    notice = next(one for one in found.notices if one.kind == "blanks")
    assert "1 person has no points" in notice.message


def test_a_text_with_a_gap_is_read_before_one_with_a_fallback(maya: Actor) -> None:
    add(maya, 0, attributes={"points": 86})
    add(maya, 1, first_name="Ann")
    add(maya, 2, first_name="Christopher", attributes={"points": 1})
    found = check(maya, make_draft(maya, "Hi {first_name|there}, {points} points"))
    assert next(one.text for one in found.samples if one.kind == "blank") == "Hi Ann,  points"


def test_an_estimate_measures_the_texts_and_not_their_braces(maya: Actor) -> None:
    for number in range(3):
        add(maya, number, first_name="Ann")
    body = "Hi {first_name|there}" + "x" * 150
    estimated = read(maya, preflight.estimate_segments, {"mode": "all"}, body, will_get=3)
    assert estimated == check(maya, make_draft(maya, body)).total_segments == 3


def test_three_different_texts_are_there_to_be_read(maya: Actor) -> None:
    add(maya, 0, first_name="Ann", attributes={"points": 1})
    add(maya, 1, first_name="Christopher", attributes={"points": 12480})
    add(maya, 2, attributes={"points": 86})
    add(maya, 3, first_name="Zoë", attributes={"points": 310})
    found = check(maya, make_draft(maya, "Hi {first_name|there}, {points} points"))
    by_kind = {one.kind: one for one in found.samples}
    assert list(by_kind) == ["longest", "blank", "unicode"]
    assert by_kind["longest"].name == "Christopher"
    assert by_kind["unicode"].text == "Hi Zoë, 310 points"
    assert by_kind["blank"].text == "Hi there, 86 points"
    assert by_kind["blank"].name == "(512) 200-0002"
    start, end = by_kind["blank"].filled[0]
    assert by_kind["blank"].text[start:end] == "there"


def test_an_emptied_text_is_left_out_and_listed(maya: Actor) -> None:
    add(maya, 0, notes="", first_name="Ann", attributes={"offer": "20% off"})
    gone = add(maya, 1, first_name="Bob")
    draft = make_draft(maya, "{offer}")
    found = check(maya, draft)
    assert (found.will_get, [(one.reason, one.people) for one in found.left_out]) == (
        1,
        [("empty_text", 1)],
    )
    page = read(maya, preflight.left_out_page, draft, "empty_text")
    assert [row.customer_id for row in page.rows] == [gone.id]


@pytest.mark.parametrize(
    ("body", "values", "field", "words"),
    [
        ("  ", {}, "message_body", "Write a message first"),
        ("Hi {first_nam}", {}, "message_body", "Did you mean {first_name}"),
        ("Hi {first_name", {}, "message_body", "never closed"),
        ("x" * 1601, {}, "message_body", "1,600"),
        (
            "Hi",
            {"audience": {"mode": "rules", "group_ids": [], "states": ["HI"]}},
            "audience",
            "Nobody is in this audience",
        ),
        (
            "Hi",
            {"scheduled_at": datetime.now(UTC) - timedelta(minutes=1)},
            "scheduled_at",
            "has passed",
        ),
    ],
)
def test_what_blocks_is_said_at_its_field(
    maya: Actor, body: str, values: dict[str, Any], field: str, words: str
) -> None:
    add(maya, 0, first_name="Ann")
    found = check(maya, make_draft(maya, body, **values))
    assert not found.can_be_sent
    assert any(one.field == field and words in one.message for one in found.problems)


def test_an_audience_of_which_all_opted_out_blocks(maya: Actor) -> None:
    add(maya, 0)
    suppress(phone_number(0))
    found = check(maya, make_draft(maya, "Hi"))
    assert [one.field for one in found.problems] == ["audience"]
    assert "left out" in found.problems[0].message


def test_no_sending_number_blocks(database: str) -> None:
    maya = make_actor()
    add(maya, 0)
    found = check(maya, make_draft(maya, "Hi"))
    assert [one.field for one in found.problems] == ["sender_id"]
    assert (found.sender, found.cost_micros) == (None, 0)


def test_letters_of_the_message_itself_are_told_apart(maya: Actor) -> None:
    add(maya, 0, first_name="Ann")
    found = check(maya, make_draft(maya, "It’s on, {first_name}. Reply STOP to opt out"))
    assert [(one.letter, one.in_message) for one in found.letters] == [("’", True)]
    assert [one.kind for one in found.notices] == ["plain_letters"]


def test_a_missing_opt_out_line_warns_and_does_not_block(maya: Actor) -> None:
    add(maya, 0)
    found = check(maya, make_draft(maya, "Sale on Friday"))
    assert found.can_be_sent
    assert [one.kind for one in found.notices] == ["opt_out"]


def test_a_double_brace_of_other_programs_is_pointed_out(maya: Actor) -> None:
    add(maya, 0)
    found = check(maya, make_draft(maya, "Hi {{first_name}}. Reply STOP to opt out"))
    assert [one.kind for one in found.notices] == ["merge"]


def test_texts_the_carrier_would_refuse_are_counted(maya: Actor) -> None:
    add(maya, 0, attributes={"story": "x" * 1590})
    found = check(maya, make_draft(maya, "Once: {story} Reply STOP to opt out"))
    assert [one.kind for one in found.notices] == ["too_long"]


def test_progress_is_told_and_can_stop_the_check(
    maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mbs_app.services.preflight.checking.REPORT_EVERY", 2)
    for number in range(5):
        add(maya, number)
    draft = make_draft(maya, "Hi")
    told: list[tuple[int, int]] = []
    check(maya, draft, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5)]

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        check(maya, draft, progress=stop)


def test_a_check_names_the_version_it_is_of(maya: Actor) -> None:
    add(maya, 0)
    draft = make_draft(maya, "Hi")
    found = check(maya, draft)
    with db.transaction(maya) as session:
        campaigns.save_draft(session, maya, draft, message_body="Hello")
    with db.transaction(maya) as session, pytest.raises(Conflict):
        campaigns.require_checked(session, maya, draft, found.version)


def test_what_is_sent_already_is_not_checked(maya: Actor) -> None:
    add(maya, 0)
    draft = make_draft(maya, "Hi")
    with db.transaction(maya) as session:
        launch.launch(session, maya, draft)
    with pytest.raises(Conflict):
        check(maya, draft)


def test_another_owners_draft_is_not_found(maya: Actor) -> None:
    bob = make_actor("bob@example.com")
    draft = make_draft(maya, "Hi")
    for attempt in (
        lambda: check(bob, draft),
        lambda: read(bob, preflight.left_out_page, draft),
        lambda: read(bob, preflight.texts_page, draft),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound):
        check(maya, uuid4())


def test_values_are_those_the_sender_fills_in(maya: Actor) -> None:
    person = add(
        maya,
        0,
        first_name="Ann",
        last_name="Lee",
        city="Austin",
        state="TX",
        email="a@example.com",
        attributes={"points": 940.0, "vip": True},
    )
    with db.transaction(maya, read_only=True) as session:
        read_back = list(
            recipients.read(session, person.user_id, {"mode": "all"}, fields=("points",))
        )
    assert read_back[0].values() == merge.values_of(person)


# The lists ---------------------------------------------------------------------------------------


def test_left_out_people_are_listed_page_by_page(maya: Actor) -> None:
    for number in range(7):
        add(maya, number, first_name=f"Ann{number}")
        if number != 3:
            suppress(phone_number(number))
    draft = make_draft(maya, "Hi")
    first = read(maya, preflight.left_out_page, draft, "opted_out", limit=4)
    rest = read(maya, preflight.left_out_page, draft, "opted_out", after=first.next_after, limit=4)
    assert [row.name for row in (*first.rows, *rest.rows)] == [
        f"Ann{number}" for number in (0, 1, 2, 4, 5, 6)
    ]
    assert first.rows[0].reason == "Opted out"
    assert rest.next_after is None
    assert read(maya, preflight.left_out_page, draft, "inactive").rows == ()
    exact = read(maya, preflight.left_out_page, draft, limit=6)
    assert (len(exact.rows), exact.next_after) == (6, None)


def test_texts_are_listed_by_segments_letters_and_blanks(maya: Actor) -> None:
    add(maya, 0, first_name="Ann", attributes={"points": 5})
    add(maya, 1, first_name="B" * 100, attributes={"points": 5})
    add(maya, 2, attributes={"points": 5})
    add(maya, 3, first_name="Zoë")
    draft = make_draft(maya, BODY + "x" * 30)
    found = check(maya, draft)

    def names(**wanted: Any) -> list[str]:
        page = read(maya, preflight.texts_page, draft, TextFilter(**wanted))
        return [row.sample.name for row in page.rows]

    for line in found.segments:
        assert len(names(segments=line.segments)) == line.people
    for field in found.blanks:
        assert len(names(blank=field.field)) == field.people
    assert names(unicode=True) == ["Zoë"]
    assert names(blank="points") == ["Zoë"]
    assert len(names()) == found.will_get == 4
    page = read(maya, preflight.texts_page, draft, limit=3)
    rest = read(maya, preflight.texts_page, draft, after=page.next_after, limit=3)
    assert (len(page.rows), len(rest.rows), rest.next_after) == (3, 1, None)


def test_left_out_people_come_as_a_file_no_spreadsheet_runs(maya: Actor) -> None:
    add(maya, 0, first_name="=HYPERLINK(1)", last_name="Lee, Ann", state="TX")
    add(maya, 1, first_name="Bob")
    suppress(phone_number(0))
    draft = make_draft(maya, "Hi")
    with db.transaction(maya, read_only=True) as session:
        as_read = campaigns.get_campaign(session, maya, draft)
        text, more = preflight.left_out_piece(session, as_read, after=None)
    assert more is None
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 1
    assert rows[0]["first_name"] == "'=HYPERLINK(1)"
    assert rows[0]["last_name"] == "Lee, Ann"
    assert (rows[0]["phone"], rows[0]["left_out"]) == (phone_number(0), "Opted out")
