"""STOP, START and HELP, in any usual wording.

A person may opt out in any reasonable way (United States, 47 CFR 64.1200(a)(10)); carriers
themselves act only on a few single words. So the rules lean to one side: an opt-out is honoured
when a message plainly asks for it anywhere in a sentence, opting back in takes a message that says
nothing else.

An incoming text is STOP when, after quotes of our own text and negated forms ("can't stop") are set
aside, one of these holds:

1. the whole message, courtesies apart, is an opt-out word: "Stop.", "cancel please", "ALTO";
2. it holds a phrase that can't mean anything else: "opt out", "unsubscribe me", "take me off your
   list", "don't text me", "stop texting", "no more messages";
3. it begins with "stop" and goes on neither to a place ("stop by") nor to a question;
4. it ends with "stop" and everything before that only asks for it: "I want you to stop";
5. a clause of it says only that: "I don't know you. Stop."

A reaction such as ``Liked “Sale today. Reply STOP to opt out”`` repeats our text and says nothing
itself.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mbs_app.domain.consent_phrases import (
    ALWAYS_NEGATED,
    ASKING,
    BEGINS_WITH_STOP,
    COURTESIES,
    HELP_MESSAGES,
    NEGATED,
    PHRASES,
    REACTION,
    START_MESSAGES,
    STOP_CLAUSES,
    STOP_MESSAGES,
    STOP_WORD,
)
from mbs_app.domain.names import fold

LONGEST_LOOK = 2000  # characters; nobody hides an opt-out behind more


class Keyword(StrEnum):
    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_LONG_QUOTE = re.compile(r"[“\"«„]((?:\S+\s+){4,}\S+?)[”\"»“]", re.DOTALL)
_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_CLAUSE_BORDER = re.compile(r"[.,;:!?\n\r—–]+")
_NOT_WORD = re.compile(r"[\W_]+")
_SPELLED_OUT = re.compile(r"^(?:\w ){2,}\w$")


def keyword_of(body: str, opt_out_type: str | None = None) -> Keyword | None:
    """What an incoming text asks for, or None for an ordinary reply.

    ``opt_out_type`` is Twilio's ``OptOutType`` (sent with Advanced Opt-Out); Twilio has then
    decided, and acted, already, so its word counts. A bare "yes" is not START: it answers a
    question more often than it gives consent. STOP wins over anything else in the same message.
    """
    decided = (opt_out_type or "").strip().upper()
    if decided in Keyword.__members__:
        return Keyword(decided)
    if REACTION.match(body[:LONGEST_LOOK]):
        return None
    if body.strip(" \ufe0f\n") == "🛑":
        return Keyword.STOP
    words = _normalise(body)
    if not words:
        return None
    if _is_stop(words) or _has_stop_clause(body):
        return Keyword.STOP
    asked = {words, _without_courtesies(words)}
    if asked & START_MESSAGES:
        return Keyword.START
    if asked & HELP_MESSAGES:
        return Keyword.HELP
    return None


def _is_stop(words: str) -> bool:
    bare = _without_courtesies(words)
    if words in STOP_MESSAGES or bare in STOP_MESSAGES:
        return True
    if re.fullmatch(rf"(?:{STOP_WORD} ?)+", bare):
        return True
    rest = NEGATED.sub(" ", ALWAYS_NEGATED.sub(" ", words))
    rest = " ".join(rest.split())
    if PHRASES.search(rest) or BEGINS_WITH_STOP.match(rest):
        return True
    *before, last = rest.split() or [""]
    return bool(re.fullmatch(STOP_WORD, last)) and all(word in ASKING for word in before)


def _has_stop_clause(body: str) -> bool:
    clauses = map(_words, _CLAUSE_BORDER.split(_own_part(body)))
    return any(STOP_CLAUSES.fullmatch(_without_courtesies(clause)) for clause in clauses)


def _own_part(body: str) -> str:
    """The text without long quotes, unless it is nothing but a quote."""
    text = body[:LONGEST_LOOK]
    without_quotes = _LONG_QUOTE.sub(" ", text)
    return without_quotes if _NOT_WORD.sub("", without_quotes) else text


def _words(text: str) -> str:
    """Lower-case words with single spaces: no accents, punctuation or emoji; "don't" is "dont"."""
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()


def _normalise(body: str) -> str:
    words = _words(_own_part(body))
    if _SPELLED_OUT.match(words):
        return words.replace(" ", "")  # S T O P
    return words


def _without_courtesies(words: str) -> str:
    return " ".join(word for word in words.split() if word not in COURTESIES)
