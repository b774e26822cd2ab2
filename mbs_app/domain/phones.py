"""Phone numbers: from whatever a file holds to E.164, and back to how people write them.

A number is accepted when it is *possible* (the right count of digits for its country), not only
when it is *valid* (a range in use today): ranges open faster than libraries learn of them, and the
fictional 555-01xx numbers of demonstrations are possible but not valid.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, ValidationResult
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number

from mbs_app.domain.errors import InvalidInput

MAX_RAW_LENGTH = 250

# No prefix that the time zone tables tell apart is longer, so one answer serves many numbers.
LONGEST_ZONE_PREFIX = 9

_UNWRAPPED = re.compile(r'^=\s*["“](.*)["”]$', re.DOTALL)
_LABEL_BEFORE = re.compile(
    r"^(?:tel|phone|mobile|mob|cell|home|work|handy|m|c|t|p|h|w)\s*[.:]+\s*(?=[+(\d])",
    re.IGNORECASE,
)
_LABEL_AFTER = re.compile(
    r"\s*\(?(?:mobile|mob|cell|home|work|handy|m|c|h|w)\.?\)?$", re.IGNORECASE
)
_EXTENSION = re.compile(
    r"(?:\s*[;,]?\s*(?:extension|ext|extn|x|poste|durchwahl)[.:=\s]*|\s*#\s*)\d{1,7}$",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"^\+?(\d)(?:[.,](\d*))?[eE]\+?(\d{1,2})$")
_WHOLE_FLOAT = re.compile(r"^(\+?\d{7,15})[.,]0{1,2}$")
_TWO_NUMBERS = re.compile(
    r"(?:\d[\s().-]*){7,}\s*(?:/|;|,|\||&|\bor\b|\band\b|\n)\s*\+?(?:[\s().-]*\d){7,}",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]")
_NOT_DIGIT = re.compile(r"\D+")

# A plain North American number, which most files hold, needs no library: area code and exchange
# start with 2–9. The islands below share country code 1 but tell landlines from mobiles, so they
# take the long way, as do the numbers of services.
_PLAIN_NANP = re.compile(
    r"^(?:\+?1[\s.-]*)?\(?([2-9]\d{2})\)?[\s.-]*([2-9]\d{2})[\s.-]*(\d{4})$", re.ASCII
)
_NANP_REGIONS = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
_ISLAND_AREA_CODES = frozenset(
    {
        "242", "246", "264", "268", "284", "340", "345", "441", "473", "649", "658", "664", "670",
        "671", "684", "721", "758", "767", "784", "787", "809", "829", "849", "868", "869", "876",
        "939",
    }
)  # fmt: skip


# Numbers that firms answer at, or pay by. Where one can get texts at all, it is a business that reads them,
# and nobody who agreed to ours.
_NOBODYS_PHONE = {
    PhoneNumberType.TOLL_FREE: "Toll-free number",
    PhoneNumberType.PREMIUM_RATE: "Premium-rate number",
    PhoneNumberType.SHARED_COST: "Service number",
    PhoneNumberType.UAN: "Service number",
    PhoneNumberType.VOICEMAIL: "Voicemail number",
}
_SERVICE_AREA_CODES = frozenset(("800", "833", "844", "855", "866", "877", "888", "900"))


class PhoneFault(StrEnum):
    EMPTY = "empty"
    LETTERS = "letters"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    DIGITS_LOST = "digits_lost"
    TWO_NUMBERS = "two_numbers"
    LANDLINE = "landline"
    SERVICE = "service"


class PhoneProblem(InvalidInput):
    """A cell that isn't a number we can text. ``reason`` groups them, ``mend`` says what to do."""

    def __init__(self, reason: PhoneFault, message: str, mend: str) -> None:
        super().__init__(message, phone=message)
        self.reason = reason
        self.mend = mend


def parse_phone(raw: str, region: str | None = "US", *, any_line: bool = False) -> str:
    """``raw`` as E.164, such as "+15125550142".

    ``region`` (ISO 3166, "US") says how to read a number without a country code. Spreadsheet
    wrapping, labels and extensions are taken off. With ``any_line`` landlines and numbers of services, such as
    toll-free ones, are read too. Raises :class:`PhoneProblem`.
    """
    text = raw.strip() if len(raw) <= MAX_RAW_LENGTH else ""
    if region in _NANP_REGIONS and (plain := _PLAIN_NANP.match(text)):
        area, exchange, line = plain.groups()
        if area not in _ISLAND_AREA_CODES and area not in _SERVICE_AREA_CODES:
            return f"+1{area}{exchange}{line}"
    return _parse_slowly(raw, region, any_line)


