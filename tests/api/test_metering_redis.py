"""The count of requests in a real Redis: shared by web processes, and missed by nobody when it goes away."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.api import metering
from mbs_app.settings import PROJECT_ROOT
from tests.api.conftest import SignIn
from tests.support.accounts import make_api_key
from tests.support.databases import SqliteDatabases
from tests.support.environment import with_environment
from tests.support.redis_server import RedisServer

# A web process of its own: asks with the key in its arguments, prints what each answer says is left.
OTHER_PROCESS = """
import sys
from fastapi.testclient import TestClient
from mbs_app.api.app import create_api
client = TestClient(create_api(), headers={"authorization": f"Bearer {sys.argv[1]}"})
for _ in range(int(sys.argv[2])):
    answer = client.get("/api/groups")
    print(answer.status_code, answer.headers.get("ratelimit", ""))
"""


@pytest.fixture
def database(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """One kind is enough: what is counted isn’t in it."""
    with sqlite_databases.fresh() as url:
        engine = db.configure(url)
        yield url
        engine.dispose()


@pytest.fixture(autouse=True)
def _limiters_of_this_test() -> Iterator[None]:
    metering._limiter.cache_clear()
    yield
    metering._limiter.cache_clear()


def left(header: str) -> int:
    """3 of ``"minute";r=3;t=60``"""
    return int(header.partition(";r=")[2].partition(";")[0])


def in_another_process(key: str, times: int, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, key, str(times)],
        cwd=PROJECT_ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_two_processes_share_one_count(
    redis_url: str,
    signed_in: SignIn,
    with_bearer: Callable[[str], TestClient],
    database: str,
    tmp_path: Path,
) -> None:
    _, user = signed_in()
    _, key = make_api_key(user, "read")
    environment = {
        "REDIS_URL": redis_url,
        "DATABASE_URL": database,
        "DATA_DIR": str(tmp_path),
        "API_REQUESTS_PER_MINUTE": "12",
    }
    program = with_bearer(key)
    with with_environment(**environment):
        here = [program.get("/api/groups") for _ in range(5)]
        there = in_another_process(key, 5, **environment)
        here += [program.get("/api/groups") for _ in range(3)]
    assert [left(answer.headers["ratelimit"]) for answer in here[:5]] == [11, 10, 9, 8, 7]
    assert [(line[:3], left(line)) for line in there] == [("200", n) for n in (6, 5, 4, 3, 2)]
    assert [answer.status_code for answer in here[5:]] == [200, 200, 429]
    assert {answer.headers["ratelimit-policy"] for answer in here} == {'"minute";q=12;w=60'}
    refused = here[-1]
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"] == f'"minute";r=0;t={refused.headers["retry-after"]}'
    assert refused.json()["violated-policies"] == ["minute"]


def test_two_limiters_of_one_redis_never_let_more_through_together(
    redis_url: str, signed_in: SignIn, with_bearer: Callable[[str], TestClient]
) -> None:
    _, user = signed_in()
    _, key = make_api_key(user, "read")
    answers: list[int] = []
    with with_environment(REDIS_URL=redis_url, API_REQUESTS_PER_MINUTE="6"):
        program = with_bearer(key)
        for _ in range(5):
            metering._limiter.cache_clear()  # what a process remembers by itself counts for nothing
            answers += [program.get("/api/groups").status_code for _ in range(2)]
    assert answers == [200] * 6 + [429] * 4


def test_a_redis_that_goes_away_and_comes_back_fails_no_request(
    tmp_path: Path,
    signed_in: SignIn,
    with_bearer: Callable[[str], TestClient],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(metering, "REDIS_PATIENCE_SECONDS", 0.5)
    server = RedisServer(tmp_path)
    _, user = signed_in()
    program = with_bearer(make_api_key(user, "read")[1])
    with with_environment(REDIS_URL=server.url, API_REQUESTS_PER_MINUTE="4"):
        try:
            counted = [program.get("/api/groups") for _ in range(5)]
            assert [answer.status_code for answer in counted] == [200] * 4 + [429]
            server.stop()
            with caplog.at_level(logging.WARNING, "mbs_app.api.metering"):
                uncounted = [program.get("/api/groups") for _ in range(6)]
            assert [answer.status_code for answer in uncounted] == [200] * 6
            assert all("ratelimit" not in answer.headers for answer in uncounted)
            assert "requests aren’t counted: Redis can’t be reached" in caplog.messages
            server.start()
            again = _counted_again(program)
            assert again == '"minute";q=4;w=60'
        finally:
            server.stop()


def _counted_again(program: TestClient) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = program.get("/api/groups")
        assert answer.status_code in (200, 429)
        if policy := answer.headers.get("ratelimit-policy"):
            return policy
        time.sleep(0.1)
    raise AssertionError("requests aren’t counted again")
