"""Imports in a test: a file goes in, workers run until nothing waits."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import SuppressionReason
from mbs_app.models import Customer, Group, Suppression, UserProfile
from mbs_app.services import imports
from mbs_app.services.imports import ImportSummary


def upload(actor: Actor, content: str | bytes | Iterable[bytes], name: str = "people.csv") -> UUID:
    chunks = [content.encode()] if isinstance(content, str) else content
    chunks = [chunks] if isinstance(chunks, bytes) else chunks
    with db.transaction(actor) as session:
        return imports.upload(session, actor, name, chunks).id


def work(worker_id: UUID | None = None) -> None:
    while imports.run_next(worker_id or uuid4()):
        pass


def summary(actor: Actor, import_id: UUID) -> ImportSummary:
    with db.transaction(actor, read_only=True) as session:
        return imports.summary(session, actor, import_id)


def check(actor: Actor, content: str | bytes | Iterable[bytes]) -> ImportSummary:
    """Upload and check a file."""
    import_id = upload(actor, content)
    work()
    return summary(actor, import_id)


def start(actor: Actor, import_id: UUID) -> None:
    with db.transaction(actor) as session:
        imports.start(session, actor, import_id)


def apply(actor: Actor, import_id: UUID) -> ImportSummary:
    start(actor, import_id)
    work()
    return summary(actor, import_id)


def import_file(actor: Actor, content: str | bytes | Iterable[bytes]) -> ImportSummary:
    return apply(actor, check(actor, content).id)


def refused(actor: Actor, import_id: UUID) -> list[tuple[int, str, str]]:
    """(row, reason, detail) of the refused rows on the first page."""
    with db.transaction(actor, read_only=True) as session:
        page = imports.refused_page(session, actor, import_id)
    return [(row.number, row.reason, row.detail) for row in page.rows]


def customers(actor: Actor) -> dict[str, Customer]:
    with db.transaction(actor, read_only=True) as session:
        return {one.phone: one for one in session.exec(select(Customer))}


def add_customer(session: Session, actor: Actor, phone: str, **fields: object) -> Customer:
    customer = Customer(user_id=actor.user_id, phone=phone, **fields)
    session.add(customer)
    session.flush()
    return customer


def make_group(actor: Actor, name: str = "Loyalty") -> UUID:
    with db.transaction(actor) as session:
        group = Group(user_id=actor.user_id, name=name)
        session.add(group)
        return group.id


def opt_out(phone: str, owner: UUID | None = None) -> None:
    with db.transaction(Actor.system("test")) as session:
        session.add(Suppression(user_id=owner, address=phone, reason=SuppressionReason.STOP_REPLY))


def region_of(actor: Actor, region: str) -> None:
    with db.transaction(Actor.system("test")) as session:
        user = session.exec(select(UserProfile).where(col(UserProfile.id) == actor.user_id)).one()
        user.default_region = region
        session.add(user)


def made_up(rows: int, seed: int = 1) -> Iterator[bytes]:
    """A loyalty list with all that a shop's export has."""
    chance = random.Random(seed)
    yield b"first_nm,last_nm,mobile,email_addr,city_st,pts_balance,signup_dt,store_cd\r\n"
    for number in range(rows):
        exchange, line = 200 + number // 10_000, number % 10_000
        yield (
            f"Rosa{number % 977},Delgado{number % 1999},(512) {exchange}-{line:04d},"
            f"rosa{number}@example.com,Austin TX,{chance.randrange(5000)},2024-03-02,"
            f"{number % 40:03d}\r\n"
        ).encode()