def display_phone(e164: str, home_region: str = "US") -> str:
    """A number as people at home write it: "(512) 555-0142", or "+49 30 1234567" for one abroad."""
    if e164.startswith("+1") and len(e164) == 12 and e164.isascii():
        area, exchange, line = e164[2:5], e164[5:8], e164[8:]
        if home_region in _NANP_REGIONS:
            return f"({area}) {exchange}-{line}"
        return f"+1 {area}-{exchange}-{line}"
    return _display_slowly(e164, home_region)


def region_time_zones(e164: str) -> tuple[str, ...]:
    """The IANA zones a number may be in, by its country and area code; empty when unknown."""
    return _zones_of_prefix(e164[: 1 + LONGEST_ZONE_PREFIX], len(e164))


def is_landline(e164: str) -> bool:
    """True only when the country's numbering plan says so; the United States' plan never does."""
    number = _number(e164)
    return number is not None and phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE


def is_region(region: str) -> bool:
    """True for an ISO 3166 code whose phone numbers we can read."""
    return region in phonenumbers.SUPPORTED_REGIONS


def _parse_slowly(raw: str, region: str | None, any_line: bool) -> str:
    text = _unwrap(raw)
    if not text:
        raise PhoneProblem(PhoneFault.EMPTY, "No number", "Add a mobile number")
    text = _repair_spreadsheet_number(text)
    if _TWO_NUMBERS.search(text):
        raise PhoneProblem(
            PhoneFault.TWO_NUMBERS, "Two numbers in one cell", "Keep only the mobile number"
        )
    if any(letter.isalpha() for letter in text):
        raise PhoneProblem(
            PhoneFault.LETTERS, "Not a phone number: it has letters in it", "Fix the number"
        )
    number = _read_digits(text, region)
    _check_length(number, text)
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 1 and national[0] in "01":
        raise _not_a_number(f"no area code starts with {national[0]}")
    if not any_line:
        _refuse_lines_without_texts(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _refuse_lines_without_texts(number: phonenumbers.PhoneNumber) -> None:
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        raise PhoneProblem(
            PhoneFault.LANDLINE, "Landline, can’t get texts", "Ask for a mobile number"
        )
    if words := _NOBODYS_PHONE.get(kind):
        raise PhoneProblem(
            PhoneFault.SERVICE, f"{words}, not a person’s phone", "Ask for a mobile number"
        )


def _unwrap(raw: str) -> str:
    """The number itself, out of what spreadsheets, address books and people put around it."""
    if len(raw) > MAX_RAW_LENGTH:
        raise _not_a_number("it is a longer text")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw)).strip()
    if wrapped := _UNWRAPPED.match(text):
        text = wrapped[1].strip()
    text = text.strip("'’‘`\"“” ")
    if text[:4].lower() == "tel:":
        text = text[4:].split(";")[0].strip()
    text = _LABEL_BEFORE.sub("", text)
    if any(letter.isdigit() for letter in text):
        text = _EXTENSION.sub("", text)
        text = _LABEL_AFTER.sub("", text) if text[-1:].isalpha() or text[-1:] in ").," else text
    return text.strip(" .,;:")


def _repair_spreadsheet_number(text: str) -> str:
    if whole := _WHOLE_FLOAT.match(text):
        return whole[1]
    scientific = _SCIENTIFIC.match(text)
    if not scientific:
        return text
    first, decimals, exponent = scientific[1], scientific[2] or "", int(scientific[3])
    if len(decimals) == exponent:
        return first + decimals
    raise PhoneProblem(
        PhoneFault.DIGITS_LOST,
        f"Not a phone number: the spreadsheet shortened it to {text}",
        "Format the column as text in the spreadsheet, fill in the numbers and export it again",
    )


