"""The templates every new user starts with.

Written in GSM-7, so that most take one segment. ``BUSINESS`` stands for the workspace's name and is
filled in when they are given out: it is the same for every customer, so it is no merge field. Marketing
texts end with how to opt out (CTIA Messaging Principles, section 5.1.3).
"""

from __future__ import annotations

from typing import NamedTuple

from mbs_app.domain.vocabulary import TemplateCategory

BUSINESS = "<business>"
OPT_OUT_LINE = "Reply STOP to opt out"


class DefaultTemplate(NamedTuple):
    name: str
    category: TemplateCategory
    message_body: str


DEFAULT_TEMPLATES = (
    DefaultTemplate(
        "Welcome",
        TemplateCategory.GENERAL,
        f"Hi {{first_name|there}}, welcome to {BUSINESS}. You will get a few texts a month from us. "
        f"Reply HELP for help. {OPT_OUT_LINE}",
    ),
    DefaultTemplate(
        "Thank you",
        TemplateCategory.GENERAL,
        f"Hi {{first_name|there}}, thank you for coming to {BUSINESS}. How was it? Just reply to this text.",
    ),
    DefaultTemplate(
        "Weekend sale",
        TemplateCategory.MARKETING,
        f"{BUSINESS}: Hi {{first_name|there}}, 20% off everything this weekend. Show this text at the "
        f"counter. {OPT_OUT_LINE}",
    ),
    DefaultTemplate(
        "We miss you",
        TemplateCategory.MARKETING,
        f"Hi {{first_name|there}}, it has been a while. Here is 15% off your next visit to {BUSINESS}, "
        f"this month only. {OPT_OUT_LINE}",
    ),
    DefaultTemplate(
        "Early access",
        TemplateCategory.MARKETING,
        f"{BUSINESS}: {{first_name|Hello}}, our sale opens to you a day early. Come by tomorrow before "
        f"everybody else does. {OPT_OUT_LINE}",
    ),
    DefaultTemplate(
        "Appointment tomorrow",
        TemplateCategory.REMINDERS,
        f"Hi {{first_name|there}}, your appointment with {BUSINESS} is tomorrow. Reply to this text if "
        "you need another time.",
    ),
    DefaultTemplate(
        "Time for a visit",
        TemplateCategory.REMINDERS,
        f"Hi {{first_name|there}}, you are due for your next visit to {BUSINESS}. Reply with a day that "
        "suits you.",
    ),
    DefaultTemplate(
        "Closed today",
        TemplateCategory.ALERTS,
        f"{BUSINESS} is closed today because of the weather. We open again tomorrow at the usual time.",
    ),
    DefaultTemplate(
        "Order ready",
        TemplateCategory.ALERTS,
        f"Hi {{first_name|there}}, your order at {BUSINESS} is ready. Pick it up any time before we close.",
    ),
    DefaultTemplate(
        "New opening hours",
        TemplateCategory.ANNOUNCEMENTS,
        f"{BUSINESS} has new hours: Monday to Friday 9 AM to 7 PM, Saturday 10 AM to 4 PM. See you soon, "
        "{first_name|neighbor}.",
    ),
)


def bodies_for(business: str) -> tuple[DefaultTemplate, ...]:
    """The default templates with the name of the business in them; "us" where it has none yet.

    Its braces are doubled, so that a name is never read as a merge field.
    """
    name = " ".join(business.split()).replace("{", "{{").replace("}", "}}")
    return tuple(
        template._replace(message_body=_named(template.message_body, name))
        for template in DEFAULT_TEMPLATES
    )


def _named(body: str, name: str) -> str:
    if name:
        return body.replace(BUSINESS, name)
    if body.startswith(f"{BUSINESS}: "):
        return body.removeprefix(f"{BUSINESS}: ")
    if body.startswith(f"{BUSINESS} is "):
        return "We are " + body.removeprefix(f"{BUSINESS} is ")
    if body.startswith(f"{BUSINESS} has "):
        return "We have " + body.removeprefix(f"{BUSINESS} has ")
    return body.replace(BUSINESS, "us")
