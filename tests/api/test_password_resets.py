"""A forgotten password over HTTP: answers that tell nothing, links that work once."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.services import sessions
from mbs_app.services.password_resets import asking
from mbs_app.services.sign_in import PER_ACCOUNT_AND_ADDRESS
from tests.api.conftest import SignIn
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.resets import mailed_tokens, reset_mails
from tests.support.second_factors import code_of, give_authenticator

MAYA = "maya@example.com"
NEW = "lamps in the evening rain"
ASK, LOOK, CHOOSE = (f"/api/password-reset/{verb}" for verb in ("request", "validate", "confirm"))
SEND, LIST = "/api/admin/password-reset", "/api/admin/password-resets"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer without the wait that hides the work."""
    monkeypatch.setattr("mbs_app.services.password_resets.ANSWER_AFTER", 0.0)


def _somebody() -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, MAYA)


def test_the_whole_way_to_a_new_password(anonymous: TestClient, at_once: None) -> None:
    with db.transaction(SYSTEM) as session:
        old, _ = sessions.start(session, make_user(session, MAYA), keep=True)
    assert anonymous.post(ASK, json={"email": MAYA}).status_code == 202
    (token,) = mailed_tokens(MAYA)
    looked = anonymous.post(LOOK, json={"token": token})
    assert (looked.status_code, looked.json()["email"]) == (200, MAYA)
    weak = anonymous.post(CHOOSE, json={"token": token, "password": "maya@example"})
    assert weak.status_code == 422 and weak.json()["errors"][0]["field"] == "password"
    assert anonymous.post(CHOOSE, json={"token": token, "password": NEW}).status_code == 204
    for path, form in ((LOOK, {}), (CHOOSE, {"password": NEW})):
        again = anonymous.post(path, json={"token": token, **form})
        assert again.status_code == 409
        assert again.json()["type"] == "/api/problems/dead-link"
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        answer = anonymous.post("/api/auth/login", json={"email": MAYA, "password": password})
        assert answer.status_code == status
    anonymous.cookies.clear()
    anonymous.cookies.set("mbs_session", old)
    assert anonymous.get("/api/groups").status_code == 401


def test_the_browser_that_used_the_link_has_guesses_of_its_own(
    anonymous: TestClient, at_once: None
) -> None:
    _somebody()
    anonymous.post(ASK, json={"email": MAYA})
    (token,) = mailed_tokens(MAYA)
    dead = anonymous.post(CHOOSE, json={"token": "x" * 43, "password": NEW})
    assert dead.status_code == 409 and "set-cookie" not in dead.headers
    chosen = anonymous.post(CHOOSE, json={"token": token, "password": NEW})
    given = next(
        one for one in chosen.headers.get_list("set-cookie") if one.startswith("mbs_device=")
    )
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=31536000"} <= {*given.split("; ")}
    stranger = TestClient(create_api(), base_url="http://localhost:8000")
    for _ in range(PER_ACCOUNT_AND_ADDRESS):
        stranger.post("/api/auth/login", json={"email": MAYA, "password": PASSWORD})
    login = {"email": MAYA, "password": NEW}
    assert stranger.post("/api/auth/login", json=login).status_code == 429
    assert anonymous.post("/api/auth/login", json=login).status_code == 200


def test_a_second_factor_is_still_asked_for_afterwards(
    anonymous: TestClient, at_once: None
) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session, MAYA)
    secret = give_authenticator(user)
    anonymous.post(ASK, json={"email": MAYA})
    (token,) = mailed_tokens(MAYA)
    chosen = anonymous.post(CHOOSE, json={"token": token, "password": NEW})
    assert chosen.status_code == 204 and "mbs_session" not in anonymous.cookies
    answer = anonymous.post("/api/auth/login", json={"email": MAYA, "password": NEW})
    assert answer.json()["next"] == "second_factor"
    assert anonymous.get("/api/groups").status_code == 401
    code = {"code": code_of(secret)}
    assert anonymous.post("/api/auth/second-factor", json=code).status_code == 200
    assert anonymous.get("/api/groups").status_code == 200


def test_the_answer_tells_nothing(anonymous: TestClient, at_once: None) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, MAYA)
        make_user(session, "closed@example.com", status="suspended")
    answers = [
        anonymous.post(ASK, json={"email": email})
        for email in (MAYA, "closed@example.com", "nobody@example.com", *[MAYA] * 5)
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"null")}
    headers = [{**answer.headers} for answer in answers]
    assert all(one == headers[0] for one in headers)
    assert anonymous.post(ASK, json={"email": "not an address"}).status_code == 422


