"""The funnel's geometry: how thick each stream is and where it goes. Pure numbers, no component."""

import dataclasses

from mbs_app.ui.components.counts import ORDER, AnyCounts, number_of

FULL = 96.0  # px: the whole audience
THINNEST = 2.0  # px: nobody who exists is invisible
GAP = 14.0  # px between a stream and the first that peels off it
LABEL = 16.0  # px: a label's line
SPAN = 1000.0  # the drawing's width in its own units, four columns of 250


@dataclasses.dataclass(frozen=True, slots=True)
class Stream:
    """A drop-off: its ribbon, and the end cap and label it leads to (px from the top)."""

    kind: str
    people: int
    path: str
    top: float
    height: float


@dataclasses.dataclass(frozen=True, slots=True)
class FunnelShape:
    """Everything the funnel draws. Heights and tops are px; paths use a 1000-wide drawing."""

    audience: int
    can_receive: int
    handed: int
    delivered: int
    still_to_go: int
    audience_height: float
    can_receive_height: float
    handed_height: float
    delivered_height: float
    height: float
    streams: list[Stream]


def funnel_shape(counts: AnyCounts) -> FunnelShape:
    """The funnel of these seven counts, thickness true to people (at least 2 px for anybody).

    What the carrier has, or had, is sent + delivered + failed + unknown; pending and sending are
    still to go.
    """
    number = {name: int(number_of(counts, name)) for name in ORDER}
    audience = sum(number.values())
    handed = number["delivered"] + number["sent"] + number["failed"] + number["unknown"]
    waiting = number["pending"] + number["sending"]
    can_receive = handed + waiting

    def thick(people: int) -> float:
        return 0.0 if people <= 0 else round(max(THINNEST, people / audience * FULL), 1)

    reach, taken, arrived = thick(can_receive), thick(handed), thick(number["delivered"])
    streams = [
        _stream("skipped", number["skipped"], 0, reach, thick(number["skipped"]), reach + GAP),
        _stream("pending", waiting, 1, taken, thick(waiting), taken + GAP),
    ]
    top, at = arrived + GAP, arrived
    for kind in ("sent", "failed", "unknown"):
        height = thick(number[kind])
        streams.append(_stream(kind, number[kind], 2, at, height, top))
        if height:
            at, top = at + height, top + max(height, LABEL)
    drawn = [stream for stream in streams if stream.people > 0]
    lowest = [stream.top + max(stream.height, LABEL) for stream in drawn]
    return FunnelShape(
        audience=audience,
        can_receive=can_receive,
        handed=handed,
        delivered=number["delivered"],
        still_to_go=waiting,
        audience_height=thick(audience),
        can_receive_height=reach,
        handed_height=taken,
        delivered_height=arrived,
        height=round(max([FULL, *lowest]) + 4, 1),
        streams=drawn,
    )


def _stream(kind: str, people: int, column: int, start: float, height: float, end: float) -> Stream:
    left, right = column * SPAN / 4, (column + 1) * SPAN / 4
    middle = (left + right) / 2
    path = (
        f"M{left:g} {start:.1f}C{middle:g} {start:.1f} {middle:g} {end:.1f} {right:g} {end:.1f}"
        f"V{end + height:.1f}C{middle:g} {end + height:.1f} {middle:g} {start + height:.1f} "
        f"{left:g} {start + height:.1f}Z"
    )
    return Stream(kind, people, path, round(end, 1), height)
