"""The installation's secret: made once, kept, and of use to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mbs_app import secret_key
from mbs_app.domain.errors import ConfigurationError
from mbs_app.settings import Settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(secret_key, "get_settings", lambda: Settings(data_dir=tmp_path))
    secret_key._kept_in.cache_clear()
    yield tmp_path
    secret_key._kept_in.cache_clear()


def test_what_was_sealed_comes_back_and_is_not_readable_in_between(here: Path) -> None:
    sealed = secret_key.seal("JBSWY3DPEHPK3PXP", "authenticator")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert secret_key.unseal(sealed, "authenticator") == "JBSWY3DPEHPK3PXP"


def test_each_purpose_has_a_key_of_its_own(here: Path) -> None:
    sealed = secret_key.seal("JBSWY3DPEHPK3PXP", "authenticator")
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        secret_key.unseal(sealed, "something else")


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(here: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: secret_key._make_or_read(here / "secret.key"), range(16)))
    assert len(made) == 1
    assert [path.name for path in here.iterdir()] == ["secret.key"]
    assert (here / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_from_the_environment_is_the_same_everywhere(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Settings(data_dir=here, secret_key="x" * 32)
    monkeypatch.setattr(secret_key, "get_settings", lambda: given)
    assert secret_key.derived("a") == secret_key.derived("a") != secret_key.derived("b")
    assert not (here / "secret.key").exists()
