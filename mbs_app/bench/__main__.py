"""``python -m mbs_app bench [part …]``: measure this machine, and print what was found."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mbs_app.bench.figures import this_machine


def _import() -> None:
    from mbs_app.bench import import_rate

    import_rate.run()


def _sending() -> None:
    from mbs_app.bench import sending

    sending.run()
    sending.run(latency=0.1)


def _receipts() -> None:
    from mbs_app.bench import receipts

    receipts.run()


def _product() -> None:
    from mbs_app.bench import product
    from mbs_app.setup import browser

    product.run(browser.find_or_install())


PARTS: dict[str, Callable[[], None]] = {
    "import": _import,
    "sending": _sending,
    "receipts": _receipts,
    "product": _product,
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m mbs_app bench", description=__doc__)
    options.add_argument("part", nargs="*", help=f"{', '.join(PARTS)}; all when none is given")
    chosen = options.parse_args().part
    if unknown := set(chosen) - set(PARTS):
        options.error(
            f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}"
        )
    print(f"This machine: {this_machine()}")
    for name in chosen or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
