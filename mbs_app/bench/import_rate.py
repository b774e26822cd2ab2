"""Rows a second through an import: from the uploaded bytes to customers, with the memory that took."""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections.abc import Iterator
from uuid import UUID

from mbs_app import db
from mbs_app.bench import ground, scene
from mbs_app.domain.actor import Actor
from mbs_app.models import new_id
from mbs_app.services import imports

_AT_ONCE = 5_000
_CITIES = ("Austin TX", "Norman OK", "Santa Fe NM", "Baton Rouge LA", "El Paso TX")


def run(rows: int = 100_000, *, database_url: str | None = None) -> dict[str, float]:
    """Measure and print: a file of new customers, then the same one with a column changed.

    Returns rows a second as ``checked`` and ``applied`` (new people) and ``updated`` (everybody changes),
    ``both`` (checked and applied, one after the other), and ``peak_bytes``, the most Python memory that
    checking took. That is measured in a run of its own, on a tenth of the rows, since measuring slows.
    """
    with scene.fresh_database(database_url) as url:
        with db.transaction(ground.SYSTEM) as session:
            owner, _ = ground.make_owner(session)
        actor = Actor.user(owner.id, label=owner.name)
        _, checked, applied = _import(actor, _file(rows, "Austin"), rows)
        _, _, updated = _import(actor, _file(rows, "Waco"), rows)
        peak = _peak(actor, max(1, rows // 10))
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    both = 1 / (1 / checked + 1 / applied)
    print(
        f"Import, {kind}: {rows:,} rows, {checked:,.0f}/s checked, {applied:,.0f}/s applied "
        f"({both:,.0f}/s for both), {updated:,.0f}/s where every customer changes; "
        f"{peak / 2**20:.0f} MB of Python memory at most, {_resident()}"
    )
    return {
        "checked": checked,
        "applied": applied,
        "updated": updated,
        "both": both,
        "peak_bytes": peak,
    }


def _import(actor: Actor, file: Iterator[bytes], rows: int) -> tuple[UUID, float, float]:
    """(import, rows a second checked, rows a second applied)"""
    with db.transaction(actor) as session:
        import_id = imports.upload(session, actor, "bench.csv", file).id
    checked = _timed(rows)
    with db.transaction(actor) as session:
        imports.start(session, actor, import_id)
    applied = _timed(rows)
    with db.transaction(actor, read_only=True) as session:
        done = imports.summary(session, actor, import_id)
    if done.status != "done" or done.applied != rows:
        raise AssertionError(f"the import ended as {done.status}: {done.error}")
    return import_id, checked, applied


def _timed(rows: int) -> float:
    began = time.perf_counter()
    imports.run_next(new_id())
    return rows / (time.perf_counter() - began)


def _peak(actor: Actor, rows: int) -> float:
    with db.transaction(actor) as session:
        imports.upload(session, actor, "bench.csv", _file(rows, "Tulsa"))
    tracemalloc.start()
    imports.run_next(new_id())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def _file(rows: int, first_city: str) -> Iterator[bytes]:
    """A shop's export: North American numbers as people write them, eight columns, 90 bytes a row."""
    chance = random.Random(1)
    yield b"first_nm,last_nm,mobile,email_addr,city_st,pts_balance,signup_dt,store_cd\r\n"
    cities = (f"{first_city} TX", *_CITIES[1:])
    for start in range(0, rows, _AT_ONCE):
        lines = [
            f"Rosa{n % 977},Delgado{n % 1999},(512) {200 + n // 10_000 % 800}-{n % 10_000:04},"
            f"rosa{n}@example.com,{cities[n % 5] if first_city != 'Waco' else 'Waco TX'},"
            f"{chance.randrange(20_000)},2024-03-02,{n % 40:03}\r\n"
            for n in range(start, min(start + _AT_ONCE, rows))
        ]
        yield "".join(lines).encode()


def _resident() -> str:
    """The most memory this process ever held, where the system tells."""
    try:
        import resource
    except ImportError:  # Windows
        return "the process's memory isn't known here"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"the process {most / (2**20 if sys.platform == 'darwin' else 2**10):,.0f} MB"
