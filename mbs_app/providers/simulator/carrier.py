"""The carrier's part: takes texts, lets them meet their fate, tells the product, and lets people answer."""

from __future__ import annotations

import re
import time
from uuid import uuid4
from xml.etree import ElementTree

import aiohttp

from mbs_app.providers.simulator.agenda import Agenda
from mbs_app.providers.simulator.callbacks import Call, Caller, form_body
from mbs_app.providers.simulator.chance import Fate, fate_of
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import CallbackFault
from mbs_app.providers.simulator.ledger import Ledger
from mbs_app.providers.simulator.segments import segments_of
from mbs_app.providers.simulator.special_numbers import SPECIAL_NUMBERS
from mbs_app.providers.simulator.store import (
    HELP_WORDS,
    START_WORDS,
    STOP_WORDS,
    Store,
    Text,
    new_sid,
)
from mbs_app.providers.twilio.signature import SIGNATURE_HEADER, sign

API_VERSION = "2010-04-01"
_REORDER_GAP = 0.25
_REPLIES = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from "
    "this number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for "
    "help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
"""Twilio's default replies, word for word."""


class Carrier:
    """One carrier. Everything runs on one event loop, so each method is whole."""

    def __init__(
        self,
        config: SimulatorConfig,
        store: Store,
        ledger: Ledger,
        agenda: Agenda,
        caller: Caller,
    ) -> None:
        self.config, self.store, self.ledger = config, store, ledger
        self._agenda, self._caller = agenda, caller

    def take(
        self,
        to: str,
        from_: str,
        body: str,
        *,
        service_sid: str | None,
        callback: str,
        fault: str | None,
    ) -> Text:
        """Take a text: it is in the ledger when this returns."""
        text = Text(
            sid=new_sid(),
            to=to,
            from_=from_,
            body=body,
            direction="outbound-api",
            status="accepted" if service_sid else "queued",
            segments=segments_of(body),
            created=time.time(),
            service_sid=service_sid,
            callback=callback,
            nth=self.store.accepted.get(to, 0),
        )
        self.store.add(text)
        self.ledger.accepted(text, fault)
        self.carry(text)
        return text

    def carry(self, text: Text) -> None:
        """Let what is still to happen to a text happen."""
        fate = self._fate(text)
        scale, age = self.config.receipt_scale, time.time() - text.created
        if text.status == "accepted":
            self._agenda.after(0.05 * scale - age, self._moves, text, "queued", None)
        if fate.sent_after is not None and text.sent is None:
            self._agenda.after(fate.sent_after * scale - age, self._moves, text, "sent", None)
        if fate.final is not None:
            after = fate.final_after * scale - age
            self._agenda.after(after, self._moves, text, fate.final, fate.error_code)

    def resume(self) -> None:
        """After a restart: carry on with every text whose fate hadn't come."""
        for text in self.store.texts.values():
            if text.direction == "outbound-api" and not text.is_final:
                self.carry(text)

    async def answer(self, person: str, sender: str, body: str) -> dict[str, object]:
        """A person sends a text. Returns its SID and what the product's webhook answered."""
        word = re.sub(r"\s+", " ", body).strip().upper()
        kind = _keyword(word)
        text = self._keep(person, sender, body, "inbound", "received")
        if kind == "START" and (person, sender) not in self.store.opted_out:
            kind = None  # an ordinary "yes": Twilio says nothing to it
        if kind in ("STOP", "START"):
            self._opt(person, sender, out=kind == "STOP")
        if kind is not None:
            self._keep(sender, person, _REPLIES[kind], "outbound-reply", "delivered")
        if self.config.inbound_url is None:
            return {"sid": text.sid, "webhook": None, "problem": "No inbound address is set."}
        params = self._inbound_params(text, kind if self.config.advanced_opt_out else None)
        try:
            status, answer = await self._caller.post_now(
                self._signed(self.config.inbound_url, params)
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return {"sid": text.sid, "webhook": None, "problem": f"The app didn’t answer: {error}"}
        if status == 200:
            for reply in _twiml_messages(answer):
                self._reply(sender, person, reply)
        problem = None if status < 300 else f"The app answered {status}."
        return {"sid": text.sid, "webhook": status, "problem": problem}

    def _reply(self, sender: str, person: str, body: str) -> None:
        if (person, sender) in self.store.opted_out:
            return  # the carrier drops it, as it would a fresh text
        self._keep(sender, person, body, "outbound-reply", "delivered")

    def _keep(self, from_: str, to: str, body: str, direction: str, status: str) -> Text:
        text = Text(new_sid(), to, from_, body, direction, status, segments_of(body), time.time())
        self.store.add(text)
        self.ledger.other_text(text)
        return text

    def _opt(self, person: str, sender: str, *, out: bool) -> None:
        pair = (person, sender)
        if out:
            self.store.opted_out.add(pair)
        else:
            self.store.opted_out.discard(pair)
        self.ledger.opted(person, sender, out)

    def _fate(self, text: Text) -> Fate:
        special = SPECIAL_NUMBERS.get(text.to)
        if special and special.fate:
            return special.fate
        return fate_of(self.config.seed, text.to, text.nth)

    def _moves(self, text: Text, status: str, error_code: int | None) -> None:
        if text.is_final or self.store.texts.get(text.sid) is not text:
            return
        if status == "sent" and text.status == "sent":
            return
        self.store.move(text, status, error_code)
        self.ledger.moved(text)
        if text.callback:
            self._tell(text, status, error_code)

    def _tell(self, text: Text, status: str, error_code: int | None) -> None:
        fault = self._callback_fault(text)
        if fault is CallbackFault.LOST:
            return
        call = self._signed(text.callback, self._status_params(text, status, error_code))
        if fault is CallbackFault.LATE:
            self._agenda.after(self.config.late_seconds, self._caller.post, call)
        elif fault is CallbackFault.REORDERED and not text.is_final:
            fate, scale = self._fate(text), self.config.receipt_scale
            gap = (fate.final_after - (fate.sent_after or 0.0)) * scale + _REORDER_GAP
            self._agenda.after(gap, self._caller.post, call)
        else:
            self._caller.post(call)
            if fault is CallbackFault.DOUBLED:
                self._caller.post(Call(call.url, call.body, call.headers))

    def _callback_fault(self, text: Text) -> CallbackFault | None:
        special = SPECIAL_NUMBERS.get(text.to)
        if special and special.callbacks:
            return special.callbacks
        return self.config.faults.for_callbacks(self.config.seed, text.to, text.nth)

    def _signed(self, url: str, params: dict[str, str]) -> Call:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid4()),
            SIGNATURE_HEADER: sign(self.config.auth_token, url, params),
        }
        return Call(url, form_body(params), headers)

    def _status_params(self, text: Text, status: str, error_code: int | None) -> dict[str, str]:
        params = {
            "ApiVersion": API_VERSION,
            "AccountSid": self.config.account_sid,
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": text.to,
            "From": text.from_,
        }
        if text.service_sid:
            params["MessagingServiceSid"] = text.service_sid
        if error_code is not None:
            params["ErrorCode"] = str(error_code)
        if status in ("delivered", "undelivered"):
            params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(text.updated))
        return params

    def _inbound_params(self, text: Text, opt_out_type: str | None) -> dict[str, str]:
        params = {
            "ToCountry": "US",
            "ToState": "TX",
            "SmsMessageSid": text.sid,
            "NumMedia": "0",
            "ToCity": "AUSTIN",
            "FromZip": "",
            "SmsSid": text.sid,
            "FromState": "TX",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": text.body,
            "FromCountry": "US",
            "To": text.to,
            "ToZip": "",
            "NumSegments": str(text.segments),
            "MessageSid": text.sid,
            "AccountSid": self.config.account_sid,
            "From": text.from_,
            "ApiVersion": API_VERSION,
        }
        if opt_out_type:
            params["OptOutType"] = opt_out_type
        return params


def _keyword(word: str) -> str | None:
    for kind, words in (("STOP", STOP_WORDS), ("START", START_WORDS), ("HELP", HELP_WORDS)):
        if word in words:
            return kind
    return None


def _twiml_messages(answer: str) -> list[str]:
    try:
        root = ElementTree.fromstring(answer)  # noqa: S314 (the answer of our own app)
    except ElementTree.ParseError:
        return []
    texts = ("".join(message.itertext()).strip() for message in root.iter("Message"))
    return [text for text in texts if text]
