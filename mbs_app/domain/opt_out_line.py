"""Whether a text tells people how to opt out."""

from __future__ import annotations

import re

from mbs_app.domain.default_templates import OPT_OUT_LINE

_SAYS_HOW = re.compile(
    r"\b(?:reply|text|txt|send|respond|responde|envía|envia|antworte)\b[^.!?\n]{0,24}"
    r"\b(?:stop|end|quit|cancel|unsubscribe|optout|alto)\b"
    r"|\bstop\s*(?:2|to)\s*(?:end|opt|quit|stop|cancel|unsub)"
    r"|\bopt[\s-]?out\b|\bunsubscribe\b",
    re.IGNORECASE,
)


def says_how_to_opt_out(text: str) -> bool:
    """True for "Reply STOP to opt out" and its usual variants.

    Marketing texts must say it (CTIA Messaging Principles, section 5.1.3); whether a text is one is for
    its writer to know, so its absence is a warning and never a refusal.
    """
    return _SAYS_HOW.search(text) is not None


def with_opt_out_line(text: str) -> str:
    """``text`` with the line after it, as a sentence of its own; as it is when it says so already."""
    if says_how_to_opt_out(text):
        return text
    kept = text.rstrip()
    if not kept:
        return OPT_OUT_LINE
    return f"{kept}{' ' if kept[-1] in '.!?…' else '. '}{OPT_OUT_LINE}"
