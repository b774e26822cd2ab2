"""Starting the provider, with the Node of the virtual environment; and signing in at it without a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx2

from mbs_app.setup import frontend, stamp
from mbs_app.setup.paths import ROOT, VENV_BIN
from tests.support.product import free_port

HERE = Path(__file__).parent
INSTALLED = ROOT / ".build" / "openid-provider"
CLIENT_ID = "mbs"
CLIENT_SECRET = "a secret of the tests and nobody else"


@dataclass(frozen=True)
class RunningProvider:
    issuer: str

    def sign_in(self, authorization_url: str, name: str) -> str:
        """Go through the provider's pages as ``name``; the address it sends the browser back to."""
        with httpx2.Client(follow_redirects=False) as browser:
            answer = browser.get(authorization_url)
            for _ in range(12):
                while answer.is_redirect:
                    target = urljoin(str(answer.url), answer.headers["location"])
                    if not target.startswith(self.issuer):
                        return target
                    answer = browser.get(target)
                answer = _submit(browser, answer, name)
        raise AssertionError(f"the provider never sent the browser back: {answer.text}")


@contextmanager
def running_provider(redirect_uri: str) -> Iterator[RunningProvider]:
    port = free_port()
    command = [str(VENV_BIN / "node"), "provider.js", str(port), CLIENT_ID, CLIENT_SECRET]
    process = subprocess.Popen(
        [*command, redirect_uri],
        cwd=_installed(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = next((line for line in process.stdout if line.startswith("ready")), "")
        assert ready, "the OpenID provider didn’t start"
        yield RunningProvider(f"http://localhost:{port}")
    finally:
        process.kill()
        process.wait(10)


def _installed() -> Path:
    """The folder with the provider and the packages its lock file names; filled at the first call."""
    sources = [HERE / "package.json", HERE / "package-lock.json", HERE / "provider.js"]
    mark, digest = INSTALLED / ".installed", stamp.digest_of(sources)
    with frontend.one_at_a_time(INSTALLED / ".installing"):  # several processes run tests
        if not stamp.holds(mark, digest):
            for source in sources:
                shutil.copy(source, INSTALLED)
            subprocess.run(
                [str(VENV_BIN / "npm"), "ci", "--no-audit", "--no-fund", "--silent"],
                cwd=INSTALLED,
                env=frontend.node_environment(),
                check=True,
            )
            stamp.write(mark, digest)
    return INSTALLED


def _submit(browser: httpx2.Client, page: httpx2.Response, name: str) -> httpx2.Response:
    action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    assert action, page.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    if 'name="login"' in page.text:
        fields |= {"login": name, "password": "anything"}
    return browser.post(urljoin(str(page.url), unescape(action[1])), data=fields)
