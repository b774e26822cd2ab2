"""One's own sessions over HTTP."""

from __future__ import annotations

from tests.api.conftest import SignIn


def test_a_session_is_seen_and_ended_from_another(signed_in: SignIn) -> None:
    here, _ = signed_in()
    there, _ = signed_in("maya@example.com")
    listed = here.get("/api/sessions").json()["data"]
    assert [(one["current"], one["kind"]) for one in listed] == [
        (True, "browser"),
        (False, "browser"),
    ]
    assert "token" not in here.get("/api/sessions").text
    other = next(one["id"] for one in listed if not one["current"])
    assert here.delete(f"/api/sessions/{other}").status_code == 204
    assert there.get("/api/groups").status_code == 401
    assert here.delete(f"/api/sessions/{other}").status_code == 404


def test_ending_ones_own_takes_the_cookie_away(signed_in: SignIn) -> None:
    here, _ = signed_in()
    [listed] = here.get("/api/sessions").json()["data"]
    answer = here.delete(f"/api/sessions/{listed['id']}")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith('mbs_session="";') and "Max-Age=0" in cookie


def test_all_others_are_ended_at_once(signed_in: SignIn) -> None:
    here, user = signed_in()
    others = [signed_in(user.email)[0] for _ in range(3)]
    assert here.delete("/api/sessions").json() == {"ended": 3}
    assert [other.get("/api/groups").status_code for other in others] == [401] * 3
    assert here.get("/api/groups").status_code == 200
