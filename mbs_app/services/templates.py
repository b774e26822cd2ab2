"""Message templates: texts kept to be used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.copy_names import free_name
from mbs_app.domain.default_templates import OPT_OUT_LINE, bodies_for
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.names import clean_name
from mbs_app.domain.opt_out_line import says_how_to_opt_out
from mbs_app.domain.plain_text import clean_text
from mbs_app.domain.segments import Measure, measure
from mbs_app.domain.vocabulary import TemplateCategory
from mbs_app.models import CampaignTemplate, Customer, Workspace
from mbs_app.queries import customers as customer_queries
from mbs_app.queries.fold_search import words_of
from mbs_app.services.lookup import must_get, owner_of, refuse_taken_name

LONGEST_NAME = 120
LONGEST_BODY = 1600  # Twilio takes no longer text (error 21617)
MAX_PAGE = 200

SAMPLE_VALUES = merge.field_values(
    first_name="Rosa",
    last_name="Delgado",
    email="rosa.d@example.com",
    phone="(512) 555-0178",
    city="Austin",
    state="TX",
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A template filled in for one customer.

    ``filled`` are the (start, end) places in ``text`` that came from the customer or a fallback.
    ``problems`` keep a text from being sent; ``warnings`` are worth a look.
    """

    text: str
    shown_for: str
    filled: tuple[tuple[int, int], ...]
    measure: Measure
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


class Sample(NamedTuple):
    """The customer a preview is shown for: ``name`` as on screen, ``values`` by field name."""

    name: str
    values: Mapping[str, str]


def list_templates(
    session: Session, actor: Actor, *, category: str | None = None, search: str = ""
) -> list[CampaignTemplate]:
    """The actor's templates by category and name, at most 200."""
    query = select(CampaignTemplate).order_by(
        col(CampaignTemplate.category),
        col(CampaignTemplate.name),
        col(CampaignTemplate.id),
    )
    if category:
        query = query.where(CampaignTemplate.category == clean_category(category))
    if words := " ".join(words_of(search)):
        escaped = words.replace("%", r"\%").replace("_", r"\_")
        like = f"%{escaped}%"
        query = query.where(
            col(CampaignTemplate.name).ilike(like, escape="\\")
            | col(CampaignTemplate.message_body).ilike(like, escape="\\")
        )
    return list(session.exec(query.limit(MAX_PAGE)))


def get_template(session: Session, actor: Actor, template_id: UUID) -> CampaignTemplate:
    """Raises NotFound."""
    return must_get(session, CampaignTemplate, template_id, "template")


def create_template(
    session: Session,
    actor: Actor,
    *,
    name: str,
    message_body: str,
    category: str = TemplateCategory.GENERAL,
    is_default: bool = False,
) -> CampaignTemplate:
    """A new template.

    Raises:
        InvalidInput: a field can't be taken, or the text has a problem that would keep it from sending.
        Conflict: another template has this name.
    """
    made = CampaignTemplate(
        user_id=owner_of(actor),
        name=_clean_name(name),
        message_body=clean_body(session, actor, message_body),
        category=clean_category(category),
        is_default=is_default,
    )
    refuse_taken_name(session, CampaignTemplate, made.name, "template")
    session.add(made)
    session.flush()
    return made


def update_template(
    session: Session,
    actor: Actor,
    template_id: UUID,
    *,
    name: str | None = None,
    message_body: str | None = None,
    category: str | None = None,
    is_default: bool | None = None,
) -> CampaignTemplate:
    """Change what is given. Raises NotFound, InvalidInput, Conflict (the name is taken)."""
    template = get_template(session, actor, template_id)
    if name is not None:
        template.name = _clean_name(name)
        refuse_taken_name(session, CampaignTemplate, template.name, "template", besides=template.id)
    if message_body is not None:
        template.message_body = clean_body(session, actor, message_body)
    if category is not None:
        template.category = clean_category(category)
    if is_default is not None:
        template.is_default = is_default
    template.updated_at = utc_now()
    session.add(template)
    session.flush()
    return template


def duplicate_template(session: Session, actor: Actor, template_id: UUID) -> CampaignTemplate:
    """A copy under a free name, "Weekend sale (copy)". Raises NotFound."""
    template = get_template(session, actor, template_id)
    copy = CampaignTemplate(
        user_id=template.user_id,
        name=free_name(template.name, _taken_names(session), LONGEST_NAME),
        message_body=template.message_body,
        category=template.category,
    )
    session.add(copy)
    session.flush()
    return copy


