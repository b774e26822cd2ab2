"""Wake-ups from any thread, coalesced, and only after the commit."""

from __future__ import annotations

import asyncio
import threading

import pytest

from mbs_app import db
from mbs_app.delivery.signals import Bell
from mbs_app.models import Workspace, new_id
from tests.support.accounts import SYSTEM


def test_rings_from_other_threads_are_gathered_for_the_next_wait() -> None:
    bell, ids = Bell(), {new_id() for _ in range(3)}

    async def listen() -> set[object]:
        heard: set[object] = set()
        with bell.listening() as listener:
            for one in ids:
                thread = threading.Thread(target=bell.ring, args=(one,))
                thread.start()
                await asyncio.to_thread(thread.join)
            while heard != ids:
                heard |= await listener.wait(5) or set()
            assert await listener.wait(0.01) is None
        bell.ring(*ids)  # nobody listens any more
        return heard

    assert asyncio.run(listen()) == ids


def test_a_rollback_rings_nothing(database: str) -> None:
    bell = Bell()

    async def listen() -> None:
        with bell.listening() as listener:
            with pytest.raises(ValueError, match="no"), db.transaction(SYSTEM) as session:
                bell.ring_after_commit(session)
                session.add(Workspace(id=1))
                raise ValueError("no")
            assert await listener.wait(0.05) is None
            with db.transaction(SYSTEM) as session:
                bell.ring_after_commit(session)
                assert await listener.wait(0.05) is None
            assert await listener.wait(5) == set()

    asyncio.run(listen())
