"""The frame's facts in the words the sidebar shows."""

from mbs_app.settings import Settings


def initials(name: str) -> str:
    """At most two letters: "Maya Okafor" → "MO"."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


def sending_words(live_campaigns: int, per_second: float) -> str:
    """ "Sending normally 45.2/s", "Nothing going out right now" or "Nothing is sending"."""
    if live_campaigns == 0:
        return "Nothing is sending"
    if per_second <= 0:
        return "Nothing going out right now"
    return f"Sending normally {per_second:.1f}/s"


def simulator_address(settings: Settings) -> str:
    """Where this machine's browser finds the simulator's page, or nothing when none runs here."""
    if not settings.simulator_is_needed or not settings.simulator_port:
        return ""
    return f"http://localhost:{settings.simulator_port}/"
