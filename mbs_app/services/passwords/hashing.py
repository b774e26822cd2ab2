"""Hashing passwords: Argon2id through the ``passlib`` interface of ``libpass``, a few at a time.

A hash takes 19 MiB and a core for some 30 ms. All of the process wait in one queue for a few threads of their own, so
that a burst of sign-ins takes neither the memory nor the threads that pages and the rest of the API need, and no
more than half of the cores. Routes await :func:`hash_aside` and :func:`verify_aside`, which hold no thread meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from argon2.low_level import Type, hash_secret_raw
from passlib.context import CryptContext

from mbs_app.domain.errors import Busy
from mbs_app.services.passwords.rules import LONGEST

R = TypeVar("R")

AT_ONCE = max(1, min(4, (os.cpu_count() or 1) // 2))
MOST_WAITING = 256
LONGEST_WAIT = 10.0  # seconds, then the caller is asked to come back
COME_BACK_AFTER = 5  # seconds
# Below what answers requests, above nothing else: on a busy machine pages come first.
_NICENESS = 10

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
MEMORY_KIB = 19456
PASSES = 2
_context = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=MEMORY_KIB,
    argon2__rounds=PASSES,
    argon2__parallelism=1,
)
_NOBODY = str(_context.hash("the password of nobody at all"))


def hash_password(password: str) -> str:
    """The hash to keep. Blocks the calling thread: for the command line, not for a request.

    Raises:
        Busy: too many hashes wait already.
    """
    return _wait_for(_queue(_hash, password))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether it matches, as :func:`verify_aside` says it; blocks the calling thread.

    Raises:
        Busy: too many hashes wait already.
    """
    return _wait_for(_queue(_verify, password, stored))


async def hash_aside(password: str) -> str:
    """The hash to keep.

    Raises:
        Busy: too many hashes wait already.
    """
    return await _await(_queue(_hash, password))


async def verify_aside(password: str, stored: str | None) -> bool:
    """Whether it matches. Without a stored hash ("" or None) it takes the same time and says no.

    Raises:
        Busy: too many hashes wait already.
    """
    return await _await(_queue(_verify, password, stored))


async def hash_with_salt_aside(text: str, salt: bytes) -> str:
    """64 hexadecimal digits, the same for the same two: for short secrets that are found by their hash.

    Raises:
        Busy: too many hashes wait already.
    """
    return await _await(_queue(_hash_with_salt, text, salt))


async def rehash_aside(password: str, stored: str | None) -> str | None:
    """A hash of a password that was found right, where ``stored`` was made with other parameters than today's.

    Raises:
        Busy: too many hashes wait already.
    """
    return await hash_aside(password) if stored and needs_rehash(stored) else None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return bool(_context.needs_update(stored))


def _hash(password: str) -> str:
    return str(_context.hash(password))


def _hash_with_salt(text: str, salt: bytes) -> str:
    raw = hash_secret_raw(
        text.encode(),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    return raw.hex()


def _verify(password: str, stored: str | None) -> bool:
    # OWASP ASVS 5.0, 6.2.8: never cut off. What is too long is no password, but takes as long as one.
    matches = bool(_context.verify(password[:LONGEST], stored or _NOBODY))
    return matches and bool(stored) and len(password) <= LONGEST


# The queue ---------------------------------------------------------------------------------------


def _step_back() -> None:
    """Let this thread's work wait for what answers requests; only Linux knows priorities of threads."""
    with suppress(AttributeError, OSError):
        here = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), here + _NICENESS)


_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hashing", initializer=_step_back)
_places = threading.BoundedSemaphore(MOST_WAITING + AT_ONCE)


def _queue(work: Callable[..., R], *args: object) -> Future[R]:
    if not _places.acquire(blocking=False):
        raise Busy(COME_BACK_AFTER)
    future = _threads.submit(work, *args)
    future.add_done_callback(lambda _: _places.release())
    return future


def _wait_for(future: Future[R]) -> R:
    try:
        return future.result(LONGEST_WAIT)
    except TimeoutError:
        future.cancel()
        raise Busy(COME_BACK_AFTER) from None


async def _await(future: Future[R]) -> R:
    try:
        # A wait that ends early takes its place out of the queue.
        return await asyncio.wait_for(asyncio.wrap_future(future), LONGEST_WAIT)
    except TimeoutError:
        raise Busy(COME_BACK_AFTER) from None
