"""``python -m mbs_app.setup.compile_pages <address>``: have Reflex compile and bundle the pages.

What ``reflex export --frontend-only --no-zip`` does, without its first-time set-up, which edits
``.gitignore`` and ``requirements.txt``, and with ``eval`` taken out of its front end.
"""

from __future__ import annotations

import sys

from reflex.utils import export, prerequisites
from reflex_base import constants
from reflex_base.environment import environment

from mbs_app.setup import no_eval
from mbs_app.setup.paths import WEB


def main(address: str) -> None:
    environment.REFLEX_COMPILE_CONTEXT.set(constants.CompileContext.EXPORT)
    prerequisites.initialize_reflex_user_directory()
    prerequisites.initialize_frontend_dependencies()
    no_eval.take_out(WEB)
    export.export(zipping=False, backend=False, api_url=address, env=constants.Env.PROD)


if __name__ == "__main__":
    main(sys.argv[1])
