"""The command line, inside the virtual environment: ``python -m mbs_app <command>``.

Imports stand inside the commands: ``run`` must not wait for what only ``bench`` needs.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="MBS, the Message Broadcasting System.",
)

PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@cli.command()
def run() -> None:
    """Build, migrate and serve everything on one port. PORT and the other settings: .env.example"""
    from mbs_app.setup import serve

    serve.run()


@cli.command()
def worker() -> None:
    """Send without serving pages; start it on as many machines as you like."""
    from mbs_app.setup import database, serve

    serve.settings_or_stop()
    database.migrate()
    _run_module("mbs_app.worker", [])


@cli.command()
def setup() -> None:
    """Make the virtual environment and fill it (each command does that first)."""


@cli.command()
def build(
    force: Annotated[
        bool, typer.Option("--force", help="Build even when nothing changed.")
    ] = False,
) -> None:
    """Build the pages, if their sources changed."""
    from mbs_app.setup import frontend

    frontend.build(force=force)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    from mbs_app.setup import database, serve

    serve.settings_or_stop()
    database.migrate()


@cli.command(context_settings=PASSED_ON)
def test(context: typer.Context) -> None:
    """Run all checks and tests; what follows goes to pytest."""
    from mbs_app.setup import checks

    checks.test(context.args)


@cli.command()
def lint() -> None:
    """Check style, types, layers and migrations, without the tests."""
    from mbs_app.setup import checks

    checks.lint()


@cli.command("format")
def format_() -> None:
    """Put the code in its standard form."""
    from mbs_app.setup import checks

    checks.format_sources()


@cli.command(context_settings=PASSED_ON)
def demo(context: typer.Context) -> None:
    """Fill in a believable business to look around in."""
    from mbs_app.setup import database, serve

    serve.settings_or_stop()
    database.migrate()
    _run_module("mbs_app.demo", context.args)


@cli.command(context_settings=PASSED_ON)
def bench(context: typer.Context) -> None:
    """Measure this machine: import, sending, callbacks and live updates."""
    from mbs_app.setup import frontend

    frontend.build()
    _run_module("mbs_app.bench", context.args)


@cli.command(context_settings=PASSED_ON)
def screenshots(context: typer.Context) -> None:
    """Take the README's pictures from the running product."""
    from mbs_app.setup import browser, frontend

    frontend.build()
    chromium = browser.find_or_install()
    _run_module("mbs_app.demo.screenshots", ["--chromium", chromium, *context.args])


@cli.command()
def doctor() -> None:
    """Look at everything the product stands on, and say what is wrong."""
    from mbs_app.setup import upkeep

    upkeep.doctor()


@cli.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="Default: data/backups/<time>.db")] = None,
) -> None:
    """Copy the SQLite database to one file; the product may go on working."""
    from mbs_app.setup import serve, upkeep

    serve.settings_or_stop()
    upkeep.back_up(target)


@cli.command("create-admin")
def create_admin(
    email: str,
    name: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make an account that may do everything."""
    from mbs_app.setup import database, serve

    serve.settings_or_stop()
    database.migrate()
    database.create_admin(email, name, password)


@cli.command()
def clean() -> None:
    """Remove what the commands made; the data and .env stay."""
    from mbs_app.setup import upkeep

    upkeep.clean()


def _run_module(module: str, arguments: list[str]) -> None:
    """Go on as ``python -m module``."""
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    cli(prog_name="python -m mbs_app")