def _read_digits(text: str, region: str | None) -> phonenumbers.PhoneNumber:
    digits = _NOT_DIGIT.sub("", text)
    if not digits:
        raise _not_a_number("it has no digits")
    plus = text.lstrip(" (").startswith("+")
    if not plus and digits.startswith("00"):
        # 00 dials out of most countries; where it doesn't, no national number starts with it.
        text, plus = f"+{digits[2:]}", True
    try:
        return phonenumbers.parse(text, None if plus else region)
    except NumberParseException as problem:
        raise _explained(problem, digits, plus, region) from None


def _explained(
    problem: NumberParseException, digits: str, plus: bool, region: str | None
) -> PhoneProblem:
    if problem.error_type == NumberParseException.TOO_LONG or len(digits) > 17:
        return PhoneProblem(
            PhoneFault.TOO_LONG,
            f"Not a phone number: {len(digits)} digits, too many",
            "Remove the extra digits",
        )
    if problem.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        if plus:
            return _not_a_number(f"no country has the code +{digits[:3]}")
        return _not_a_number("it has no country code", "Start it with + and the country code")
    needs = f", needs {_lengths_in_words(region, 0)}" if region and not plus else ""
    return PhoneProblem(
        PhoneFault.TOO_SHORT,
        f"Not a phone number: {_digits_in_words(len(digits))}{needs}",
        "Add the missing digits",
    )


def _check_length(number: phonenumbers.PhoneNumber, text: str) -> None:
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == ValidationResult.IS_POSSIBLE:
        if phonenumbers.is_valid_number(number):
            return
        # Where landlines come in many lengths ("0151 123" in Germany), a number of no known range
        # must at least be as long as a mobile number.
        verdict = phonenumbers.is_possible_number_for_type_with_reason(
            number, PhoneNumberType.MOBILE
        )
    if verdict == ValidationResult.IS_POSSIBLE:
        return
    typed = len(_NOT_DIGIT.sub("", text))
    # The country code or the leading 0 were typed too, so the count that is needed includes them.
    national = phonenumbers.national_significant_number(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region or "ZZ")
    trunk = (metadata.national_prefix if metadata else None) or ""
    prefix = max(0, typed - len(national))
    if not prefix and trunk and national.startswith(trunk):
        prefix = len(trunk)
    message = (
        f"Not a phone number: {_digits_in_words(typed)}, needs {_lengths_in_words(region, prefix)}"
    )
    if verdict in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise PhoneProblem(PhoneFault.TOO_SHORT, message, "Add the missing digits")
    if verdict == ValidationResult.TOO_LONG:
        mend = "Remove the extra digits"
        if "+" not in text:
            mend += ", or start it with + and the country code"
        raise PhoneProblem(PhoneFault.TOO_LONG, message, mend)
    raise PhoneProblem(PhoneFault.NOT_A_NUMBER, message, "Fix the number")


def _lengths_in_words(region: str | None, prefix: int) -> str:
    """How many digits a mobile number has there: "10", or "10 to 11"."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region or "ZZ")
    if metadata is None:
        return "7 to 15"
    lengths: tuple[int, ...] = ()
    for description in (metadata.mobile, metadata.general_desc):
        lengths = tuple(n for n in (description.possible_length if description else ()) if n > 0)
        if lengths:
            break
    if not lengths:
        return "7 to 15"
    low, high = min(lengths) + prefix, max(lengths) + prefix
    return str(low) if low == high else f"{low} to {high}"


def _digits_in_words(count: int) -> str:
    return "1 digit" if count == 1 else f"{count} digits"


def _not_a_number(why: str, mend: str = "Fix the number") -> PhoneProblem:
    return PhoneProblem(PhoneFault.NOT_A_NUMBER, f"Not a phone number: {why}", mend)


def _number(e164: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(e164, None)
    except NumberParseException:
        return None


@lru_cache(maxsize=16384)
def _display_slowly(e164: str, home_region: str) -> str:
    number = _number(e164)
    if number is None:
        return e164  # a short code, for one
    at_home = number.country_code == phonenumbers.country_code_for_region(home_region)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if at_home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


@lru_cache(maxsize=16384)
def _zones_of_prefix(prefix: str, length: int) -> tuple[str, ...]:
    number = _number(prefix.ljust(length, "0"))
    if number is None:
        return ()
    zones = time_zones_for_geographical_number(number)
    return tuple(zone for zone in zones if zone != UNKNOWN_TIMEZONE)
