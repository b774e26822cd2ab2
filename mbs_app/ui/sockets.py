"""How many websockets a caller may open, and how much may come through each.

The state of a page takes some 150 KB from its first event on, and is kept for an hour after the page is closed, for
it may come back. So what is counted is the sockets that are open and, over that hour, the ones that were opened:
those of nobody by address, those of an account by account, whatever it is reached from. An office of fifty behind
one address, with ten tabs each that show the sign-in page on a Monday morning, is within the bounds. Each web process
counts for itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import Message, Receive, Send

MOST_REMEMBERED = 10_000

PIECE_BYTES = 4096
PIECES_IN_A_ROW = 400
PIECES_A_SECOND = 40.0
"""Of one socket. A message is a piece for each 4 KB that it has begun; who types sends ten small ones a second."""

FLOOD = 1008  # the code of RFC 6455 for "you broke a rule"

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many sockets may be open, and how many may be opened: in a row, and a second in the long run."""

    open: int
    in_a_row: int
    a_second: float


ANONYMOUS = Allowance(open=600, in_a_row=600, a_second=0.2)
SIGNED_IN = Allowance(open=1000, in_a_row=2000, a_second=2.0)


class Bucket:
    """Holds ``size`` and fills by ``a_second``."""

    def __init__(self, size: float, a_second: float, clock: Clock = time.monotonic) -> None:
        self._size, self._a_second, self._clock = size, a_second, clock
        self._level, self._at = size, clock()

    def take(self, amount: float = 1.0) -> bool:
        """Whether there was as much in it; if not, nothing is taken."""
        now = self._clock()
        self._level = min(self._size, self._level + (now - self._at) * self._a_second)
        self._at = now
        if self._level < amount:
            return False
        self._level -= amount
        return True


@dataclass(slots=True)
class _Caller:
    opening: Bucket
    open: int = 0


class Sockets:
    """The sockets of this process, by whose they are."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._callers: OrderedDict[str, _Caller] = OrderedDict()

    def enter(self, whose: str, allowance: Allowance) -> bool:
        """Count one more of ``whose``; False where it is one too many. Who entered leaves."""
        caller = self._callers.get(whose)
        if caller is None:
            bucket = Bucket(allowance.in_a_row, allowance.a_second, self._clock)
            caller = self._callers[whose] = _Caller(bucket)
            self._forget_the_oldest()
        self._callers.move_to_end(whose)
        if caller.open >= allowance.open or not caller.opening.take():
            return False
        caller.open += 1
        return True

    def leave(self, whose: str) -> None:
        self._callers[whose].open -= 1

    def _forget_the_oldest(self) -> None:
        """Not those with open sockets: their number has its own bound."""
        if len(self._callers) > MOST_REMEMBERED:
            idle = next((whose for whose, one in self._callers.items() if one.open == 0), None)
            if idle is not None:
                del self._callers[idle]


class MeteredSocket:
    """One websocket, which is closed once more comes through it than a page sends."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        on_flood: Callable[[], None],
        clock: Clock = time.monotonic,
    ) -> None:
        self._receive, self._send, self._on_flood = receive, send, on_flood
        self._pieces = Bucket(PIECES_IN_A_ROW, PIECES_A_SECOND, clock)
        self._is_closed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        size = len(message.get("text") or message.get("bytes") or "")
        if self._pieces.take(1 + size // PIECE_BYTES):
            return message
        self._on_flood()
        await self.send({"type": "websocket.close", "code": FLOOD})
        self._is_closed = True
        return {"type": "websocket.disconnect", "code": FLOOD}

    async def send(self, message: Message) -> None:
        """What was under way when the socket was closed goes nowhere."""
        if not self._is_closed:
            await self._send(message)
