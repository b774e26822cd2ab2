"""Where the made-up customers live and shop."""

from __future__ import annotations

import random
from typing import NamedTuple


class Place(NamedTuple):
    """``area_codes`` are those of the city's phones; ``store`` is the branch its people go to."""

    city: str
    state: str
    area_codes: tuple[str, ...]
    weight: int
    store: str


PLACES = (
    Place("Austin", "TX", ("512", "737"), 900, "South Lamar"),
    Place("Round Rock", "TX", ("512", "737"), 260, "Round Rock"),
    Place("Cedar Park", "TX", ("512", "737"), 220, "Lakeline"),
    Place("Pflugerville", "TX", ("512",), 170, "Round Rock"),
    Place("Leander", "TX", ("512",), 130, "Lakeline"),
    Place("San Antonio", "TX", ("210", "726"), 330, "Pearl"),
    Place("Dallas", "TX", ("214", "469"), 310, "Deep Ellum"),
    Place("Plano", "TX", ("469", "972"), 150, "Deep Ellum"),
    Place("Houston", "TX", ("713", "832"), 300, "Heights"),
    Place("El Paso", "TX", ("915",), 120, "El Paso"),
    Place("McAllen", "TX", ("956",), 90, "Pearl"),
    Place("Corpus Christi", "TX", ("361",), 80, "Pearl"),
    Place("Lubbock", "TX", ("806",), 80, "Lubbock"),
    Place("Tyler", "TX", ("903",), 60, "Deep Ellum"),
    Place("Oklahoma City", "OK", ("405",), 210, "Bricktown"),
    Place("Norman", "OK", ("405",), 110, "Bricktown"),
    Place("Tulsa", "OK", ("918", "539"), 160, "Tulsa"),
    Place("Lawton", "OK", ("580",), 50, "Bricktown"),
    Place("Albuquerque", "NM", ("505",), 150, "Old Town"),
    Place("Santa Fe", "NM", ("505",), 80, "Old Town"),
    Place("Rio Rancho", "NM", ("505",), 60, "Old Town"),
    Place("Las Cruces", "NM", ("575",), 50, "El Paso"),
    Place("Shreveport", "LA", ("318",), 60, "Deep Ellum"),
    Place("Texarkana", "AR", ("870",), 40, "Deep Ellum"),
)
BY_CITY = {place.city: place for place in PLACES}
_WEIGHTS = [place.weight for place in PLACES]


def some_place(chance: random.Random) -> Place:
    return chance.choices(PLACES, _WEIGHTS)[0]


class PhoneBook:
    """Numbers nobody can have, each once: +1, an area code in use, the exchange 555 and four digits.

    555-0100 to 0199 are set aside for fiction and go to the people the pictures show; there are far too
    few of them for everybody. 555-1212 is directory assistance.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given = {f"+1{code}5551212" for place in PLACES for code in place.area_codes}

    def reserve(self, phone: str) -> str:
        self._given.add(phone)
        return phone

    def number_in(self, place: Place) -> str:
        while True:
            area = self._chance.choice(place.area_codes)
            phone = f"+1{area}555{self._chance.randrange(200, 10_000):04}"
            if phone not in self._given:
                return self.reserve(phone)
