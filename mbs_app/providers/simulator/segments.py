"""How many segments a carrier would count. Written apart from the product's own count, to check it.

Source: 3GPP TS 23.038; 160/153 septets in GSM-7, 70/67 units in UCS-2.
"""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments_of(body: str) -> int:
    """At least 1."""
    if all(char in _BASIC or char in _EXTENDED for char in body):
        # An extended character takes two septets, which are never torn apart.
        return _count([2 if char in _EXTENDED else 1 for char in body], 160, 153)
    return _count([2 if ord(char) > 0xFFFF else 1 for char in body], 70, 67)


def _count(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
