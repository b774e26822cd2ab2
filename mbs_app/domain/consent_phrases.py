"""The words and sentences by which people opt out, opt in and ask for help.

All are matched against folded text: lower case, no accents, no punctuation, single spaces, and
"dont" for "don't". How they are put together is in ``consent_words``.
"""

from __future__ import annotations

import re

# Twilio's default opt-out words, their usual misspellings, and the same in Spanish, French,
# Portuguese, German and Dutch.
STOP_MESSAGES = frozenset(
    {
        "stop", "stop all", "stopall", "unsubscribe", "unsubscribe all", "unsub", "end", "quit",
        "cancel", "cancel all", "revoke", "optout", "opt out", "opt me out", "optmeout", "remove",
        "remove me", "delete me", "take me off", "leave me alone", "no more", "enough", "go away",
        "fuck off", "cease", "cease and desist", "stop2end", "basta ya", "not interested",
        "im not interested", "i am not interested", "stpo", "sotp", "stp", "stip", "stopp",
        "stope", "unsubcribe", "unsuscribe", "unsubscibe", "unsubscribed", "unsubscribe stop",
        "stop unsubscribe", "stop end", "stop quit", "alto", "parar", "pare", "para", "basta",
        "baja", "dar de baja", "cancelar", "cancelar todo", "arret", "arreter", "desabonner",
        "desinscrire", "sair", "descadastrar", "stoppen", "abmelden", "abbestellen", "afmelden",
        "uitschrijven", "detener", "no mas",
    }
)  # fmt: skip
START_MESSAGES = frozenset(
    {
        "start", "unstop", "un stop", "optin", "opt in", "opt me in", "opt me back in", "subscribe",
        "resubscribe", "start again", "start texting me again", "resume", "sign me up",
        "comenzar", "empezar", "iniciar", "alta", "commencer", "starten", "anmelden",
    }
)  # fmt: skip
HELP_MESSAGES = frozenset(
    {
        "help", "help me", "info", "information", "more info", "need help", "i need help",
        "support", "ayuda", "aide", "ajuda", "hilfe", "informacion",
    }
)  # fmt: skip
COURTESIES = frozenset(
    {
        "please", "pls", "plz", "plse", "thanks", "thank", "you", "thx", "ty", "now",
        "immediately", "asap", "ok", "okay", "hi", "hello", "hey", "sorry", "just", "yes", "sir",
        "maam", "sms", "msg", "txt", "text", "texts", "message", "messages",
        "porfavor", "por", "favor", "gracias", "merci", "bitte", "danke", "obrigado",
    }
)  # fmt: skip
# Words that may stand before a final "stop" without changing what is asked.
ASKING = COURTESIES | {
    "i", "im", "id", "we", "want", "need", "would", "like", "wish", "u", "ur", "your", "me", "us",
    "to", "it", "this", "that", "these", "them", "all", "everything", "the", "can", "could",
    "will", "must", "should", "have", "has", "got", "said", "say", "told", "asked", "ask",
    "replied", "reply", "again", "and", "but", "so", "no", "nope", "omg", "wtf", "ffs", "god",
    "jesus", "make", "made", "time", "last", "let", "lets", "really", "seriously", "already",
    "today", "stop",
}  # fmt: skip

OUR_TEXTS = (
    r"(?:text|txt|texts|texting|txting|message|messages|messaging|msg|msgs|sms|mms|messagin|textin|"
    r"notifications?|alerts?|ads?|promos?|promotions?|offers?|marketing|advertising|advertisements|"
    r"spam|spamming|junk|crap|shit|bs)"
)
STOP_WORD = r"sto+p+"

