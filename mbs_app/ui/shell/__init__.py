"""The frame around every signed-in page."""

from mbs_app.ui.shell.frame import bar_fact, page_bar, shell
from mbs_app.ui.shell.state import ShellState

__all__ = ["ShellState", "bar_fact", "page_bar", "shell"]
