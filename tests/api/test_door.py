"""A crowd at the door: it waits there, and nobody else does."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from fastapi.testclient import TestClient
from starlette.concurrency import run_in_threadpool

from mbs_app.api import door
from mbs_app.services.passwords import hashing
from tests.support.accounts import PASSWORD


def test_a_crowd_takes_few_threads_and_leaves_those_of_the_rest() -> None:
    running, most = 0, 0
    counting, release = threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        release.wait(60)
        with counting:
            running -= 1

    async def crowd() -> bool:
        waiting = [asyncio.create_task(door.at_the_door(work)) for _ in range(100)]
        while running < door.AT_ONCE:  # noqa: ASYNC110  # counted by threads
            await asyncio.sleep(0.01)
        # None of the crowd is done, and somebody else's work is.
        served = await asyncio.wait_for(run_in_threadpool(lambda: not release.is_set()), 30)
        release.set()
        await asyncio.gather(*waiting)
        return served

    assert asyncio.run(crowd())
    assert (most, running) == (door.AT_ONCE, 0)


def test_health_answers_while_a_crowd_signs_in(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the crowd is answered, and a look at the health never waits for all of them."""
    monkeypatch.setattr(hashing, "LONGEST_WAIT", 600)  # on a busy machine nobody is sent away
    done: list[int] = []

    def sign_in(number: int) -> None:
        form = {"email": f"person{number}@example.com", "password": PASSWORD}
        done.append(anonymous.post("/api/auth/login", json=form).status_code)

    with anonymous:  # one event loop for all, as the server has it
        crowd = [threading.Thread(target=sign_in, args=(number,)) for number in range(40)]
        began_all = time.perf_counter()
        for one in crowd:
            one.start()
        waits: list[float] = []
        while any(one.is_alive() for one in crowd):
            began = time.perf_counter()
            assert anonymous.get("/api/health").status_code == 200
            waits.append(time.perf_counter() - began)
        for one in crowd:
            one.join()
        all_took = time.perf_counter() - began_all
    assert done == [401] * 40
    assert len(waits) >= 10
    assert sorted(waits)[len(waits) // 2] < all_took / 5
