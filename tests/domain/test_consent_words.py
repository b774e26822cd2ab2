"""Opt-outs in any usual wording, and the sentences that only look like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.consent_words import Keyword, keyword_of

OPT_OUTS = [
    # the words carriers know
    "STOP", "stop", "Stop", "StOp", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "CANCEL", "REVOKE",
    "OPTOUT",
    # with punctuation, quotes, emoji and spaces around and inside
    "Stop.", "STOP!!!", " stop \n", "“STOP”", "'stop'", "\"Stop\"", "🛑 STOP 🛑", "S T O P",
    "s.t.o.p.", "*STOP*", "ＳＴＯＰ", "stop\u200b", "STOP\n\nSent from my iPhone", "stop🙏", "-stop-",
    # typing
    "stoppp", "Stop stop stop", "Sotp", "stpo", "Unsubcribe", "stop all",
    # courtesies
    "stop please", "Please stop", "pls stop", "hi, please stop. thanks", "ok stop", "Cancel please",
    "STOP NOW", "stop immediately", "Thanks but stop",
    # sentences
    "Please stop texting me", "stop texting me", "Stop sending me these messages",
    "stop messaging this number", "STOP I never signed up for this", "Stop. Who is this?",
    "I said stop", "I want you to stop", "omg stop", "can you please stop",
    "Would you stop texting me", "won't you stop texting me", "stop it", "stop this",
    "stop spamming me", "Stop these ads", "quit texting me", "cancel these messages",
    "Stop, I don't want to stop by",
    # opt out, unsubscribe, remove
    "opt out", "OPT-OUT", "opt me out", "I want to opt out", "I am opting out", "Unsubscribe me",
    "please unsubscribe me from this list", "remove me", "Remove me from your list",
    "take me off your list", "take my number off", "delete my number", "get me off this list",
    "please remove my number from your system", "I wish to revoke my consent",
    # don't
    "don't text me", "Don’t text me anymore", "dont text me", "do not contact me again",
    "don't send me anything", "never text me again", "no more texts", "No more messages please",
    "I don't want any more texts", "I don't want these texts", "leave me alone", "lose my number",
    "I am not interested",
    "Please cease", "Txt stop", "STOP2END", "🛑", "why are you texting me, stop",
    "I dont know you. Stop.", "No. Stop.", "Hello? Who is this?? STOP!",
    # other languages
    "Non merci, stop", "¿Pueden parar?", "no quiero más mensajes", "dejen de mandarme mensajes",
    "Bitte keine SMS mehr",
    "ALTO", "¡Alto!", "Parar", "BAJA", "no me envíen más mensajes", "arrêt", "ARRET", "Arrêter",
    "STOPP", "Sair", "abmelden",
    # honoured although it may quote us: saying it is reason enough
    "Reply STOP to opt out",
]  # fmt: skip

NOT_OPT_OUTS = [
    "", " ", "👍", "…", "thanks", "OK", "yes", "Yes please, thank you",
    "Do you have anything after 4 on Thursdays?",
    # stop as something else
    "can't stop loving this", "I can’t stop smiling", "bus stop at 5?", "Where is the next stop",
    "is this the pit stop", "Is there a stop near your store?", "Stop by anytime",
    "I'll stop by tomorrow", "Stop in at noon?", "stop and shop on 5th?", "we won't stop shopping",
    "non-stop fun", "unstoppable", "Nonstop deals", "I will stop over on Friday",
    "I stopped by yesterday", "Stop payment on my order", "It stopped. Why?",
    "Where? The stop on 5th?",
    # told not to stop
    "don't stop", "Please don't stop sending these", "never stop the deals",
    "I don't want to unsubscribe",
    # other keywords as ordinary words
    "please cancel my appointment", "Can I cancel my order?", "Can I end my lease?",
    "the end is near", "when does the sale end", "What time does it end?", "I can't quit you",
    "Quit playing", "cancel that order of text books", "para mañana por favor",
    "remove the tomatoes please", "no more coffee for me", "drop us a line",
    # text, message, call as ordinary words
    "call me", "text me the address", "you never text me back", "don't call, text me",
    "don't forget to text me", "did you send the text messages", "do you ever text offers",
    "I opted in",
    # reactions, which repeat our own text
    "Liked “Sale today. Reply STOP to opt out”", "Loved \"Sale. Reply STOP to opt out\"",
    "Disliked “Sale. Reply STOP to opt out”", "👍 to “ Sale. Reply STOP to opt out ”",
    "Reacted 😂 to “Sale. Reply STOP to opt out”",
    "Removed a heart from “Sale. Reply STOP to opt out”",
    "Laughed at “Sale. Reply STOP to opt out”",
    # a long quote of our own text
    "Why does it say “Hi Rosa, sale today, Reply STOP to opt out”",
]  # fmt: skip


@pytest.mark.parametrize("body", OPT_OUTS)
def test_honours_an_opt_out(body: str) -> None:
    assert keyword_of(body) is Keyword.STOP


@pytest.mark.parametrize("body", NOT_OPT_OUTS)
def test_leaves_an_ordinary_reply_alone(body: str) -> None:
    assert keyword_of(body) is None


@pytest.mark.parametrize(
    "body",
    ["START", "start", "Start please", "UNSTOP", "unstop.", "opt in", "Opt-in", "opt me back in",
     "Subscribe", "resubscribe", "Comenzar", "start texting me again"],
)  # fmt: skip
def test_start_takes_a_message_that_says_nothing_else(body: str) -> None:
    assert keyword_of(body) is Keyword.START


@pytest.mark.parametrize(
    "body",
    [
        "yes",
        "YES",
        "start over",
        "When do you start?",
        "I want to start a garden",
        "subscribe to what?",
    ],
)
def test_opting_in_is_never_read_into_a_sentence(body: str) -> None:
    assert keyword_of(body) is None


@pytest.mark.parametrize(
    "body", ["HELP", "help?", "Help please", "info", "INFO!", "ayuda", "Aide", "help me"]
)
def test_help(body: str) -> None:
    assert keyword_of(body) is Keyword.HELP


@pytest.mark.parametrize(
    "body", ["I need help with my order", "Can you help me find it?", "more info on rugs"]
)
def test_a_question_is_not_help(body: str) -> None:
    assert keyword_of(body) is None


def test_stop_wins_over_start() -> None:
    assert keyword_of("Please stop. Then start") is Keyword.STOP
    assert keyword_of("start stop") is Keyword.STOP or keyword_of("stop start") is Keyword.STOP


@pytest.mark.parametrize(
    ("body", "opt_out_type", "keyword"),
    [
        ("Halt", "STOP", Keyword.STOP),
        ("yes", "START", Keyword.START),
        ("?", "help", Keyword.HELP),
        ("hello", "", None),
        ("stop", None, Keyword.STOP),
        ("stop", "SOMETHING_NEW", Keyword.STOP),
    ],
)
def test_twilios_own_decision_counts(
    body: str, opt_out_type: str | None, keyword: Keyword | None
) -> None:
    assert keyword_of(body, opt_out_type) is keyword


@given(
    st.sampled_from(["stop", "unsubscribe", "opt out", "stopall"]),
    st.text(alphabet=" .,!?*~\n\t🙂🛑", max_size=10),
    st.text(alphabet=" .,!?*~\n\t🙂🛑", max_size=10),
    st.booleans(),
)
def test_what_surrounds_a_word_does_not_matter(
    word: str, before: str, after: str, upper: bool
) -> None:
    assert keyword_of(before + (word.upper() if upper else word) + after) is Keyword.STOP


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(body: str) -> None:
    assert keyword_of(body) in {None, *Keyword}


@pytest.mark.parametrize(
    "body",
    ["stop " * 5000, "“a b c d " * 5000, "dont " * 5000, "stop all the these " * 2000,
     "S T O P " * 3000, "👍" * 20_000, "no more x " * 3000],
)  # fmt: skip
def test_a_hostile_text_takes_no_time(body: str) -> None:
    started = time.perf_counter()
    keyword_of(body)
    # Not a benchmark: a pattern that backtracks without end would take minutes.
    assert time.perf_counter() - started < 5
