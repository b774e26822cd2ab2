"""Errors over HTTP: always problem documents, and as the OpenAPI document tells of them."""

from __future__ import annotations

from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from mbs_app.api.app import create_api


def test_the_document_tells_of_problems_as_they_are_answered(anonymous: TestClient) -> None:
    document = anonymous.get("/api/openapi.json").json()
    assert "HTTPValidationError" not in str(document)
    answers = document["paths"]["/api/auth/login"]["post"]["responses"]
    refused = anonymous.post("/api/auth/login", json={})
    media = refused.headers["content-type"]
    for answer in (answers[str(refused.status_code)], answers["default"]):
        assert answer["content"][media] == {"schema": {"$ref": "#/components/schemas/Problem"}}
    said = document["components"]["schemas"]["Problem"]
    assert set(said["required"]) <= set(refused.json()) <= set(said["properties"])


def test_what_is_not_json_is_refused_as_a_whole(anonymous: TestClient) -> None:
    answer = anonymous.post(
        "/api/auth/login", content="{nope", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "" and error["detail"].startswith("Not JSON")


def test_where_nothing_is_a_problem_is_answered_and_no_page(database: str) -> None:
    api = create_api()
    api.mount("/", lambda scope, receive, send: PlainTextResponse("a page")(scope, receive, send))
    client = TestClient(api, base_url="http://localhost:8000")
    assert client.get("/somewhere").text == "a page"
    nowhere = client.get("/api/nothing")
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "/api/problems/not-found")
    wrong = client.patch("/api/groups")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, POST")
    assert wrong.headers["content-type"] == "application/problem+json"


def test_who_is_not_signed_in_hears_what_to_show(anonymous: TestClient) -> None:
    answer = anonymous.get("/api/campaigns")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
