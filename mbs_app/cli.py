"""The command line, inside the virtual environment: ``python -m mbs_app <command>``.

Imports stand inside the commands: ``run`` must not wait for what only ``bench`` needs.
"""

from __future__ import annotations

import typer

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="MBS, the Message Broadcasting System.",
)


@cli.command()
def setup() -> None:
    """Make the virtual environment and fill it (done before any command)."""


@cli.command()
def build(force: bool = typer.Option(False, "--force", help="Build even when nothing changed.")) -> None:
    """Build the pages, if their sources changed."""
    from mbs_app.setup import frontend

    frontend.build(force=force)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    from mbs_app.setup import database, serve

    serve.settings_or_stop()
    database.migrate()


@cli.command()
def run() -> None:
    """Build, migrate and serve everything on one port."""
    from mbs_app.setup import serve

    serve.run()


if __name__ == "__main__":
    cli()
