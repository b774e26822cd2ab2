"""Addresses within this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def same_site_path(path: object) -> str:
    """``path`` where it leads to a page of this site, else ``/``. For every redirect a browser can choose.

    Browsers read ``//host`` and ``/\\host`` as another site's address, and drop tabs and line ends first.
    """
    if not isinstance(path, str) or not path.startswith("/") or len(path) > 2000:
        return "/"
    if path[1:2] in ("/", "\\") or any(character < " " for character in path):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path
