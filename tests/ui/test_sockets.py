"""How many websockets somebody may open, and what may come through one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from mbs_app.mbs_app import app
from mbs_app.setup.paths import BUILT_PAGES
from mbs_app.ui import sockets
from mbs_app.ui.door import Door
from mbs_app.ui.sockets import (
    ANONYMOUS,
    FLOOD,
    PIECE_BYTES,
    PIECES_A_SECOND,
    PIECES_IN_A_ROW,
    SIGNED_IN,
    Allowance,
    Bucket,
    MeteredSocket,
    Sockets,
)
from tests.support.environment import with_environment
from tests.support.tabs import session_cookie

OFFICE = 50 * 10  # people, tabs each


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestCounting:
    def test_an_office_that_comes_back_on_monday_is_let_in_before_and_after_it_signs_in(
        self,
    ) -> None:
        counted = Sockets(Clock())
        assert all(counted.enter("nobody at 203.0.113.7", ANONYMOUS) for _ in range(OFFICE))
        for person in range(50):
            assert all(counted.enter(f"user {person}", SIGNED_IN) for _ in range(10))

    def test_no_more_are_open_at_once_than_may_be(self) -> None:
        clock = Clock()
        counted = Sockets(clock)
        few = Allowance(open=3, in_a_row=100, a_second=1)
        assert [counted.enter("a", few) for _ in range(4)] == [True, True, True, False]
        assert counted.enter("b", few)
        clock.now += 3600
        assert not counted.enter("a", few)
        counted.leave("a")
        assert counted.enter("a", few)

    def test_opening_and_closing_again_and_again_is_bounded_over_time(self) -> None:
        clock = Clock()
        counted = Sockets(clock)

        def opened(tries: int) -> int:
            admitted = 0
            for _ in range(tries):
                if counted.enter("a", ANONYMOUS):
                    admitted += 1
                    counted.leave("a")
            return admitted

        assert opened(5000) == ANONYMOUS.in_a_row
        clock.now += 3600
        assert opened(5000) == min(ANONYMOUS.in_a_row, 3600 * ANONYMOUS.a_second)
        clock.now += 10
        assert opened(5000) == 10 * ANONYMOUS.a_second

    def test_who_was_here_long_ago_is_forgotten_but_not_who_is_here(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sockets, "MOST_REMEMBERED", 3)
        counted = Sockets(Clock())
        one = Allowance(open=1, in_a_row=10, a_second=1)
        assert counted.enter("stays", one)
        for nth in range(100):
            assert counted.enter(f"passes {nth}", one)
            counted.leave(f"passes {nth}")
        assert len(counted._callers) == 3
        assert not counted.enter("stays", one)

    def test_a_bucket_holds_no_more_than_its_size(self) -> None:
        clock = Clock()
        bucket = Bucket(5, 2.0, clock)
        assert bucket.take(5) and not bucket.take()
        clock.now += 1
        assert bucket.take(2) and not bucket.take()
        clock.now += 1000
        assert not bucket.take(6) and bucket.take(5)


class TestWhatComesThrough:
    def read(
        self, clock: Clock, *messages: str, seconds_between: float = 0.0
    ) -> tuple[int, list[Any]]:
        """(messages that came through, what was sent) of a socket that reads until it is closed."""
        waiting, sent = list(messages), []

        async def receive() -> Any:
            clock.now += seconds_between
            if waiting:
                return {"type": "websocket.receive", "text": waiting.pop(0)}
            return {"type": "websocket.disconnect", "code": 1001}

        async def send(message: Any) -> None:
            sent.append(message)

        async def go() -> int:
            socket = MeteredSocket(receive, send, lambda: None, clock)
            came = 0
            while (await socket.receive())["type"] == "websocket.receive":
                came += 1
            await socket.send({"type": "websocket.send", "text": "an answer"})
            return came

        return asyncio.run(go()), sent

    def test_a_page_that_is_busy_goes_on_for_ever(self) -> None:
        busy = ["2" * 200] * 20_000
        came, sent = self.read(Clock(), *busy, seconds_between=1 / PIECES_A_SECOND)
        assert came == len(busy)
        assert sent == [{"type": "websocket.send", "text": "an answer"}]

    def test_a_flood_closes_its_socket_and_nothing_is_sent_after(self) -> None:
        came, sent = self.read(Clock(), *["x"] * 5000)
        assert came == PIECES_IN_A_ROW
        assert sent == [{"type": "websocket.close", "code": FLOOD}]

    def test_a_large_message_counts_for_many(self) -> None:
        came, _ = self.read(Clock(), *["x" * PIECE_BYTES * 99] * 5000)
        assert came == PIECES_IN_A_ROW // 100


@dataclass
class Socket:
    """One websocket through the door. ``said`` is what the server side of it said."""

    said: list[dict[str, Any]] = field(default_factory=list)
    heard: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    @property
    def is_open(self) -> bool:
        return [one["type"] for one in self.said] == ["websocket.accept"]


class House:
    """A door, and behind it something that accepts every websocket."""

    def __init__(self) -> None:
        self._door = Door(self._inside, app, BUILT_PAGES)
        self._tasks: list[asyncio.Task[None]] = []
        self._open: list[Socket] = []

    async def _inside(self, _scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        while (await receive())["type"] == "websocket.receive":
            pass

    async def open(self, ip: str = "203.0.113.7", **headers: str) -> Socket:
        socket = Socket()
        answered = asyncio.Event()

        async def send(message: Any) -> None:
            socket.said.append(message)
            answered.set()

        raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
        scope = {"type": "websocket", "path": "/_event/", "headers": raw, "client": (ip, 4711)}
        socket.heard.put_nowait({"type": "websocket.connect"})
        self._tasks.append(asyncio.create_task(self._door(scope, socket.heard.get, send)))
        await asyncio.wait_for(answered.wait(), 60)
        if socket.is_open:
            self._open.append(socket)
        return socket

    async def close(self, *which: Socket) -> None:
        for socket in which:
            socket.heard.put_nowait({"type": "websocket.disconnect", "code": 1001})
            self._open.remove(socket)
        await asyncio.sleep(0)

    async def end(self) -> None:
        await self.close(*self._open[:])
        await asyncio.gather(*self._tasks)


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    standing = House()
    yield standing
    await standing.end()


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mbs_app.ui.door.ANONYMOUS", Allowance(2, 100, 1))
    monkeypatch.setattr("mbs_app.ui.door.SIGNED_IN", Allowance(4, 100, 1))


@pytest.mark.usefixtures("_few")
class TestAtTheDoor:
    def test_nobodys_are_counted_by_address_until_they_are_closed(self) -> None:
        async def story() -> None:
            async with house() as at:
                first, second = [await at.open() for _ in range(2)]
                assert first.is_open and second.is_open
                third = await at.open()
                assert third.said == [{"type": "websocket.close"}]
                assert (await at.open(ip="203.0.113.8")).is_open
                await at.close(second)
                assert (await at.open()).is_open

        asyncio.run(story())

    def test_a_network_of_ipv6_is_one_address(self) -> None:
        async def story() -> None:
            async with house() as at:
                opened = [await at.open(ip=f"2001:db8:0:1::{nth}") for nth in range(3)]
                assert [one.is_open for one in opened] == [True, True, False]
                assert (await at.open(ip="2001:db8:0:2::1")).is_open

        asyncio.run(story())

    def test_an_account_has_its_own_count_whatever_strangers_at_its_address_do(
        self, cookies: tuple[str, str]
    ) -> None:
        async def story() -> None:
            async with house() as at:
                strangers = [await at.open() for _ in range(3)]
                assert [one.is_open for one in strangers] == [True, True, False]
                for cookie in cookies:
                    mine = [await at.open(cookie=cookie) for _ in range(5)]
                    assert [one.is_open for one in mine] == [True] * 4 + [False]
                assert not (await at.open(ip="203.0.113.9", cookie=cookies[0])).is_open

        asyncio.run(story())

    def test_a_made_up_cookie_is_nobodys(self, cookies: tuple[str, str]) -> None:
        async def story() -> None:
            async with house() as at:
                opened = [await at.open(cookie=session_cookie(f"guess-{n}")) for n in range(3)]
                assert [one.is_open for one in opened] == [True, True, False]

        asyncio.run(story())

    def test_behind_proxies_the_callers_address_counts(self) -> None:
        async def story() -> None:
            async with house() as at:
                for caller in ("198.51.100.1", "198.51.100.2"):
                    opened = [
                        await at.open(x_forwarded_for=f"192.0.2.{nth}, {caller}")
                        for nth in range(3)
                    ]
                    assert [one.is_open for one in opened] == [True, True, False]

        with with_environment(TRUSTED_PROXY_HOPS="1"):
            asyncio.run(story())

    def test_another_sites_page_opens_none_and_uses_none_up(self) -> None:
        async def story() -> None:
            async with house() as at:
                for _ in range(5):
                    foreign = await at.open(origin="http://evil.example", host="localhost:8000")
                    assert foreign.said == [{"type": "websocket.close"}]
                assert (
                    await at.open(origin="http://localhost:8000", host="localhost:8000")
                ).is_open
                assert (await at.open()).is_open  # a program, which names no origin

        asyncio.run(story())

    def test_a_flood_closes_the_socket_and_gives_its_place_back(self) -> None:
        async def story() -> None:
            async with house() as at:
                flooding, _ = [await at.open() for _ in range(2)]
                for _ in range(PIECES_IN_A_ROW + 50):
                    flooding.heard.put_nowait({"type": "websocket.receive", "text": "2"})
                await asyncio.wait_for(at._tasks[0], 60)
                assert flooding.said[1] == {"type": "websocket.close", "code": FLOOD}
                at._open.remove(flooding)
                assert (await at.open()).is_open

        asyncio.run(story())
