"""What each route asks of its caller, read off the application: no route without, and none that asks too little."""

from __future__ import annotations

from mbs_app.api.app import create_api
from mbs_app.api.needs import Need, needs_of
from tests.api.test_walk import PUBLIC

SENDS = {"send", "pause", "resume", "cancel"}


def _routes() -> list[tuple[str, str, list[Need]]]:
    return list(needs_of(create_api().routes))


def test_every_route_names_one_actor_unless_it_is_for_anybody() -> None:
    assert {
        (method, path): len(needs) for method, path, needs in _routes() if (method, path) in PUBLIC
    } == {route: 0 for route in PUBLIC if not route[1].startswith("/webhooks")}
    for method, path, needs in _routes():
        assert len(needs) == (0 if (method, path) in PUBLIC else 1), (method, path)


def test_looking_needs_no_more_than_read_and_changing_never_less_than_write() -> None:
    for method, path, needs in _routes():
        if not needs:
            continue
        [need] = needs
        if path.startswith("/api/admin/"):
            assert need is Need.ADMIN, path
        elif method == "GET":
            assert need in (Need.READ, Need.PERSON, Need.IN_PERSON), path
        else:
            assert need not in (Need.READ, Need.ADMIN), path


def test_what_makes_texts_go_out_or_stops_them_needs_send() -> None:
    for method, path, needs in _routes():
        if path.startswith("/api/campaigns/") and method == "POST":
            assert (needs == [Need.SEND]) is (path.rpartition("/")[2] in SENDS), path


def test_the_document_says_who_may_call() -> None:
    document = create_api().openapi()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}
    for method, path, needs in _routes():
        operation = document["paths"].get(path, {}).get(method.lower())
        if operation is None:  # the documents themselves
            continue
        if not needs:
            assert operation["security"] == [], path
            continue
        scopes = [needs[0].value] if needs[0].is_scope else []
        assert operation["security"] == [{"bearer": scopes}, {"cookie": []}], path
        assert all(f"“{scope}”" in operation["description"] for scope in scopes), path
