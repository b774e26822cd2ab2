"""What a browser may do with an answer of ours: the security headers, by path.

Scripts are named by their digests. Reflex starts each page with a few inline ones; they are read from the built
pages, so that a page allows exactly its own, and nothing that got into it later.
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path

# Where answers are data: a browser that is led to one as if it were a page does nothing with it.
DATA = ("/api/", "/webhooks/", "/_event", "/_upload", "/ping", "/_health")
FALLBACK = "/404"
"""The page behind every address that has no file of its own, such as one customer's."""

_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_YEAR = 365 * 24 * 3600


class PagePolicy:
    """The content security policy of every page among ``built``, the folder of the built pages."""

    def __init__(self, built: Path) -> None:
        self._scripts: dict[str, list[str]] = {}
        for file in sorted(built.rglob("*.html")):
            digests = inline_script_digests(file.read_text(encoding="utf-8"))
            address = "/" + file.relative_to(built).as_posix()
            for served_as in (address, address.removesuffix(".html"), _folder(address)):
                self._scripts[served_as] = digests

    def for_path(self, path: str) -> str:
        """The value of ``Content-Security-Policy`` for the answer at ``path``."""
        if path.startswith(DATA):
            return _DATA_POLICY
        scripts = self._scripts.get(path.rstrip("/") or "/")
        if scripts is None:
            scripts = self._scripts.get(FALLBACK, [])
        return "; ".join(
            (
                "default-src 'self'",
                " ".join(["script-src 'self'", *scripts]),
                # Radix and the toaster put their own style elements into the page, Emotion adds one for each
                # new look, and the built pages carry style attributes, which no digest can name.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                "connect-src 'self'",  # the websocket to this address is included
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )


def fixed_headers(*, https: bool) -> dict[str, str]:
    """The headers that are the same on every answer; ``https`` is whether people come by it."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": (
            "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=(), "
            "publickey-credentials-create=(self), publickey-credentials-get=(self)"
        ),
    }
    if https:
        # Without includeSubDomains: other hosts of the domain are somebody else's to decide.
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    return headers


def inline_script_digests(html: str) -> list[str]:
    """``'sha256-…'`` for each script in ``html`` that stands in the page itself, each once."""
    reader = _InlineScripts()
    reader.feed(html)
    reader.close()
    digests = []
    for script in reader.scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        digests.append(f"'sha256-{digest}'")
    return list(dict.fromkeys(digests))


class _InlineScripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def _folder(address: str) -> str:
    """The address under which a folder's ``index.html`` is asked for; of another file its own."""
    return address.removesuffix("index.html").rstrip("/") or "/"
