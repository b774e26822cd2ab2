"""What Lakeline Plaza sent in the last month, sends now and plans to send."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mbs_app.demo.people import DENTAL, JUNIPER, LOYALTY, MARKET, VIP, WHOLESALE, WORKSHOPS
from mbs_app.domain.vocabulary import TemplateCategory

BUSINESS, TAGLINE = "Lakeline Plaza", "Shops, workshops and a night market"

STOP = "Reply STOP to opt out"


class GroupPlan(NamedTuple):
    name: str
    color: str
    description: str


GROUPS = (
    GroupPlan(LOYALTY, "teal", "Signed up for points at any till."),
    GroupPlan(VIP, "amber", "More than 1,500 points."),
    GroupPlan(JUNIPER, "brown", "Rugs, linens and lamps; signed up at the till."),
    GroupPlan(DENTAL, "blue", "Patients who want reminders by text."),
    GroupPlan(MARKET, "pink", "Ticket holders of the Saturday market."),
    GroupPlan(WORKSHOPS, "olive", "Booked a workshop in the last two years."),
    GroupPlan(WHOLESALE, "indigo", "Shops that buy from Juniper & Oak."),
)


class Plan(NamedTuple):
    """A campaign. ``groups`` and ``states`` empty: everyone active."""

    name: str
    body: str
    groups: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


class Past(NamedTuple):
    """A finished campaign. ``spam`` is the share a carrier filtered, ``leaving`` the share that opted out."""

    days_ago: int
    at: str
    plan: Plan
    spam: float = 0.0015
    leaving: float = 0.002


_RECALL = (
    "Lakeline Dental: Hi {first_name|there}, you are due for a cleaning. Pick a time at lkl.example/visit "
    f"or call us. {STOP}"
)
_MARKET_DAY = "Night Market, Saturday 6 PM to 11 PM at Lakeline Plaza: "

PAST = (
    Past(29, "10:00", Plan("New opening hours", "Lakeline Plaza has new hours: Monday to Friday 9 AM to 7 PM, "
        f"Saturday 10 AM to 4 PM. See you soon, {{first_name|neighbor}}. {STOP}")),
    Past(28, "09:00", Plan("Cleaning recall: week 1", _RECALL, (DENTAL,))),
    Past(27, "11:00", Plan("Night Market: vendors", f"{_MARKET_DAY}40 vendors, 9 of them new. {STOP}", (MARKET,))),
    Past(26, "17:30", Plan("Pottery workshop reminder", "Hi {first_name|there}, your pottery workshop is tonight "
        f"at 6:30. Wear something that may get dusty. {STOP}", (WORKSHOPS,))),
    Past(25, "10:00", Plan("Points this month", "Hi {first_name|there}, you have {points|some} points at Lakeline "
        f"Plaza. 500 are a $10 voucher at {{store|any}} store. {STOP}", (LOYALTY,))),
    Past(23, "12:00", Plan("Rug preview", "Juniper & Oak: {first_name|Hello}, the new rugs are in. See them "
        f"before Friday's opening. {STOP}", (JUNIPER,))),
    Past(22, "09:00", Plan("Cleaning recall: week 2", _RECALL, (DENTAL,), ("TX",))),
    Past(21, "16:00", Plan("Late night shopping", "Tonight every shop at Lakeline Plaza is open until 10 PM. Hot "
        f"chocolate at the fountain. {STOP}", (), ("TX",))),
    Past(19, "10:00", Plan("VIP evening", "Hi {first_name|there}, you are invited: VIP evening on Thursday at 7, "
        f"{{store}} store. Show this text at the door. {STOP}", (VIP,))),
    Past(18, "11:00", Plan("Night Market: food trucks", f"{_MARKET_DAY}twelve food trucks and live cumbia. {STOP}",
        (MARKET,))),
    Past(16, "10:15", Plan("Gift cards are back", f"Gift cards are back at every till. $50 gets you $60. {STOP}",
        (LOYALTY,))),
    Past(15, "09:00", Plan("Whitening week", "Lakeline Dental: whitening is half price for patients this week, "
        f"{{first_name|neighbor}}. {STOP}", (DENTAL,))),
    Past(14, "08:00", Plan("Flash sale", f"FLASH SALE at Juniper & Oak: 50% OFF RUGS, today only, doors 8 AM!! {STOP}"),
        spam=0.011, leaving=0.009),
    Past(12, "10:00", Plan("Bread workshop reminder", "Hi {first_name|there}, your bread workshop is tomorrow at "
        f"10. Bring a towel and a tin. {STOP}", (WORKSHOPS,))),
    Past(11, "10:30", Plan("Points: one week left", "Hi {first_name|there}, your {points|} points are worth double "
        f"until Sunday. {STOP}", (LOYALTY,))),
    Past(10, "11:00", Plan("Night Market: live music", f"{_MARKET_DAY}four bands, two stages. {STOP}", (MARKET,))),
    Past(9, "09:00", Plan("Cleaning recall: week 3", _RECALL, (DENTAL,), ("OK", "NM"))),
    Past(8, "10:00", Plan("Linen restock", "Juniper & Oak: the washed linen is back in all colors. "
        f"{{store|Your}} store has the most. {STOP}", (JUNIPER,))),
    Past(7, "12:00", Plan("Parking garage closed", "The parking garage at Lakeline Plaza is closed tomorrow. Please "
        f"use the lot on 5th Street. {STOP}", (), ("TX",))),
    Past(5, "10:00", Plan("Kids' day", f"Kids' day on Saturday: face paint, a bouncy castle and free lemonade. {STOP}",
        (LOYALTY,))),
    Past(4, "17:00", Plan("Candle workshop reminder", "Hi {first_name|there}, your candle workshop is tonight at 6. "
        f"We bring the wax. {STOP}", (WORKSHOPS,))),
    Past(3, "11:00", Plan("Night Market: map", f"{_MARKET_DAY}the map is at lkl.example/map {STOP}", (MARKET,))),
    Past(2, "10:00", Plan("Wholesale: order by Friday", "Juniper & Oak wholesale: orders in by Friday noon arrive "
        f"next week. {STOP}", (WHOLESALE,))),
    Past(1, "10:00", Plan("Lamp sale", f"Juniper & Oak: {{first_name|Hello}}, all lamps 25% off until Sunday. {STOP}",
        (JUNIPER,))),
)  # fmt: skip

TODAY = Past(0, "", Plan(
    "Wreath workshop reminder", "Hi {first_name|there}, your wreath workshop is tonight at 6:30. Pruning shears "
    f"are here, gloves are not. {STOP}", (WORKSHOPS,)))  # fmt: skip

RUNNING = Plan(
    "Clearance: early access",
    "Hi {first_name|there}, Juniper & Oak early access is on: 30% off linens until Sunday. Show this text at "
    f"the {{store|nearest}} store. {STOP}",
    (LOYALTY, JUNIPER),
)
NEXT = Plan(
    "Gates and parking",
    f"Night Market: gates open at 6 PM. Park on 5th Street, the garage fills early. {STOP}",
    (MARKET,),
)
LATER = (
    (2, "10:00", Plan("Double points weekend", "Hi {first_name|there}, double points this weekend at the {store|nearest} "
        f"store. You have {{points|0}} now. {STOP}", (LOYALTY,), ("TX", "OK"))),
    (4, "09:00", Plan("Cleaning recall: week 4", _RECALL, (DENTAL,))),
    (6, "14:00", Plan("Wholesale price list", f"Juniper & Oak wholesale: the new price list is at lkl.example/prices {STOP}",
        (WHOLESALE,))),
)  # fmt: skip
DRAFTS = (
    Plan("Holiday hours", f"Lakeline Plaza is open on the holiday from 10 AM to 4 PM. {STOP}"),
    Plan(
        "Thank you, VIPs",
        "{first_name|Hi}, thank you for a great year. A small present waits at the {store|nearest} store. "
        f"{STOP}",
        (VIP,),
    ),
)


class TemplatePlan(NamedTuple):
    name: str
    category: TemplateCategory
    body: str


TEMPLATES = (
    TemplatePlan("Cleaning recall", TemplateCategory.REMINDERS, _RECALL),
    TemplatePlan(
        "Points balance",
        TemplateCategory.MARKETING,
        f"Hi {{first_name|there}}, you have {{points|0}} points at the {{store|nearest}} store. {STOP}",
    ),
    TemplatePlan(
        "Night Market this Saturday",
        TemplateCategory.ANNOUNCEMENTS,
        f"{_MARKET_DAY}see you there, {{first_name|neighbor}}. {STOP}",
    ),
    TemplatePlan(
        "Workshop tonight",
        TemplateCategory.REMINDERS,
        f"Hi {{first_name|there}}, your workshop is tonight. Reply if you can't come. {STOP}",
    ),
    TemplatePlan(
        "Garage closed",
        TemplateCategory.ALERTS,
        "The parking garage at Lakeline Plaza is closed today. Please use the lot on 5th Street.",
    ),
)

STOP_WORDS = (
    "STOP", "Stop", "STOP", "stop", "Stop please", "UNSUBSCRIBE", "Please stop texting me", "Quit", "No more texts",
    "STOP", "ALTO", "Take me off your list",
)  # fmt: skip

QUESTIONS = (
    "What time do you close?", "Thank you!", "Is there parking?", "Can I bring my sister?", "Do you ship to Tulsa?",
    "Do you have the blue one in queen size?", "See you there", "Which store is this?", "Gracias, ahí estaré",
    "Can I move mine to Thursday?", "Is the rug still there?", "I already came by last week",
    "Do the points expire?", "Great, thanks", "Is it ok to bring the dog?", "How much is it without the discount?",
)  # fmt: skip


class Said(NamedTuple):
    """One text between Rosa Delgado and the dentist's desk, this many minutes after the recall reached her."""

    minutes: int
    is_ours: bool
    text: str


ROSA = "+15125550178"
ROSA_ASKS = (
    Said(26, False, "Do you have anything after 4 on Thursdays?"),
    Said(31, True, "We do! Thursday at 4:30 PM is open. Want me to hold it? Ana at the desk"),
    Said(33, False, "Yes please, thank you"),
    Said(35, True, "Done, see you on Thursday. Ana"),
)


def start_of(past: Past, now: datetime, zone: ZoneInfo) -> datetime:
    """When a finished campaign began; today's one, an hour and a half ago."""
    if past.days_ago == 0:
        return now - timedelta(minutes=95)
    day = now.astimezone(zone).date() - timedelta(days=past.days_ago)
    return datetime.combine(day, time.fromisoformat(past.at), zone)


def next_afternoon(now: datetime, zone: ZoneInfo) -> datetime:
    """Half past four, today while there are two hours left until then, else tomorrow."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), time(16, 30), zone)
    return today if today - local > timedelta(hours=2) else days_from_now(1, "16:30", now, zone)


def days_from_now(days: int, at: str, now: datetime, zone: ZoneInfo) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(at), zone)