def test_known_and_unknown_addresses_differ_by_less_than_the_noise(
    anonymous: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The medians of the two kinds lie within the spread of one and the same kind."""
    monkeypatch.setattr("mbs_app.services.password_resets.ANSWER_AFTER", 0.2)
    monkeypatch.setattr(asking, "PER_ADDRESS", 10_000)
    rounds = 21
    with db.transaction(SYSTEM) as session:
        for number in range(rounds + 1):
            make_user(session, f"known{number}@example.com")

    def seconds(email: str) -> float:
        began = time.perf_counter()
        anonymous.post(ASK, json={"email": email})
        return time.perf_counter() - began

    seconds("known0@example.com"), seconds("unknown0@example.com")  # the first of each warms up
    times = [
        (seconds(f"known{number}@example.com"), seconds(f"unknown{number}@example.com"))
        for number in range(1, rounds + 1)
    ]
    known, unknown = (sorted(kind) for kind in zip(*times, strict=True))
    quarter = rounds // 4
    spread = max(kind[-quarter - 1] - kind[quarter] for kind in (known, unknown))
    difference = abs(statistics.median(known) - statistics.median(unknown))
    assert difference <= max(spread, 0.002)
    assert min(known[0], unknown[0]) >= 0.2
    assert len(reset_mails("known7@example.com")) == 1


def test_the_work_itself_differs_by_little(anonymous: TestClient, at_once: None) -> None:
    """What the wait has to hide is far shorter than the wait."""
    with db.transaction(SYSTEM) as session:
        for number in range(12):
            make_user(session, f"known{number}@example.com")

    def seconds(email: str) -> float:
        began = time.perf_counter()
        anonymous.post(ASK, json={"email": email})
        return time.perf_counter() - began

    pairs = [
        (seconds(f"known{number}@example.com"), seconds(f"unknown{number}@example.com"))
        for number in range(12)
    ]
    known, unknown = (statistics.median(kind) for kind in zip(*pairs, strict=True))
    assert abs(known - unknown) < asking.ANSWER_AFTER / 4


def test_requests_are_counted_by_address_for_known_and_unknown_alike(
    anonymous: TestClient, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PER_ADDRESS", 3)
    _somebody()
    for email in (MAYA, "a@example.com", "b@example.com"):
        assert anonymous.post(ASK, json={"email": email}).status_code == 202
    refused = [anonymous.post(ASK, json={"email": email}) for email in (MAYA, "c@example.com")]
    assert {answer.status_code for answer in refused} == {429}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)


def test_confirmed_50_times_at_once_a_link_works_once(anonymous: TestClient, at_once: None) -> None:
    _somebody()
    anonymous.post(ASK, json={"email": MAYA})
    (token,) = mailed_tokens(MAYA)

    def choose(number: int) -> int:
        form = {"token": token, "password": f"{NEW} {number}"}
        return anonymous.post(CHOOSE, json=form).status_code

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(choose, range(50)))
    assert sorted(answers) == [204] + [409] * 49
    form = {"email": MAYA, "password": f"{NEW} {answers.index(204)}"}
    assert anonymous.post("/api/auth/login", json=form).status_code == 200


def test_nonsense_gets_a_clear_answer(anonymous: TestClient) -> None:
    for path in (ASK, LOOK, CHOOSE):
        for body in (None, 3, [], {"token": 3}, {"email": {}}, {"token": "x" * 101}):
            assert anonymous.post(path, json=body).status_code == 422
    assert anonymous.post(CHOOSE, json={"token": "", "password": NEW}).status_code == 409


def test_another_sites_page_cannot_ask(anonymous: TestClient, at_once: None) -> None:
    _somebody()
    answer = anonymous.post(ASK, json={"email": MAYA}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert reset_mails(MAYA) == []


def test_an_admin_sends_lists_and_cancels_links(signed_in: SignIn, anonymous: TestClient) -> None:
    admin, _ = signed_in("ada@example.com", role="admin")
    _, maya = signed_in(MAYA)
    form = {"user_id": str(maya.id), "reason": "Called from the shop"}
    sent = admin.post(SEND, json=form)
    assert sent.status_code == 201
    (row,) = admin.get(LIST, params={"status": "pending", "search": "okafor"}).json()["data"]
    assert row["reset_id"] == sent.json()["id"]
    assert (row["kind"], row["reason"]) == ("admin", "Called from the shop")
    assert "token" not in row
    (token,) = mailed_tokens(MAYA)
    assert admin.delete(f"{LIST}/{row['reset_id']}").status_code == 204
    assert admin.delete(f"{LIST}/{row['reset_id']}").status_code == 409
    assert anonymous.post(LOOK, json={"token": token}).status_code == 409
    assert admin.get(LIST, params={"status": "pending"}).json()["data"] == []
    assert admin.post(SEND, json={**form, "reason": " "}).json()["errors"][0]["field"] == "reason"


def test_the_list_of_resets_is_paged(signed_in: SignIn) -> None:
    admin, _ = signed_in("ada@example.com", role="admin")
    for number in range(5):
        _, person = signed_in(f"p{number}@example.com")
        admin.post(SEND, json={"user_id": str(person.id), "reason": "Called"})
    seen: list[str] = []
    cursor = None
    while True:
        page = admin.get(LIST, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["email"] for row in page["data"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [f"p{number}@example.com" for number in (4, 3, 2, 1, 0)]
