"""``python -m mbs_app demo [--force]``: fill the first admin's workspace with a made-up business."""

from __future__ import annotations

import argparse
import sys
import time

from mbs_app.demo.fill import Filled, fill
from mbs_app.domain.errors import MbsError
from mbs_app.settings import get_settings


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m mbs_app demo", description=__doc__)
    options.add_argument(
        "--force", action="store_true", help="add it to a workspace that has customers already"
    )
    chosen = options.parse_args()
    started = time.monotonic()
    try:
        filled = fill(get_settings(), force=chosen.force)
    except MbsError as problem:
        print(problem.message, file=sys.stderr)
        raise SystemExit(1) from None
    _tell(filled, time.monotonic() - started)


def _tell(filled: Filled, seconds: float) -> None:
    if not filled.is_new:
        print(f"The demo is there already, at {filled.email}. Nothing was changed.")
        return
    print(
        f"Lakeline Plaza is there: {filled.customers:,} customers, {filled.campaigns} campaigns, "
        f"{filled.texts:,} texts ({seconds:.0f} s)."
    )
    print(
        "Every number is in the exchange 555, where carriers assign no lines, so none is anybody’s."
    )
    print("One campaign is running: it goes on while MBS runs.")
    print(f"Sign in at {get_settings().address}/signin as {filled.email}")
    if filled.password:
        print(f"Password: {filled.password}   (shown only now; change it in Settings)")


if __name__ == "__main__":
    main()
