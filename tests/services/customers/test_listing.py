"""The list: search in any writing, filters, sorts, pages, and what stands beside each person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.vocabulary import MessageStatus, SkipReason, SuppressionReason
from mbs_app.models import Customer, Suppression, new_id
from mbs_app.services import consent, customers, groups
from mbs_app.services.customers import CustomerFilter, Selection, Sort
from tests.support.accounts import SYSTEM
from tests.support.texts import Add, text_sent


def _names(actor: Actor, chosen: CustomerFilter | None = None, **options: Any) -> list[str]:
    with db.transaction(actor, read_only=True) as session:
        page = customers.list_customers(session, actor, chosen, **options)
    return [f"{row.customer.first_name} {row.customer.last_name}".strip() for row in page.rows]


def _search(actor: Actor, text: str) -> list[str]:
    return _names(actor, CustomerFilter(search=text))


def test_each_owner_sees_their_own_customers(maya: Actor, bob: Actor, add: Add) -> None:
    add("Rosa Delgado", "+15125550178")
    add("Rosa Other", "+15125550178", actor=bob)
    assert _names(maya) == ["Rosa Delgado"]
    assert _search(bob, "rosa") == ["Rosa Other"]
    with db.transaction(bob, read_only=True) as session:
        page = customers.list_customers(session, bob)
        assert (page.matching, page.everyone) == (1, 1)
        everyone = CustomerFilter()
        assert customers.count_selected(session, bob, Selection(matching=everyone)) == 1


@pytest.mark.parametrize(
    "written",
    [
        "(512) 555-0178", "512.555.0178", "512 555 0178", "5125550178", "+1 512-555-0178",
        "1 (512) 555 0178", "tel:+15125550178", "555-0178", "0178", "+1512", "555 01",
    ],
)  # fmt: skip
def test_a_number_is_found_in_any_writing(maya: Actor, add: Add, written: str) -> None:
    add("Rosa Delgado", "+15125550178")
    add("Bryce Adams", "+19187436602")
    assert _search(maya, written) == ["Rosa Delgado"]


def test_a_number_abroad_is_found_with_its_leading_zero(maya: Actor, add: Add) -> None:
    add("Jürgen Groß", "+4915112345678")
    assert _search(maya, "0151 12345678") == ["Jürgen Groß"]
    assert _search(maya, "0049 151 12345678") == ["Jürgen Groß"]


@pytest.mark.parametrize(
    "text",
    ["lucia", "LUCÍA", "Lucía Aranda", "aranda lucia", "ALCANTARA", "álcantara", "lucia@ex", "cía"],
)
def test_a_name_or_email_is_found_in_any_case_and_with_any_accents(
    maya: Actor, add: Add, text: str
) -> None:
    add("Lucía Aranda Alcántara", email="lucia@example.com")
    add("Kofi Amoah", email="kofi@example.com")
    assert _search(maya, text) == ["Lucía Aranda Alcántara"]


@pytest.mark.parametrize(
    "text", ["%", "_", "*", "[", "]", "?", "^", "\\", "a'b", "x\x00y", ".*", "("]
)
def test_signs_that_databases_read_as_patterns_are_only_signs(
    maya: Actor, add: Add, text: str
) -> None:
    add("Rosa Delgado")
    assert _search(maya, text) == []
    if "\x00" not in text:
        add(f"{text} Sign")
        assert _search(maya, text) == [f"{text} Sign"]


def test_filters_narrow_the_list_together(maya: Actor, add: Add) -> None:
    with db.transaction(maya) as session:
        vip = groups.create_group(session, maya, name="VIP").id
        loyalty = groups.create_group(session, maya, name="Loyalty").id
    add("Rosa A", state="TX", group_ids=[vip])
    add("Ben B", state="OK", group_ids=[vip, loyalty])
    add("Cleo C", state="TX", status="inactive", group_ids=[loyalty])
    add("Dan D", state="NM")
    assert _names(maya, CustomerFilter(states=("TX", "OK"))) == ["Rosa A", "Ben B", "Cleo C"]
    assert _names(maya, CustomerFilter(status="inactive")) == ["Cleo C"]
    assert _names(maya, CustomerFilter(group_ids=(vip, loyalty))) == ["Rosa A", "Ben B", "Cleo C"]
    assert _names(maya, CustomerFilter(group_ids=(vip,), states=("OK",), search="ben")) == ["Ben B"]
    with db.transaction(maya, read_only=True) as session:
        assert customers.list_states(session, maya) == [("NM", 1), ("OK", 1), ("TX", 2)]


def test_where_everybody_stands_is_shown_and_can_be_filtered(maya: Actor, add: Add) -> None:
    phones = {name: f"+1512555020{number}" for number, name in enumerate("ABCDE")}
    for name, phone in phones.items():
        add(f"Person {name}", phone)
    with db.transaction(maya) as session:
        consent.record_opt_in(session, maya, phones["A"])
        consent.record_opt_in(session, maya, phones["B"])
        consent.record_opt_out(session, maya, phones["B"])
    with db.transaction(SYSTEM) as session:
        consent.record_carrier_opt_out(session, SYSTEM, phones["C"])
        session.add(Suppression(address=phones["D"], reason=SuppressionReason.CANNOT_RECEIVE))
    expected = {
        ConsentState.OPTED_IN: ["Person A"],
        ConsentState.OPTED_OUT: ["Person B", "Person C"],
        ConsentState.CANNOT_RECEIVE: ["Person D"],
        ConsentState.NO_RECORD: ["Person E"],
    }
    for state, names in expected.items():
        assert _names(maya, CustomerFilter(consent=state)) == names
    with db.transaction(maya, read_only=True) as session:
        rows = customers.list_customers(session, maya).rows
    assert {row.customer.last_name: row.consent for row in rows} == {
        name.split()[1]: state for state, names in expected.items() for name in names
    }


def test_the_last_text_is_the_newest_to_the_number(maya: Actor, bob: Actor, add: Add) -> None:
    add("Rosa Delgado", "+15125550178")
    add("Ben None", "+15125550179")
    text_sent(maya, "+15125550178", MessageStatus.DELIVERED)
    last = datetime(2026, 10, 20, tzinfo=UTC)
    text_sent(
        maya, "+15125550178", MessageStatus.SKIPPED, at=last, skip_reason=SkipReason.OPTED_OUT
    )
    text_sent(bob, "+15125550179")
    with db.transaction(maya, read_only=True) as session:
        rosa, ben = customers.list_customers(session, maya).rows
    assert rosa.last_text
    assert (rosa.last_text.status, rosa.last_text.skip_reason) == ("skipped", "opted_out")
    assert rosa.last_text.at == last
    assert ben.last_text is None


def test_every_sort_goes_both_ways(maya: Actor, add: Add) -> None:
    add("Ada Zimmer", "+15125550101", city="Austin")
    add("Ben Young", "+15125550102", city="Waco")
    add("Cleo Xu", "+15125550103", city="Dallas")
    text_sent(maya, "+15125550103")
    text_sent(maya, "+15125550101")
    for sort, expected in {
        Sort.NAME: ["Cleo Xu", "Ben Young", "Ada Zimmer"],
        Sort.CITY: ["Ada Zimmer", "Cleo Xu", "Ben Young"],
        Sort.ADDED: ["Ada Zimmer", "Ben Young", "Cleo Xu"],
    }.items():
        assert _names(maya, sort=sort) == expected
        assert _names(maya, sort=sort, descending=True) == expected[::-1]
    # Somebody who never got a text comes last either way.
    assert _names(maya, sort=Sort.LAST_TEXT) == ["Cleo Xu", "Ada Zimmer", "Ben Young"]
    assert _names(maya, sort=Sort.LAST_TEXT, descending=True)[:2] == ["Ada Zimmer", "Cleo Xu"]
    assert _names(maya, sort=Sort.LAST_TEXT, descending=True)[2] == "Ben Young"


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("descending", [False, True])
def test_pages_neither_repeat_nor_miss_anybody(
    maya: Actor, add: Add, sort: Sort, descending: bool
) -> None:
    for number in range(11):
        add("Same Name", f"+1512555010{number % 10}" if number < 10 else "", city="Austin")
    text_sent(maya, "+15125550104")
    text_sent(maya, "+15125550107")
    seen: list[Any] = []
    with db.transaction(maya, read_only=True) as session:
        for page in range(1, 5):
            found = customers.list_customers(
                session, maya, sort=sort, descending=descending, page=page, size=3
            )
            assert (found.page, found.pages, found.matching) == (page, 4, 11)
            assert found.last - found.first + 1 == len(found.rows)
            seen += [row.customer.id for row in found.rows]
        whole = customers.list_customers(session, maya, sort=sort, descending=descending)
    assert seen == [row.customer.id for row in whole.rows]
    assert len(set(seen)) == 11


def test_a_page_past_the_end_gives_the_last_one(maya: Actor, add: Add) -> None:
    add("Rosa Delgado")
    with db.transaction(maya, read_only=True) as session:
        page = customers.list_customers(session, maya, page=99)
        assert (page.page, len(page.rows)) == (1, 1)
        nobody = customers.list_customers(session, maya, CustomerFilter(search="nobody"), page=3)
        assert (nobody.page, nobody.pages, nobody.first, nobody.last) == (1, 1, 0, 0)


def test_the_number_of_statements_does_not_grow_with_the_rows(maya: Actor, add: Add) -> None:
    add("Rosa Delgado")
    few = _statements(maya)
    with db.transaction(maya) as session:
        vip = groups.create_group(session, maya, name="VIP").id
    for number in range(20):
        add(f"Person {number}", group_ids=[vip])
    assert _statements(maya) == few <= 9


def _statements(actor: Actor) -> int:
    count = 0

    def _count(*_: Any) -> None:
        nonlocal count
        count += 1

    with db.transaction(actor, read_only=True) as session:
        sa.event.listen(db.engine(), "before_cursor_execute", _count)
        customers.list_customers(session, actor, CustomerFilter(status="active"))
        sa.event.remove(db.engine(), "before_cursor_execute", _count)
    return count


def test_cursors_walk_through_everybody_in_the_order_of_being_added(maya: Actor, add: Add) -> None:
    ids = [add(f"Person {number}") for number in range(5)]
    seen: list[Any] = []
    with db.transaction(maya, read_only=True) as session:
        after = None
        while rows := customers.customers_after(session, maya, after=after, limit=2):
            seen += [row.customer.id for row in rows]
            after = seen[-1]
    assert seen == ids


def test_a_selection_is_worked_through_in_chunks_without_those_added_meanwhile(
    maya: Actor, add: Add
) -> None:
    ids = [add(f"Person {number}", state="TX") for number in range(5)]
    everybody_in_texas = Selection(matching=CustomerFilter(states=("TX",)))
    until = new_id()
    add("Too late", state="TX")
    seen: list[Any] = []
    with db.transaction(maya, read_only=True) as session:
        assert customers.count_selected(session, maya, everybody_in_texas) == 6
        while chunk := customers.next_chunk(
            session,
            maya,
            everybody_in_texas,
            after=seen[-1] if seen else None,
            until=until,
            limit=2,
        ):
            seen += chunk
    assert seen == ids


def test_ticked_customers_of_somebody_else_are_not_selected(
    maya: Actor, bob: Actor, add: Add
) -> None:
    mine, theirs = add("Mine Own"), add("Not Mine", actor=bob)
    with db.transaction(maya, read_only=True) as session:
        picked = Selection(ids=(mine, theirs))
        assert customers.next_chunk(session, maya, picked) == [mine]
        assert customers.count_selected(session, maya, picked) == 1
        assert customers.count_selected(session, maya, Selection()) == 0


def test_the_list_reads_pages_from_an_index(maya: Actor) -> None:
    """No sort of the whole table for a page by name, city or day."""
    if not db.is_sqlite():
        return  # PostgreSQL plans by the table's size; the indexes are the same
    from mbs_app.queries.customers import page_of_ids

    assert maya.user_id
    plans: list[str] = []

    def _explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row[3]) for row in plan)

    for sort in (Sort.NAME, Sort.CITY, Sort.ADDED):
        with db.transaction(maya, read_only=True) as session:
            sa.event.listen(db.engine(), "before_cursor_execute", _explain)
            page_of_ids(
                session,
                maya.user_id,
                [Customer.user_id == maya.user_id, Customer.status == "active"],
                sort=sort,
                descending=False,
                page=1,
                size=50,
            )
            sa.event.remove(db.engine(), "before_cursor_execute", _explain)
    assert plans
    assert not any("TEMP B-TREE" in plan for plan in plans)
