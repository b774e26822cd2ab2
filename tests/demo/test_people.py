"""The made-up customers: the same each time, and each number once."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from mbs_app.demo.people import id_at, make_people
from mbs_app.demo.story import DRAFTS, LATER, NEXT, PAST, RUNNING, TEMPLATES, TODAY
from mbs_app.domain import merge
from mbs_app.domain.phones import parse_phone

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)


def test_the_same_seed_gives_the_same_people() -> None:
    first, second = (make_people(300, NOW, random.Random(7)) for _ in range(2))
    assert [(one.phone, one.last_name) for one in first] == [
        (one.phone, one.last_name) for one in second
    ]


def test_each_number_is_there_once_and_in_the_form_we_store() -> None:
    phones = [person.phone for person in make_people(4_000, NOW, random.Random(512))]
    assert len(set(phones)) == 4_000
    assert all(parse_phone(phone) == phone for phone in phones)


def test_people_come_in_the_order_in_which_they_joined_and_so_do_their_ids() -> None:
    people = make_people(500, NOW, random.Random(1))
    assert people == sorted(people, key=lambda person: person.created_at)
    assert id_at(datetime(2026, 1, 1, tzinfo=UTC)) < id_at(datetime(2026, 1, 2, tzinfo=UTC))
    assert people[0].id.version == 7


def test_every_text_of_the_story_can_be_sent() -> None:
    bodies = [past.plan.body for past in (*PAST, TODAY)]
    bodies += [plan.body for plan in (RUNNING, NEXT, *DRAFTS)]
    bodies += [plan.body for _, _, plan in LATER]
    bodies += [template.body for template in TEMPLATES]
    for body in bodies:
        assert merge.parse(body).problems(("points", "store")) == []
