"""The security headers: which scripts a page may run, and what an answer with data may do (nothing)."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from mbs_app.ui.policy import PagePolicy, fixed_headers, inline_script_digests

START = "window.start = 1 < 2 && '</scr' + 'ipt>';"
PAGE = f"""<!doctype html><html><head><script>{START}</script>
<script src="/assets/a.js"></script></head><body onload="x()"><p>script</p>
<script type="module" async="">import "/assets/{{}}.js";</script><script>{START}</script></body></html>"""


def digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@pytest.fixture
def policy(tmp_path: Path) -> PagePolicy:
    for name in ("index", "404", "signin", "signin/index", "customers"):
        file = tmp_path / f"{name}.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text(PAGE.replace("{}", name.partition("/")[0]), encoding="utf-8")
    return PagePolicy(tmp_path)


def scripts_of(policy: str) -> list[str]:
    [directive] = [part for part in policy.split("; ") if part.startswith("script-src ")]
    return directive.split()[1:]


def test_each_inline_script_is_named_once_as_it_stands() -> None:
    assert inline_script_digests(PAGE) == [digest(START), digest('import "/assets/{}.js";')]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index"),
        ("/index.html", "index"),
        ("/signin", "signin"),
        ("/signin/", "signin"),
        ("/signin.html", "signin"),
        ("/signin/index.html", "signin"),
        ("/customers", "customers"),
        ("/customers/0198c6", "404"),
        ("/nothing", "404"),
    ],
)
def test_a_page_allows_its_own_scripts_and_no_others(
    policy: PagePolicy, path: str, file: str
) -> None:
    allowed = scripts_of(policy.for_path(path))
    assert allowed == ["'self'", digest(START), digest(f'import "/assets/{file}.js";')]


def test_no_script_may_be_made_from_text(policy: PagePolicy) -> None:
    for path in ("/", "/signin", "/customers/0198c6", "/api/customers"):
        scripts = [part for part in policy.for_path(path).split("; ") if "style-src" not in part]
        assert "unsafe" not in " ".join(scripts)


def test_a_page_is_in_no_frame_and_sends_forms_to_its_own_site(policy: PagePolicy) -> None:
    parts = policy.for_path("/signin").split("; ")
    assert {
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "connect-src 'self'",
    } < set(parts)


@pytest.mark.parametrize("path", ["/api/customers", "/webhooks/twilio/status", "/_event/"])
def test_data_shown_as_a_page_does_nothing(policy: PagePolicy, path: str) -> None:
    assert policy.for_path(path).startswith("default-src 'none';")
    assert "script-src" not in policy.for_path(path)


def test_before_the_first_build_no_inline_script_is_allowed(tmp_path: Path) -> None:
    assert scripts_of(PagePolicy(tmp_path / "absent").for_path("/")) == ["'self'"]


def test_browsers_are_told_to_stay_with_https_only_where_people_come_by_it() -> None:
    assert "max-age=31536000" in fixed_headers(https=True)["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in fixed_headers(https=False)
