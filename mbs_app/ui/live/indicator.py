"""Whether a screen is live, told by the browser itself: it is the first to know when nothing comes any more."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.expressions import Text

# Each beat is the server's clock in seconds. Between two of them the browser's own clock goes on; over 3 s
# without one it says how old the numbers are, over 30 s since when.
_SCRIPT = """
function LiveIndicator({beat, zone, clock}) {
  const [, turn] = useState(0);
  const heard = useRef({beat: 0, at: 0});
  if (beat && beat !== heard.current.beat) heard.current = {beat, at: Date.now()};
  useEffect(() => {
    const timer = setInterval(() => turn((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, []);
  if (!heard.current.beat) return null;
  const age = Math.max(0, Math.floor((Date.now() - heard.current.at) / 1000));
  const said = (seconds, parts) => new Date(seconds * 1000).toLocaleTimeString(
    "en-US", {timeZone: zone || undefined, hour: "numeric", minute: "2-digit", ...parts});
  const state = age > 30 ? "off" : age > 3 ? "late" : "on";
  const words = state === "off" ? "Offline since " + said(heard.current.beat, {})
    : state === "late" ? `Reconnecting, ${age} s old` : "Live";
  const now = said(heard.current.beat + (state === "on" ? age : 0), {second: "2-digit"});
  return createElement(Fragment, null,
    createElement("span", {className: "live-dot " + state}, createElement("i"), words),
    clock && state !== "off" ? createElement("span", {className: "live-clock"}, now) : null);
}
"""


class LiveIndicator(rx.Component):
    """The React part."""

    tag = "LiveIndicator"

    beat: rx.Var[int]
    zone: rx.Var[str]
    clock: rx.Var[bool]

    def add_imports(self) -> dict[str, list[str]]:
        return {"react": ["useState", "useEffect", "useRef", "createElement", "Fragment"]}

    def add_custom_code(self) -> list[str]:
        return [_SCRIPT]


def live_since(beat: int | rx.Var[int], zone: Text, *, clock: bool = True) -> rx.Component:
    """ "Live 10:06:14 AM"; "Reconnecting, 4 s old"; "Offline since 10:06 AM".

    ``beat`` is the time of the last news or sign of life, in whole seconds of the epoch; 0 shows nothing.
    """
    return LiveIndicator.create(beat=beat, zone=zone, clock=clock)
