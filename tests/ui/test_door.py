"""Requests before Reflex sees them: where they come from, who may upload, and the headers they get."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mbs_app.mbs_app import app
from mbs_app.setup.paths import BUILT_PAGES
from mbs_app.ui.door import LARGEST_UPLOAD_BYTES, Door, is_own_origin, may_open_socket
from tests.support.tabs import running

HYDRATE = "reflex___state____state.hydrate_and_load"


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("http://192.0.2.9:8000", "192.0.2.9:8000", True),
        ("https://sms.example.com", "sms.example.com", True),
        ("http://localhost:3000", "localhost:8000", False),
        ("http://evil.example", "localhost:8000", False),
        ("http://localhost:8000.evil.example", "localhost:8000", False),
        ("null", "localhost:8000", False),
        (None, "localhost:8000", True),
    ],
)
def test_whose_page_is_asking(origin: str | None, host: str, own: bool) -> None:
    assert is_own_origin(origin, host) is own
    assert may_open_socket(origin, {"HTTP_HOST": host}) is own


async def ask(
    method: str = "GET", path: str = "/", body: int = 0, location: str = "", **headers: str
) -> Any:
    """(status, headers) of a request through the door with ``body`` KB; 200 where it was let through and read.

    With ``location`` what is behind the door answers with a redirect there.
    """
    answer: dict[str, Any] = {}

    async def inside(_scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            pass
        status = 200 if message["type"] == "http.request" else 499
        sent = [(b"content-type", b"text/html; charset=utf-8")]
        if location:
            status, sent = 307, [(b"location", location.encode())]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        answer.update(message)

    parts = [b"x" * 1024] * body

    async def receive() -> Any:
        part = parts.pop() if parts else b""
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": raw}
    await Door(inside, app, BUILT_PAGES)(scope, receive, send)
    return answer["status"], {name.decode(): value.decode() for name, value in answer["headers"]}


class TestHeaders:
    def test_a_page_is_kept_to_its_own_site_and_asked_for_again(self) -> None:
        _, headers = asyncio.run(ask(path="/signin"))
        assert headers["content-security-policy"].startswith("default-src 'self';")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-cache"

    def test_passkeys_are_for_this_sites_pages_and_cameras_for_none(self) -> None:
        _, headers = asyncio.run(ask(path="/signin"))
        allowed = headers["permissions-policy"].split(", ")
        assert "publickey-credentials-get=(self)" in allowed
        assert "publickey-credentials-create=(self)" in allowed
        assert "camera=()" in allowed

    def test_an_answer_with_data_does_nothing_when_shown_as_a_page(self) -> None:
        _, headers = asyncio.run(ask(path="/api/customers"))
        assert headers["content-security-policy"].startswith("default-src 'none';")

    @pytest.mark.parametrize("path", ["/api/customers", "/webhooks/twilio/status", "/_upload"])
    def test_data_is_kept_by_no_browser_and_no_proxy(self, path: str) -> None:
        _, headers = asyncio.run(ask(path=path))
        assert headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        ("sent", "gets"),
        [
            ("http://sms.example.com/reset/?token=abc", "/reset/?token=abc"),
            # Two slashes at the beginning would name another host.
            ("http://sms.example.com//evil.example/../signin/", "/evil.example/../signin/"),
            ("http://sms.example.com/\\evil.example/", "/evil.example/"),
            (
                "https://accounts.example.com/authorize?x=1",
                "https://accounts.example.com/authorize?x=1",
            ),
            ("/signin?notice=step-over", "/signin?notice=step-over"),
        ],
    )
    def test_a_redirect_within_the_site_names_neither_scheme_nor_host(
        self, sent: str, gets: str
    ) -> None:
        status, headers = asyncio.run(ask(path="/reset", location=sent, host="sms.example.com"))
        assert (status, headers["location"]) == (307, gets)

    def test_the_bundles_files_are_kept_by_the_browser(self) -> None:
        _, headers = asyncio.run(ask(path="/assets/root-D_eFx8J5.js"))
        assert "immutable" in headers["cache-control"]


class TestSizes:
    @pytest.mark.parametrize(
        ("path", "kind", "kilobytes"),
        [
            ("/", "", 256),
            ("/api/auth/login", "application/json", 256),
            ("/api/customers/import", "application/json", 256),
            ("/api/customers/import", "application/json; like=multipart/form-data", 256),
            ("/api/customers/import", "multipart/form-data; boundary=b", 52 * 1024),
        ],
    )
    def test_no_body_is_read_beyond_its_limit_announced_or_not(
        self, path: str, kind: str, kilobytes: int
    ) -> None:
        def status(**how: Any) -> int:
            return int(asyncio.run(ask("POST", path, content_type=kind, **how))[0])

        assert status(content_length=str(kilobytes * 1024 + 1)) == 413
        assert status(content_length="-1") == 413
        assert status(body=kilobytes + 1) == 499
        assert status(body=kilobytes) == 200


class TestUploads:
    def upload(self, cookie: str, owner: str = "", body: int = 1, **headers: str) -> int:
        async def go() -> int:
            async with running(app) as open_tab:
                tab = await open_tab(owner)
                await tab.send(HYDRATE)
                status, _ = await ask(
                    "POST",
                    "/_upload",
                    body,
                    cookie=cookie,
                    reflex_client_token=tab.token,
                    reflex_event_handler="any",
                    **headers,
                )
                return int(status)

        return asyncio.run(go())

    def test_the_tabs_owner_may(self, cookies: tuple[str, str]) -> None:
        assert self.upload(cookies[0], owner=cookies[0]) == 200

    def test_nobody_else_may_with_the_tabs_token(self, cookies: tuple[str, str]) -> None:
        assert self.upload("", owner=cookies[0]) == 401
        assert self.upload("mbs_session=guessed", owner=cookies[0]) == 401
        assert self.upload(cookies[1], owner=cookies[0]) == 403

    def test_another_sites_page_may_not(self, cookies: tuple[str, str]) -> None:
        status = self.upload(cookies[0], cookies[0], origin="http://evil.example", host="localhost")
        assert status == 403

    def test_a_file_has_a_largest_size_announced_or_not(self, cookies: tuple[str, str]) -> None:
        announced = str(LARGEST_UPLOAD_BYTES + 1)
        assert self.upload(cookies[0], cookies[0], content_length=announced) == 413
        kilobytes = LARGEST_UPLOAD_BYTES // 1024
        assert self.upload(cookies[0], cookies[0], body=kilobytes + 1) == 499

    def test_uploaded_files_are_not_served(self) -> None:
        assert asyncio.run(ask("GET", "/_upload/customers.csv"))[0] == 404