_PHRASES = (
    r"opt(?:ing|ed)?(?: me| us| my number| this number)? out",
    r"optout",
    r"unsubscribe|unsubscribing|unsub me",
    # "stop sending me all of these texts"
    (
        r"(?:stop|quit|cease|discontinue|cancel|end)(?: with)?"
        r"(?: (?:all|any|the|these|this|those|your|ur|my|me|of|sending|getting|receiving|"
        r"future|further|more|damn|fucking|stupid|annoying|sms|text|texts))*"
        rf" {OUR_TEXTS}\b"
    ),
    (
        r"stop (?:sending|contacting|bothering|harassing|calling|bugging|annoying|"
        r"pestering|it|this|that|now|me)\b"
    ),
    r"(?:quit|cease) (?:sending|contacting|bothering|harassing|bugging) me",
    r"(?:cancel|end|stop) (?:my |the |this )?subscription",
    # "remove my number", but not "delete me a line"
    (
        r"(?:remove|delete|erase|drop|scrub) (?:me|us|this number|"
        r"my (?:cell |phone |mobile )?(?:number|phone|info|name|data))\b(?! (?:a|the) )"
    ),
    r"take (?:me|us|my (?:name|number)|this number) off",
    (
        r"(?:get|want|wish) (?:me )?(?:to be )?(?:taken |removed )?off (?:of )?"
        r"(?:your|the|this|ur) (?:\w+ )?list"
    ),
    r"(?:be|get) removed",
    rf"(?:no|dont want|do not want)(?: any)? more (?:\w+ )?{OUR_TEXTS}",
    rf"(?:dont|do not) (?:want|wish|need)(?: to (?:get|receive))? (?:\w+ )?{OUR_TEXTS}",
    # "never text me again", but not "you never text me back"
    (
        r"(?:dont|do not|never)(?: ever)? "
        r"(?:text|txt|message|msg|contact|sms|call|write|bother|send) "
        r"(?:me|us|my (?:number|phone)|this number|anything|any|again|anymore)\b(?! back)"
    ),
    r"leave me alone|lose my number",
    r"(?:revoke|withdraw) (?:my )?consent",
    r"(?:pueden?|podrian?|quiero|quisiera) parar",
    (
        r"no (?:quiero|deseo)(?: recibir)?(?: mas)?(?: sus| tus| los| estos)? "
        r"(?:mensajes|sms|textos)"
    ),
    r"no me (?:envien?|manden?|escriban?)|darme de baja",
    r"dejen? de (?:enviar|mandar|escribir)(?:me)?",
    r"keine (?:sms|nachrichten) mehr",
    r"ne m ?(?:envoyez|ecrivez) plus",
)
PHRASES = re.compile(rf"\b(?:{'|'.join(_PHRASES)})")

# "can't stop smiling" asks for nothing, "won't you stop texting me" does.
NEGATED = re.compile(
    r"\b(?:(?:dont|do not|didnt|did not|never|not|non|without|cant|can not|cannot|couldnt|"
    r"could not|wont|will not|wouldnt|shouldnt|doesnt|does not|bus|pit|rest|truck|next|last|first|"
    r"full|one|a|the|quick|train|metro|subway) "
    r"(?:ever |going to |gonna |want to |wanna |need to |even |want you to )?"
    rf"(?:{STOP_WORD}(?:ping|s)?|unsubscribe|opt out|optout|quit|cancel)|nonstop|unstoppable)\b"
    r"(?! (?:texting|messaging|sending|spamming|contacting|harassing|bothering) me)"
)
# "don't stop texting me" does not.
ALWAYS_NEGATED = re.compile(
    r"\b(?:dont|do not|didnt|never|not)(?: ever| want you to| want to)? "
    rf"(?:{STOP_WORD}|unsubscribe|opt(?: me)? out|optout|quit|remove me|take me off)\b"
    r"(?: (?:texting|messaging|sending)(?: me)?)?"
)
# "Stop by", "stop at", "stop and shop", "stop payment" go to a place or are about something else.
BEGINS_WITH_STOP = re.compile(
    rf"^(?:(?:{'|'.join(sorted(COURTESIES))}) )*{STOP_WORD} "
    r"(?!(?:by|in|at|over|into|off|on|light|lights|sign|signs|watch|motion|is|was|"
    r"and (?:shop|go|see|smell|get|visit)|for|near|here|there|where|when|between|before|after|"
    r"loss|payment|what|which|how)\b)"
)
# What may stand alone between two full stops and still be meant: "I don't know you. Stop."
STOP_CLAUSES = re.compile(
    rf"(?:{STOP_WORD} ?)+|stopp|stopall|unsubscribe|optout|opt out|alto|arret"
)
# What phones send when somebody taps a heart or a thumb beside our text.
REACTION = re.compile(
    r"^\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted\b.{0,40}?\bto|"
    r"removed (?:a|an)\b.{0,20}?\bfrom|me (?:gusta|encanta)|le gusto|j’aime|\W{1,8}\s*to)"
    r"\s*[“\"«„].*",
    re.IGNORECASE | re.DOTALL,
)
