"""Where a caller is, behind the proxies in front of the program."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


def client_address(direct: str, forwarded: Iterable[str], hops: int) -> str:
    """The caller's address, by the word of the ``hops`` proxies that are trusted and of nobody before them.

    Args:
        direct: the address at the other end of the connection.
        forwarded: the values of all ``X-Forwarded-For`` fields, in their order. A caller may have sent some of
            them. A proxy adds the address it sees at the end: to the last field, or as a field of its own.
        hops: how many proxies there are; 0 believes none.

    Too few entries, or one that is no address, mean that the request came another way: then ``direct`` counts.
    """
    if hops == 0:
        return direct
    chain = [part.strip() for field in forwarded for part in field.split(",") if part.strip()]
    return (_address(chain[-hops]) if len(chain) >= hops else None) or direct


def _address(entry: str) -> str | None:
    """ "203.0.113.7", "203.0.113.7:4711", "2001:db8::7" or "[2001:db8::7]:4711", without the port."""
    host = entry
    if entry.startswith("["):
        host = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        host = entry.partition(":")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
