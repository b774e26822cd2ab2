from __future__ import annotations

from pathlib import Path

import pytest

from mbs_app.domain.errors import ConfigurationError
from mbs_app.providers.factory import (
    default_sender,
    mail_provider,
    mail_sender,
    resend_webhook_secret,
    text_provider,
    twilio_account_sid,
    twilio_auth_token,
)
from mbs_app.providers.resend import ResendMails
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio import TwilioTexts
from mbs_app.settings import Settings, read_settings

REAL = {
    "twilio_account_sid": "AC" + "a" * 32,
    "twilio_auth_token": "secret-token",
    "twilio_phone_number": "+15125550199",
    "resend_api_key": "re_real",
    "resend_from_email": "Shop <news@shop.example>",
}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *REAL,
        "twilio_messaging_service_sid",
        "twilio_api_base_url",
        "resend_api_base_url",
    ):
        monkeypatch.delenv(name.upper(), raising=False)


def settings_with(**values: str) -> Settings:
    return read_settings(_env_file=None, **values)


def test_without_credentials_the_simulator_is_used(bare: None) -> None:
    settings = settings_with()
    assert isinstance(text_provider(settings, "http://127.0.0.1:1"), TwilioTexts)
    assert isinstance(mail_provider(settings, "http://127.0.0.1:1"), ResendMails)
    assert twilio_account_sid(settings) == credentials.ACCOUNT_SID
    assert default_sender(settings) == (credentials.FROM_NUMBER, None)
    assert mail_sender(settings) == credentials.MAIL_FROM


def test_a_simulated_installation_believes_signatures_of_its_own_simulator_only(
    bare: None, tmp_path: Path
) -> None:
    here = settings_with(data_dir=str(tmp_path / "here"))
    there = settings_with(data_dir=str(tmp_path / "there"))
    for secret in (twilio_auth_token, resend_webhook_secret):
        assert secret(here) == secret(here) != secret(there)
    assert twilio_auth_token(here) != credentials.AUTH_TOKEN
    assert resend_webhook_secret(here) != credentials.RESEND_WEBHOOK_SECRET


def test_without_a_signing_secret_no_report_of_mails_is_believed(bare: None) -> None:
    assert resend_webhook_secret(settings_with(**REAL)) is None
    given = settings_with(**REAL, resend_webhook_secret="whsec_c2VjcmV0")
    assert resend_webhook_secret(given) == "whsec_c2VjcmV0"


def test_nothing_is_ever_sent_to_the_real_service_with_the_simulators_credentials(
    bare: None,
) -> None:
    with pytest.raises(ConfigurationError):
        text_provider(settings_with(), None)
    with pytest.raises(ConfigurationError):
        mail_provider(settings_with(), None)


def test_with_credentials_the_real_services_are_used(bare: None) -> None:
    settings = settings_with(**REAL)
    assert isinstance(text_provider(settings, None), TwilioTexts)
    assert isinstance(mail_provider(settings, None), ResendMails)
    assert twilio_auth_token(settings) == "secret-token"
    assert default_sender(settings) == ("+15125550199", None)
    assert mail_sender(settings) == "Shop <news@shop.example>"
