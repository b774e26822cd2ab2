"""What ``doctor`` says of mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MailKind
from mbs_app.providers.base import ProviderUnavailable
from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.server import start_in_thread
from mbs_app.services import mails
from mbs_app.settings import Settings, read_settings
from mbs_app.setup.mail_state import mail_state
from tests.support.accounts import SYSTEM


@pytest.fixture
def resend(database: str) -> Iterator[str]:
    running = start_in_thread(SimulatorConfig())
    yield running.url
    running.stop()


def real(url: str, **changes: Any) -> Settings:
    given = {
        "resend_api_key": credentials.RESEND_API_KEY,
        "resend_from_email": "Shop <news@simulator.test>",
        "resend_api_base_url": url,
        "resend_webhook_secret": "whsec_c2VjcmV0c2VjcmV0",
        "database_url": "postgresql://db/mbs",  # not a file that would have to be there
    }
    return read_settings(_env_file=None, **(given | changes))


def queue(*, problem: str) -> None:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(session, MailKind.APPROVED, "a@b.example", name="A", link="http://x")
        mail.problem = problem
        mail.created_at = utc_now() - timedelta(hours=3)


def test_simulated_mails_can_go(database: str) -> None:
    assert (
        mail_state(read_settings(_env_file=None, database_url="postgresql://db/mbs"))
        == "simulated: nothing leaves this machine"
    )


def test_a_good_key_and_domain_can_send(resend: str) -> None:
    assert mail_state(real(resend)) == "delivered by Resend as Shop <news@simulator.test>"
    queue(problem="")
    assert mail_state(real(resend)).endswith("; 1 waiting")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"resend_api_key": "re_wrong"}, "refused the API key"),
        ({"resend_from_email": "news@other.example"}, "domain isn’t verified"),
    ],
)
def test_what_keeps_mails_from_leaving_is_said(
    resend: str, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(RuntimeError, match=words):
        mail_state(real(resend, **changes))


def test_mails_that_wait_after_a_failed_try_are_said_with_the_reason(resend: str) -> None:
    queue(problem="Resend’s daily quota is used up.")
    with pytest.raises(
        RuntimeError, match="1 waiting, the oldest queued 3 h ago: Resend’s daily quota"
    ):
        mail_state(real(resend))


def test_a_missing_signing_secret_is_said(resend: str) -> None:
    assert "RESEND_WEBHOOK_SECRET isn’t set" in mail_state(real(resend, resend_webhook_secret=None))


def test_without_an_answer_nothing_is_claimed(database: str) -> None:
    with pytest.raises(ProviderUnavailable, match="doesn’t answer"):
        mail_state(real("http://127.0.0.1:1"))


def test_a_database_that_is_not_there_is_somebody_elses_line_and_is_not_made(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mbs.db"
    engine = db.configure(f"sqlite:///{file}")
    settings = read_settings(_env_file=None, data_dir=tmp_path)
    assert mail_state(settings) == "simulated: nothing leaves this machine"
    assert not file.exists()
    file.touch()  # there, without tables
    assert mail_state(settings) == "simulated: nothing leaves this machine"
    engine.dispose()


@pytest.mark.parametrize("secret", ["secret", "whsec_", "whsec_not base64!"])
def test_a_signing_secret_that_is_none_stops_the_start(secret: str) -> None:
    from mbs_app.domain.errors import ConfigurationError

    with pytest.raises(ConfigurationError, match="RESEND_WEBHOOK_SECRET must start with whsec_"):
        real("http://127.0.0.1:1", resend_webhook_secret=secret)
