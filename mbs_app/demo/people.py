"""The customers of Lakeline Plaza: who they are, where they shop, which groups they are in."""

from __future__ import annotations

import random
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mbs_app.demo.names import Names
from mbs_app.demo.places import BY_CITY, PhoneBook, Place, some_place
from mbs_app.domain.vocabulary import CustomerStatus


class Line(StrEnum):
    """What is at the other end of a number."""

    MOBILE = "mobile"
    OUT_OF_SERVICE = "out_of_service"
    LANDLINE = "landline"
    BLOCKS_TEXTS = "blocks_texts"


_LINES = ((Line.OUT_OF_SERVICE, 0.011), (Line.LANDLINE, 0.007), (Line.BLOCKS_TEXTS, 0.003))

LOYALTY, VIP, JUNIPER = "Loyalty", "VIP", "Juniper & Oak"
DENTAL, MARKET, WORKSHOPS, WHOLESALE = "Lakeline Dental", "Night Market", "Workshops", "Wholesale"
_SHARES = ((LOYALTY, 0.58), (JUNIPER, 0.34), (DENTAL, 0.22), (MARKET, 0.26), (WORKSHOPS, 0.07))

_NOTES = (
    "Prefers texts after 5 PM.",
    "Asked about wholesale prices.",
    "Picks up for her mother as well.",
    "Allergic to latex, tell the dentist.",
    "Booked the long table twice.",
    "Speaks Spanish at home.",
)


