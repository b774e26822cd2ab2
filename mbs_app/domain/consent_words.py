"""STOP, START and HELP, in any usual wording.

A person may opt out in any reasonable way (United States, 47 CFR 64.1200(a)(10)); carriers themselves
act only on a few single words. So the rules lean to one side: an opt-out is honoured when a message
plainly asks for it anywhere in a sentence, opting back in takes a message that says nothing else.

An incoming text is STOP when, after quotes of our own text and negated forms ("can't stop") are set
aside, one of these holds:

1. the whole message, courtesies apart, is an opt-out word: "Stop.", "cancel please", "ALTO";
2. it holds a phrase that can't mean anything else: "opt out", "unsubscribe me", "take me off your list",
   "don't text me", "stop texting", "no more messages";
3. it begins with "stop" and goes on neither to a place ("stop by") nor to a question;
4. it ends with "stop" and everything before that only asks for it: "I want you to stop".

A reaction such as ``Liked “Sale today. Reply STOP to opt out”`` repeats our text and says nothing itself.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mbs_app.domain.names import fold

LONGEST_LOOK = 2000  # characters; nobody hides an opt-out behind more


class Keyword(StrEnum):
    STOP = "STOP"
    START = "START"
    HELP = "HELP"


# Twilio's default opt-out words, their usual misspellings, and the same in Spanish, French,
# Portuguese, German and Dutch.
_STOP_MESSAGES = frozenset(
    {
        "stop", "stop all", "stopall", "unsubscribe", "unsubscribe all", "unsub", "end", "quit", "cancel",
        "cancel all", "revoke", "optout", "opt out", "opt me out", "optmeout", "remove", "remove me",
        "delete me", "take me off", "leave me alone", "no more", "enough", "go away", "fuck off",
        "stpo", "sotp", "stp", "stip", "stopp", "stope", "unsubcribe", "unsuscribe", "unsubscibe",
        "unsubscribed", "unsubscribe stop", "stop unsubscribe", "stop end", "stop quit",
        "alto", "parar", "pare", "para", "basta", "baja", "dar de baja", "cancelar", "cancelar todo",
        "arret", "arreter", "desabonner", "desinscrire", "sair", "descadastrar",
        "stoppen", "abmelden", "abbestellen", "afmelden", "uitschrijven", "detener", "no mas",
    }
)  # fmt: skip
_START_MESSAGES = frozenset(
    {
        "start", "unstop", "un stop", "optin", "opt in", "opt me in", "opt me back in", "subscribe",
        "resubscribe", "start again", "start texting me again", "resume", "sign me up",
        "comenzar", "empezar", "iniciar", "alta", "commencer", "starten", "anmelden",
    }
)  # fmt: skip
_HELP_MESSAGES = frozenset(
    {
        "help", "help me", "info", "information", "more info", "need help", "i need help", "support",
        "ayuda", "aide", "ajuda", "hilfe", "informacion",
    }
)  # fmt: skip
_COURTESIES = frozenset(
    [
        "please",
        "pls",
        "plz",
        "plse",
        "thanks",
        "thank",
        "you",
        "thx",
        "ty",
        "now",
        "immediately",
        "asap",
        "ok",
        "okay",
        "hi",
        "hello",
        "hey",
        "sorry",
        "just",
        "yes",
        "sms",
        "msg",
        "text",
        "texts",
        "message",
        "messages",
        "today",
        "already",
        "sir",
        "maam",
        "porfavor",
        "por",
        "favor",
        "gracias",
        "merci",
        "bitte",
        "danke",
        "obrigado",
    ]
)
# Words that may stand before a final "stop" without changing what is asked.
_ASKING = _COURTESIES | frozenset(
    [
        "i",
        "im",
        "id",
        "we",
        "want",
        "need",
        "would",
        "like",
        "wish",
        "you",
        "u",
        "ur",
        "to",
        "it",
        "this",
        "that",
        "these",
        "them",
        "all",
        "can",
        "could",
        "will",
        "must",
        "should",
        "have",
        "has",
        "got",
        "said",
        "say",
        "told",
        "asked",
        "ask",
        "replied",
        "reply",
        "again",
        "and",
        "so",
        "no",
        "nope",
        "omg",
        "wtf",
        "ffs",
        "god",
        "jesus",
        "make",
        "made",
        "time",
        "last",
        "let",
        "lets",
        "the",
        "your",
        "me",
        "us",
        "everything",
        "really",
        "seriously",
        "stop",
    ]
)

_OUR_TEXTS = (
    r"(?:text|txt|texts|texting|txting|message|messages|messaging|msg|msgs|sms|mms|messagin|textin|"
    r"notification|notifications|alert|alerts|ad|ads|promo|promos|promotion|promotions|offer|offers|"
    r"marketing|advertising|advertisements|spam|spamming|junk|crap|shit|bs)"
)
_PHRASES = re.compile(
    r"\b(?:"
    r"opt(?:ing|ed)?(?: me| us| my number| this number)? out|optout|"
    r"unsubscribe|unsubscribing|unsub me|"
    rf"(?:stop|quit|cease|discontinue|cancel|end)(?: with)?(?: (?:all|any|the|these|this|those|your|ur|my|"
    rf"sending|getting|receiving|me|of|future|further|more|damn|fucking|stupid|annoying|sms|text|texts))*"
    rf" {_OUR_TEXTS}\b|"
    r"stop (?:sending|contacting|bothering|harassing|calling|bugging|annoying|pestering|it|this|that|now|me)"
    r"\b|"
    r"(?:quit|cease) (?:sending|contacting|bothering|harassing|bugging) me|"
    r"(?:cancel|end|stop) (?:my |the |this )?subscription|"
    r"(?:remove|delete|erase|drop|scrub) (?:me|my (?:cell |phone |mobile )?(?:number|phone|info|name|data)|"
    r"this number|us)\b(?! (?:a|the) )|"
    r"take (?:me|us|my (?:name|number)|this number) off|"
    r"(?:get|want|wish) (?:me )?(?:to be )?(?:taken |removed )?off (?:of )?(?:your|the|this|ur) "
    r"(?:\w+ )?list|"
    r"(?:be|get) removed|"
    rf"(?:no|dont want|do not want)(?: any)? more (?:\w+ )?{_OUR_TEXTS}|"
    rf"(?:dont|do not) (?:want|wish|need)(?: to (?:get|receive))? (?:\w+ )?{_OUR_TEXTS}|"
    r"(?:dont|do not|never)(?: ever)? (?:text|txt|message|msg|contact|sms|call|write|bother|send)"
    r"(?: \w+)? ?(?:me|us|this number|anything|any|again|anymore)|"
    r"(?:leave me alone|lose my number|not interested)|"
    r"(?:revoke|withdraw) (?:my )?consent|"
    r"(?:no me (?:envien?|manden?|escriban?)|dejen? de (?:enviar|mandar|escribir)(?:me)?|darme de baja)|"
    r"(?:keine (?:sms|nachrichten) mehr|ne m ?(?:envoyez|ecrivez) plus)"
    r")"
)
_STOP_WORD = r"sto+p+"
# "can't stop smiling" asks for nothing, "won't you stop texting me" does.
_NEGATED = re.compile(
    rf"\b(?:(?:dont|do not|didnt|did not|never|not|non|without|cant|can not|cannot|couldnt|could not|"
    rf"wont|will not|wouldnt|shouldnt|doesnt|does not|bus|pit|rest|truck|next|last|first|full|one|a|"
    rf"the|quick|train|metro|subway) "
    rf"(?:ever |going to |gonna |want to |wanna |need to |even |want you to )?"
    rf"(?:{_STOP_WORD}(?:ping|s)?|unsubscribe|opt out|optout|quit|cancel)|nonstop|unstoppable)\b"
    rf"(?! (?:texting|messaging|sending|spamming|contacting|harassing|bothering) me)"
)
_ALWAYS_NEGATED = re.compile(
    rf"\b(?:dont|do not|didnt|never|not)(?: ever| want you to| want to)? "
    rf"(?:{_STOP_WORD}|unsubscribe|opt(?: me)? out|optout|quit|remove me|take me off)\b"
    r"(?: (?:texting|messaging|sending)(?: me)?)?"
)
_BEGINS_WITH_STOP = re.compile(
    rf"^(?:(?:{'|'.join(sorted(_COURTESIES))}) )*{_STOP_WORD} "
    r"(?!(?:by|in|at|over|into|off|on|light|lights|sign|signs|watch|motion|is|was|and (?:shop|go|see|smell|"
    r"get|visit)|for|near|here|there|where|when|between|before|after|loss|payment|what|which|how)\b)"
)

_REACTION = re.compile(
    r"^\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted\b.{0,40}?\bto|"
    r"removed (?:a|an)\b.{0,20}?\bfrom|me (?:gusta|encanta)|\W{1,8}\s*to|le gusto|j’aime)\s*[“\"«„].*",
    re.IGNORECASE | re.DOTALL,
)
_LONG_QUOTE = re.compile(r"[“\"«„]((?:\S+\s+){4,}\S+?)[”\"»“]", re.DOTALL)
_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_NOT_WORD = re.compile(r"[\W_]+")
_SPELLED_OUT = re.compile(r"^(?:\w ){2,}\w$")


def keyword_of(body: str, opt_out_type: str | None = None) -> Keyword | None:
    """What an incoming text asks for, or None for an ordinary reply.

    ``opt_out_type`` is Twilio's ``OptOutType`` (sent with Advanced Opt-Out); Twilio has then decided, and
    acted, already, so its word counts. A bare "yes" is not START: it answers a question more often than
    it gives consent. STOP wins over anything else in the same message.
    """
    decided = (opt_out_type or "").strip().upper()
    if decided in Keyword.__members__:
        return Keyword(decided)
    if _REACTION.match(body[:LONGEST_LOOK]):
        return None
    words = _normalise(body)
    if not words:
        return None
    if _is_stop(words):
        return Keyword.STOP
    asked = {words, _without_courtesies(words)}
    if asked & _START_MESSAGES:
        return Keyword.START
    if asked & _HELP_MESSAGES:
        return Keyword.HELP
    return None


def _is_stop(words: str) -> bool:
    bare = _without_courtesies(words)
    if words in _STOP_MESSAGES or bare in _STOP_MESSAGES:
        return True
    if re.fullmatch(rf"(?:{_STOP_WORD} ?)+", bare):
        return True
    rest = _NEGATED.sub(" ", _ALWAYS_NEGATED.sub(" ", words))
    rest = " ".join(rest.split())
    if _PHRASES.search(rest) or _BEGINS_WITH_STOP.match(rest):
        return True
    *before, last = rest.split() or [""]
    return bool(re.fullmatch(_STOP_WORD, last)) and all(word in _ASKING for word in before)


def _normalise(body: str) -> str:
    """Lower-case words with single spaces: no accents, punctuation or emoji; "don't" is "dont"."""
    text = body[:LONGEST_LOOK]
    without_quotes = _LONG_QUOTE.sub(" ", text)
    if _NOT_WORD.sub("", without_quotes):
        text = without_quotes
    words = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()
    if _SPELLED_OUT.match(words):
        return words.replace(" ", "")  # S T O P
    return words


def _without_courtesies(words: str) -> str:
    return " ".join(word for word in words.split() if word not in _COURTESIES)