def delete_template(session: Session, actor: Actor, template_id: UUID) -> CampaignTemplate:
    """Take a template away; what was deleted is returned, so that it can be put back.

    Raises NotFound.
    """
    template = get_template(session, actor, template_id)
    session.delete(template)
    session.flush()
    return template


def give_default_templates(session: Session, user_id: UUID) -> list[CampaignTemplate]:
    """Start a new user off. A template whose name the user has already is left as it is."""
    workspace = session.get(Workspace, 1)
    taken = set(
        session.exec(select(CampaignTemplate.name).where(CampaignTemplate.user_id == user_id))
    )
    given = [
        CampaignTemplate(
            user_id=user_id,
            name=template.name,
            message_body=template.message_body,
            category=template.category,
            is_default=True,
        )
        for template in bodies_for(workspace.name if workspace else "")
        if template.name not in taken
    ]
    session.add_all(given)
    session.flush()
    return given


def preview(session: Session, actor: Actor, message_body: str, *, category: str = "") -> Preview:
    """``message_body`` as a real customer of the actor would get it; a made-up one where there is none."""
    keys = _custom_fields(session, owner_of(actor), merge.parse(message_body))
    return render_preview(message_body, sample_customer(session, actor), keys, category=category)


def render_preview(
    message_body: str, sample: Sample, attribute_keys: list[str], *, category: str = ""
) -> Preview:
    """As :func:`preview`, without a database: for redrawing while somebody types."""
    template = merge.parse(message_body)
    rendered = template.render(sample.values)
    known = [*merge.STANDARD_FIELDS, *attribute_keys]
    warnings = list(template.warnings(known))
    warnings += [
        f"{{{name}}} is blank for {sample.name}. Give it a fallback: {{{name}|there}}."
        for name in rendered.blanks
        if name in known
    ]
    if category == TemplateCategory.MARKETING and not says_how_to_opt_out(message_body):
        warnings.append(f"Marketing texts must say how to opt out. Add “{OPT_OUT_LINE}”.")
    return Preview(
        text=rendered.text,
        shown_for=sample.name,
        filled=rendered.filled,
        measure=measure(rendered.text),
        problems=tuple(template.problems(known)),
        warnings=tuple(warnings),
    )


def sample_customer(session: Session, actor: Actor) -> Sample:
    """A customer with a full name where there is one, so that a preview looks like what is sent."""
    found = session.exec(
        select(Customer)
        .where(Customer.user_id == owner_of(actor), Customer.first_name != "")
        .order_by(col(Customer.created_at), col(Customer.id))
        .limit(1)
    ).first()
    if found is None:
        return Sample("Rosa Delgado", SAMPLE_VALUES)
    return Sample(f"{found.first_name} {found.last_name}".strip(), merge.values_of(found))


def _clean_name(name: str) -> str:
    return clean_name(name, longest=LONGEST_NAME, when_empty="Give the template a name.")


def clean_category(category: str) -> TemplateCategory:
    try:
        return TemplateCategory(category)
    except ValueError:
        raise InvalidInput(category="Choose a category from the list.") from None


def clean_body(session: Session, actor: Actor, body: str) -> str:
    body = clean_text(body).strip()
    if not body:
        raise InvalidInput(message_body="Write the text.")
    if len(body) > LONGEST_BODY:
        raise InvalidInput(
            message_body=f"Shorten the text to {LONGEST_BODY:,} characters; it has {len(body):,}."
        )
    template = merge.parse(body)
    if problems := template.problems(_custom_fields(session, owner_of(actor), template)):
        raise InvalidInput(message_body=problems[0])
    return body


def _custom_fields(session: Session, owner: UUID, template: merge.Template) -> list[str]:
    """Those of the template's fields that are attributes of the owner's customers."""
    custom = [name for name in template.fields if name not in merge.STANDARD_FIELDS]
    if not custom:
        return []
    seen = customer_queries.attribute_keys(session, owner)
    return seen + [
        name
        for name in custom
        if name not in seen and customer_queries.somebody_has_attribute(session, owner, name)
    ]


def _taken_names(session: Session) -> set[str]:
    return set(session.exec(select(CampaignTemplate.name)))
