"""A webhook without a good signature is counted, and nothing else of it is kept."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from mbs_app.api.app import create_api
from mbs_app.settings import read_settings
from mbs_app.webhooks import resend, twilio


class Noted:
    """Takes the counter's place, and remembers what it was told."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def note(self, kind: str) -> None:
        self.kinds.append(kind)


@pytest.fixture
def noted(database: str, monkeypatch: pytest.MonkeyPatch) -> Noted:
    told = Noted()
    for module in (twilio, resend):
        monkeypatch.setattr(module, "refused", told)
    secret = {"resend_webhook_secret": "whsec_" + "A" * 32}
    monkeypatch.setattr(resend, "get_settings", lambda: read_settings(**secret))
    return told


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/webhooks/twilio/status", "twilio"),
        ("/webhooks/twilio/inbound", "twilio"),
        ("/webhooks/resend", "resend"),
    ],
)
def test_each_kind_is_counted(noted: Noted, path: str, kind: str) -> None:
    api = create_api()
    for router in (twilio.router, resend.router):
        api.include_router(router)
    client = TestClient(api, base_url="http://localhost:8000", raise_server_exceptions=False)
    assert client.post(path, content=b"a=1").status_code == 403
    assert noted.kinds == [kind]
