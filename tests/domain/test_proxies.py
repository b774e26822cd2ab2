"""Whose word counts for where a caller is."""

from __future__ import annotations

import pytest

from mbs_app.domain.proxies import client_address

PROXY, CALLER, FORGED = "10.0.0.2", "203.0.113.7", "198.51.100.66"


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        # Nobody is trusted: what is sent counts for nothing.
        (0, [], PROXY),
        (0, [FORGED], PROXY),
        # One proxy: the last entry is its own.
        (1, [CALLER], CALLER),
        (1, [f"{FORGED}, {CALLER}"], CALLER),
        (1, [f"{FORGED},{FORGED} ,  {CALLER} "], CALLER),
        (1, [FORGED, CALLER], CALLER),  # a proxy that adds a field of its own
        # Two proxies: the inner one names the outer one.
        (2, [f"{CALLER}, 10.0.0.1"], CALLER),
        (2, [f"{FORGED}, {CALLER}, 10.0.0.1"], CALLER),
        (2, [FORGED, f"{CALLER}, 10.0.0.1"], CALLER),
        (2, [f"{FORGED}, {CALLER}", "10.0.0.1"], CALLER),
        # It came another way than through all of them.
        (1, [], PROXY),
        (1, [" , "], PROXY),
        (2, [FORGED], PROXY),
        # Ports, which some proxies add: each connection of one caller has another.
        (1, [f"{CALLER}:4711"], CALLER),
        (1, ["2001:db8::7"], "2001:db8::7"),
        (1, ["[2001:db8::7]:4711"], "2001:db8::7"),
        (1, ["2001:DB8:0::7"], "2001:db8::7"),
        # No address at all.
        (1, ["unknown"], PROXY),
        (1, ["x" * 5000], PROXY),
        (1, [f"{CALLER}:4711:1"], PROXY),
    ],
)
def test_an_address_is_taken_from_as_many_proxies_as_are_trusted(
    hops: int, forwarded: list[str], found: str
) -> None:
    assert client_address(PROXY, forwarded, hops) == found
