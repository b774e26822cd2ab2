"""``python -m mbs_app.setup.compile_pages <address>``: have Reflex compile and bundle the pages.

What ``reflex export --frontend-only --no-zip`` does, without its first-time set-up, which edits
``.gitignore`` and ``requirements.txt``.
"""

from __future__ import annotations

import sys

from reflex.utils import export, prerequisites
from reflex_base import constants
from reflex_base.environment import environment


def main(address: str) -> None:
    environment.REFLEX_COMPILE_CONTEXT.set(constants.CompileContext.EXPORT)
    prerequisites.initialize_reflex_user_directory()
    prerequisites.initialize_frontend_dependencies()
    export.export(zipping=False, backend=False, api_url=address, env=constants.Env.PROD)


if __name__ == "__main__":
    main(sys.argv[1])
