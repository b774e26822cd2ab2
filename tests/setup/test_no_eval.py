"""Reflex's front end without eval: from the pinned Reflex's own source, and a stop where it is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reflex_base import constants

from mbs_app.setup import no_eval
from mbs_app.setup.paths import BUILT_PAGES

TEMPLATE = Path(constants.Templates.Dirs.WEB_TEMPLATE) / "utils" / "state.js"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A front end as Reflex lays it out."""
    (tmp_path / "utils").mkdir()
    (tmp_path / "utils" / "state.js").write_bytes(TEMPLATE.read_bytes())
    return tmp_path


def test_the_pinned_reflex_loses_every_eval_and_learns_our_event(web: Path) -> None:
    assert "eval(event.payload.javascript_code)" in TEMPLATE.read_text()
    no_eval.take_out(web)
    text = (web / "utils" / "state.js").read_text()
    assert "eval(" not in text
    assert "eval?.(" not in text
    assert 'event.name == "_in_browser"' in text
    assert 'import { inBrowser } from "$/utils/mbs/browser";' in text
    assert "inBrowser(order)" in (web / "utils" / "mbs" / "browser.js").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("eval(event.payload.javascript_code)", "eval(event.payload.code)"),
        ("async (event, socket, navigate, params) => {", "async (event) => {\n  eval(event);"),
    ],
    ids=["another text", "one more eval"],
)
def test_another_reflex_stops_the_build(
    web: Path, capsys: pytest.CaptureFixture[str], before: str, after: str
) -> None:
    state = web / "utils" / "state.js"
    text = state.read_text()
    assert before in text
    state.write_text(text.replace(before, after, 1))
    with pytest.raises(SystemExit):
        no_eval.take_out(web)
    assert "isn’t the pinned one" in capsys.readouterr().err


def test_a_bundle_that_runs_text_stops_the_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fine.js").write_text("medieval(1); const evaluate = (x) => x;")
    no_eval.check_bundle(tmp_path)
    (tmp_path / "other.js").write_text("let a=eval(`1`);")
    with pytest.raises(SystemExit):
        no_eval.check_bundle(tmp_path)
    assert "other.js" in capsys.readouterr().err


@pytest.mark.skipif(not BUILT_PAGES.is_dir(), reason="the pages aren’t built")
def test_the_built_pages_run_no_text() -> None:
    no_eval.check_bundle(BUILT_PAGES / "assets")
