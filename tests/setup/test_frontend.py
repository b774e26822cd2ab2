"""What is done to the pages after the bundler."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mbs_app.setup import frontend


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    monkeypatch.setattr(frontend, "BUILT_PAGES", tmp_path)
    return assets


def test_the_pages_call_the_address_they_came_from(bundle: Path) -> None:
    script = bundle / "env-1.js"
    script.write_text("var e={A:`http://mbs.invalid/ping`,B:\"ws://mbs.invalid/_event\",C:'x'};")
    (bundle / "env-1.js.gz").write_bytes(b"old")
    frontend._follow_the_browsers_address()
    text = script.read_text()
    assert 'A:location.origin+"/ping"' in text
    assert 'B:location.origin.replace(/^http/,"ws")+"/_event"' in text
    assert "C:'x'" in text
    assert gzip.decompress((bundle / "env-1.js.gz").read_bytes()).decode() == text


def test_a_bundle_without_an_address_stops_the_build(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bundle / "env-1.js").write_text("var e={};")
    with pytest.raises(SystemExit):
        frontend._follow_the_browsers_address()
    assert "no server address" in capsys.readouterr().err


def test_the_lock_file_names_no_download_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend, "FRONT_END_LOCK", tmp_path)
    lock = tmp_path / "package-lock.json"
    entry = {
        "version": "1.0.0",
        "resolved": "https://mirror.example/a.tgz",
        "integrity": "sha512-x",
    }
    lock.write_text(json.dumps({"packages": {"node_modules/a": entry}}, indent=2))
    frontend._keep_addresses_out_of_the_lock()
    [package] = json.loads(lock.read_text())["packages"].values()
    assert package == {"version": "1.0.0", "integrity": "sha512-x"}


def test_the_committed_lock_file_names_none() -> None:
    lock = Path(frontend.ROOT / "reflex.lock" / "package-lock.json")
    assert '"resolved"' not in lock.read_text()
