"""Templates: what a new user gets, what is refused, and how a preview reads."""

from __future__ import annotations

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.merge import parse
from mbs_app.domain.vocabulary import TemplateCategory
from mbs_app.models import Customer
from mbs_app.services import templates, workspace
from tests.support.accounts import SYSTEM, make_actor


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def _give(actor: Actor, business: str = "") -> None:
    assert actor.user_id
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).name = business
        templates.give_default_templates(session, actor.user_id)


def test_a_new_user_gets_templates_of_every_category(maya: Actor) -> None:
    _give(maya, "Lakeline Plaza")
    with db.transaction(maya, read_only=True) as session:
        given = templates.list_templates(session, maya)
    assert {template.category for template in given} == set(TemplateCategory)
    assert all(template.is_default for template in given)
    for template in given:
        assert "Lakeline Plaza" in template.message_body
        assert parse(template.message_body).problems() == []
        if template.category == TemplateCategory.MARKETING:
            assert "Reply STOP" in template.message_body


def test_default_templates_read_well_without_a_business_name(maya: Actor) -> None:
    _give(maya)
    with db.transaction(maya, read_only=True) as session:
        bodies = [template.message_body for template in templates.list_templates(session, maya)]
    assert not any("<business>" in body or body.startswith(("us ", ": ")) for body in bodies)


def test_a_business_name_with_braces_is_not_read_as_a_field(maya: Actor) -> None:
    _give(maya, "Curly {Braces}")
    with db.transaction(maya, read_only=True) as session:
        for template in templates.list_templates(session, maya):
            shown = templates.preview(session, maya, template.message_body)
            assert "Curly {Braces}" in shown.text
            assert not shown.problems


def test_default_templates_are_not_given_twice(maya: Actor) -> None:
    _give(maya)
    with db.transaction(maya, read_only=True) as session:
        before = len(templates.list_templates(session, maya))
    _give(maya)
    with db.transaction(maya, read_only=True) as session:
        assert len(templates.list_templates(session, maya)) == before


def test_templates_are_listed_by_category_and_search(maya: Actor) -> None:
    _give(maya)
    with db.transaction(maya, read_only=True) as session:
        alerts = templates.list_templates(session, maya, category="alerts")
        sales = templates.list_templates(session, maya, search="weekend")
    assert {template.category for template in alerts} == {"alerts"}
    assert [template.name for template in sales] == ["Weekend sale"]


def test_a_template_is_created_changed_duplicated_and_deleted(maya: Actor) -> None:
    with db.transaction(maya) as session:
        made = templates.create_template(
            session,
            maya,
            name=" Sale ",
            message_body="Hi {first_name|there}",
            category="marketing",
        )
        assert made.name == "Sale"
        templates.update_template(session, maya, made.id, name="Big sale", is_default=True)
        first = templates.duplicate_template(session, maya, made.id)
        second = templates.duplicate_template(session, maya, made.id)
        assert [first.name, second.name] == ["Big sale (copy)", "Big sale (copy 2)"]
        assert not first.is_default
        templates.delete_template(session, maya, made.id)
        with pytest.raises(NotFound):
            templates.get_template(session, maya, made.id)


def test_a_taken_name_is_refused_in_any_case_of_letters(maya: Actor) -> None:
    with db.transaction(maya) as session:
        made = templates.create_template(session, maya, name="Sale", message_body="Hello")
        with pytest.raises(Conflict, match="Sale"):
            templates.create_template(session, maya, name="SALE", message_body="Hello")
        assert templates.update_template(session, maya, made.id, name="sale").name == "sale"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  ", "message_body": "Hello"}),
        ("name", {"name": "x" * 121, "message_body": "Hello"}),
        ("message_body", {"name": "A", "message_body": " \n "}),
        ("message_body", {"name": "A", "message_body": "x" * 1601}),
        ("message_body", {"name": "A", "message_body": "Hi {first_nam}"}),
        ("message_body", {"name": "A", "message_body": "Hi {first_name"}),
        ("category", {"name": "A", "message_body": "Hello", "category": "fun"}),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    maya: Actor, field: str, values: dict[str, str]
) -> None:
    with db.transaction(maya) as session, pytest.raises(InvalidInput) as refused:
        templates.create_template(session, maya, **values)
    assert list(refused.value.fields) == [field]


def test_another_owner_neither_sees_nor_changes_a_template(maya: Actor) -> None:
    other = make_actor("bob@example.com")
    with db.transaction(maya) as session:
        made = templates.create_template(session, maya, name="Sale", message_body="Hello")
    with db.transaction(other) as session:
        assert templates.list_templates(session, other) == []
        for change in (
            lambda: templates.update_template(session, other, made.id, name="Mine"),
            lambda: templates.duplicate_template(session, other, made.id),
            lambda: templates.delete_template(session, other, made.id),
        ):
            with pytest.raises(NotFound):
                change()
        templates.create_template(session, other, name="Sale", message_body="Hello")


def test_a_preview_shows_a_real_customer_and_counts_its_segments(maya: Actor) -> None:
    with db.transaction(maya) as session:
        session.add(
            Customer(
                user_id=maya.user_id,
                phone="+15125550101",
                first_name="Lucía",
                attributes={"points": 940},
            )
        )
    with db.transaction(maya, read_only=True) as session:
        shown = templates.preview(session, maya, "Hi {first_name}, {points} points")
    assert shown.text == "Hi Lucía, 940 points"
    assert shown.shown_for == "Lucía"
    assert shown.measure.encoding == "UCS-2"
    assert shown.problems == ()


def test_a_preview_without_customers_shows_a_made_up_one(maya: Actor) -> None:
    with db.transaction(maya, read_only=True) as session:
        shown = templates.preview(session, maya, "Hi {first_name}, {points}", category="marketing")
    assert shown.text == "Hi Rosa, "
    assert any("points" in problem for problem in shown.problems)
    assert any("opt out" in warning for warning in shown.warnings)
