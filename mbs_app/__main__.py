"""``python3 -m mbs_app <command>``: works on a bare clone, with the standard library alone.

Makes the virtual environment when it is missing or out of date, then goes on inside it (see ``cli.py``).
"""

from __future__ import annotations

import os
import sys

from mbs_app.setup import environment
from mbs_app.setup.paths import ROOT

NEEDS_TEST_TOOLS = {"test", "lint", "format", "bench", "screenshots", "browser"}


def main(arguments: list[str]) -> None:
    os.chdir(ROOT)
    command = arguments[0] if arguments else "--help"
    environment.ensure(with_tests=command in NEEDS_TEST_TOOLS)
    if command != "setup":
        environment.enter(arguments or ["--help"])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