@dataclass(slots=True)
class Person:
    """One made-up customer. ``can_be_reached`` turns false once a carrier has said so."""

    id: UUID
    phone: str
    first_name: str
    last_name: str
    email: str
    place: Place
    created_at: datetime
    groups: frozenset[str]
    attributes: dict[str, Any]
    status: CustomerStatus = CustomerStatus.ACTIVE
    notes: str = ""
    line: Line = Line.MOBILE
    opted_in: bool = True
    opted_out_at: datetime | None = field(default=None)
    can_be_reached: bool = True

    @property
    def city(self) -> str:
        return self.place.city

    @property
    def state(self) -> str:
        return self.place.state


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody the pictures of the product show."""

    name: str
    phone: str
    city: str
    groups: tuple[str, ...]
    points: int = 320


_KNOWN = (
    _Known("Rosa Delgado", "+15125550178", "Austin", (LOYALTY, JUNIPER, DENTAL), 940),
    _Known("Abigail Abernathy", "+15125550114", "Austin", (LOYALTY, JUNIPER)),
    _Known("Adaeze Achebe", "+14695550158", "Plano", (VIP, LOYALTY), 2410),
    _Known("Carlos Acosta", "+19155550136", "El Paso", (MARKET,)),
    _Known("Janelle Adair", "+14055550171", "Norman", (DENTAL,)),
    _Known("Bryce Adams", "+19185550102", "Tulsa", (LOYALTY,)),
    _Known("Simone Adeyemi", "+15125550187", "Round Rock", (WORKSHOPS, LOYALTY, JUNIPER), 610),
    _Known("Rafael Aguilar", "+15055550123", "Santa Fe", (MARKET, WORKSHOPS)),
    _Known("Fatima Ahmed", "+12145550149", "Dallas", (DENTAL,)),
    _Known("Grace Albright", "+17375550165", "Cedar Park", (VIP, JUNIPER), 1880),
    _Known("Mateo Alcántara", "+15755550118", "Las Cruces", (LOYALTY,)),
    _Known("Denise Alderman", "+15805550140", "Lawton", (WHOLESALE,)),
    _Known("Kofi Amoah", "+15125550193", "Pflugerville", (LOYALTY, MARKET), 415),
    _Known("Ingrid Andersen", "+13615550107", "Corpus Christi", (JUNIPER,)),
    _Known("Terrence Anders", "+14055550152", "Oklahoma City", (DENTAL, LOYALTY)),
    _Known("Lucía Aranda", "+19565550129", "McAllen", (LOYALTY, VIP), 1730),
    _Known("Holly Armbruster", "+18065550176", "Lubbock", (WORKSHOPS,)),
    _Known("Tyrell Washington", "+14055550126", "Norman", (LOYALTY, JUNIPER), 780),
    _Known("Marcus Boone", "+19185550117", "Tulsa", (LOYALTY, JUNIPER)),
    _Known("Hannah Nguyen", "+17375550163", "Round Rock", (JUNIPER, MARKET)),
    _Known("Beatriz Castañeda", "+15055550149", "Albuquerque", (LOYALTY, JUNIPER), 530),
)


def make_people(count: int, now: datetime, chance: random.Random) -> list[Person]:
    """``count`` customers, the first of them those the pictures show, oldest first.

    The same ``chance`` gives the same people; only their ids differ.
    """
    phones, names = PhoneBook(chance), Names(chance)
    known = [_known(one, phones, now, chance) for one in _KNOWN[:count]]
    others = [_stranger(phones, names, now, chance) for _ in range(count - len(known))]
    return sorted([*known, *others], key=lambda person: person.created_at)


def _known(known: _Known, phones: PhoneBook, now: datetime, chance: random.Random) -> Person:
    first, last = known.name.split(" ", 1)
    place = BY_CITY[known.city]
    joined = _joined(now, chance, newest_days=60)
    return Person(
        id=id_at(joined),
        phone=phones.reserve(known.phone),
        first_name=first,
        last_name=last,
        email=_email(first, last, chance),
        place=place,
        created_at=joined,
        groups=frozenset(known.groups),
        attributes={"points": known.points, "store": place.store},
    )


def _stranger(phones: PhoneBook, names: Names, now: datetime, chance: random.Random) -> Person:
    first, last = names.another()
    place = some_place(chance)
    joined = _joined(now, chance, newest_days=0.2)
    groups = _groups(chance)
    return Person(
        id=id_at(joined),
        phone=phones.number_in(place),
        first_name="" if chance.random() < 0.02 else first,
        last_name=last,
        email=_email(first, last, chance) if chance.random() < 0.8 else "",
        place=place,
        created_at=joined,
        groups=groups,
        attributes=_attributes(groups, place, chance),
        status=CustomerStatus.INACTIVE if chance.random() < 0.025 else CustomerStatus.ACTIVE,
        notes=chance.choice(_NOTES) if chance.random() < 0.02 else "",
        line=_line(chance),
        opted_in=chance.random() < 0.93,
    )


def _groups(chance: random.Random) -> frozenset[str]:
    chosen = {name for name, share in _SHARES if chance.random() < share}
    if LOYALTY in chosen and chance.random() < 0.09:
        chosen.add(VIP)
    if chance.random() < 0.02:
        chosen.add(WHOLESALE)
    return frozenset(chosen)


def _attributes(groups: frozenset[str], place: Place, chance: random.Random) -> dict[str, Any]:
    attributes: dict[str, Any] = {"store": place.store}
    if LOYALTY in groups:
        least = 1500 if VIP in groups else 0
        attributes["points"] = least + 5 * int(chance.expovariate(1 / 60))
    return attributes


def _line(chance: random.Random) -> Line:
    draw = chance.random()
    for line, share in _LINES:
        if draw < share:
            return line
        draw -= share
    return Line.MOBILE


def _joined(now: datetime, chance: random.Random, *, newest_days: float) -> datetime:
    """Somewhere in the last two years, more often lately."""
    days = newest_days + (730 - newest_days) * chance.random() ** 1.4
    return now - timedelta(days=days, seconds=chance.randrange(3600))


def _email(first: str, last: str, chance: random.Random) -> str:
    letters = unicodedata.normalize("NFKD", f"{first}.{last}".translate(_PLAIN)).lower()
    local = re.sub(r"[^a-z.]+", "", letters)
    return f"{local}{chance.choice(('', '', str(chance.randrange(2, 99))))}@example.com"


_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 as it would have been made at ``moment``, so that lists in order of id are in order of time."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(
        int=milliseconds << 80
        | 7 << 76
        | secrets.randbits(12) << 64
        | 2 << 62
        | secrets.randbits(62)
    )
