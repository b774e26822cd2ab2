"""The simulator's inbox, which stands for everybody's."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from typing import Any

PATIENCE_SECONDS = 20


def wait_for_mail(simulator: str, to: str, subject: str, *, number: int = 1) -> str:
    """The plain text of the ``number``-th mail to ``to`` whose subject has ``subject`` in it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        listed = _get(f"{simulator}/simulator/mails")["mails"]
        found = [mail for mail in listed if to in mail["to"] and subject in mail["subject"]]
        if len(found) >= number:
            return str(_get(f"{simulator}/simulator/mails/{found[-number]['id']}")["text"])
        time.sleep(0.1)
    raise AssertionError(f"No mail “{subject}” came to {to} in {PATIENCE_SECONDS} s")


def link_in(text: str, path: str) -> str:
    """The first address in a mail that leads to ``path`` of the product."""
    found = re.search(rf"https?://\S+{re.escape(path)}\S*", text)
    assert found is not None, f"no link to {path} in:\n{text}"
    return found[0]


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return dict(json.load(answer))
