"""Numbers as people read them, from Python values and from Vars alike."""

from mbs_app.ui.components.expressions import Count, Text, is_var, js


def commas(number: Count) -> Text:
    """12406 → "12,406"."""
    if is_var(number):
        return js("Number($0 ?? 0).toLocaleString('en-US')", number)
    return f"{number:,}"


def percent(part: Count, whole: Count) -> Text:
    """One decimal: (42, 18442) → "0.2%"; of nothing, "0%"."""
    if is_var(part, whole):
        return js("$1 > 0 ? ($0 * 100 / $1).toFixed(1) + '%' : '0%'", part, whole)
    return f"{part * 100 / whole:.1f}%" if whole > 0 else "0%"


def counted(number: Count, singular: str, plural: str) -> Text:
    """(1, "person", "people") → "1 person"; (412, …) → "412 people"."""
    if is_var(number):
        return js(
            "Number($0).toLocaleString('en-US') + ' ' + ($0 === 1 ? $1 : $2)",
            number,
            singular,
            plural,
        )
    return f"{number:,} {singular if number == 1 else plural}"


def people(number: Count) -> Text:
    """412 → "412 people"."""
    return counted(number, "person", "people")
