"""Reflex's front end without ``eval``, so that the content security policy can forbid it.

Reflex sends the browser text to run as code. Ours sends names of functions (ui/browser.py); here the places
that would run text are taken out of Reflex's source before it is bundled, and the event that names a function is
put in. The text that is looked for belongs to the pinned Reflex: where it isn't found the build stops.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from mbs_app.setup.console import stop
from mbs_app.setup.paths import ROOT

OUR_SCRIPTS = ROOT / "mbs_app" / "ui" / "scripts"
BUNDLED_AS = Path("utils") / "mbs"

_STATE = Path("utils") / "state.js"
_EVAL = re.compile(r"\beval\s*(?:\?\.)?\s*\(|\bnew\s+Function\b")

_LAST_IMPORT = 'import { uploadFiles } from "$/utils/helpers/upload";\n'
_OUR_IMPORT = 'import { inBrowser } from "$/utils/mbs/browser";\n'

_MADE_FROM_TEXT = """\
  const encodedJs = encodeURIComponent(component);
  const dataUri = "data:text/javascript;charset=utf-8," + encodedJs;
  const module = await eval(`import(dataUri)`);
  return module.default;
"""
_REFUSE_COMPONENT = """\
  throw new Error("A component was sent as text, and refused.");
"""

_UPLOADED_FILE = """\
    // Special case when linking to uploaded files
    if (a.href.includes("getBackendURL(env.UPLOAD)")) {
      a.href = eval?.(
        event.payload.url.replace(
          "getBackendURL(env.UPLOAD)",
          `"${getBackendURL(env.UPLOAD)}"`,
        ),
      );
    }
"""

_CALLED_BACK = """\
        const callback =
          typeof event.payload.callback === "string"
            ? eval(event.payload.callback)
            : event.payload.callback;
        callback(final_result);
"""
_CALL_BACK = """\
        event.payload.callback(final_result);
"""

_CODE = f"""\
  if (event.name == "_call_script" || event.name == "_call_function") {{
    try {{
      const eval_result =
        event.name == "_call_script"
          ? eval(event.payload.javascript_code)
          : eval(event.payload.function)();

      if (event.payload.callback) {{
        const final_result =
          !!eval_result && typeof eval_result.then === "function"
            ? await eval_result
            : eval_result;
{_CALLED_BACK}\
      }}
    }} catch (e) {{
      console.log("_call_script", e);
      if (window && window?.onerror) {{
        window.onerror(e.message, null, null, null, e);
      }}
    }}
    return;
  }}
"""
_NAME = """\
  if (event.name == "_in_browser") {
    inBrowser(event.payload);
    return;
  }

  if (event.name == "_call_script" || event.name == "_call_function") {
    console.error("An event brought code to run, and was refused.");
    return;
  }
"""

# In this order: what is left of _CALLED_BACK after _CODE is the one in compiled triggers.
_CHANGES = (
    (_LAST_IMPORT, _LAST_IMPORT + _OUR_IMPORT),
    (_MADE_FROM_TEXT, _REFUSE_COMPONENT),
    (_UPLOADED_FILE, ""),
    (_CODE, _NAME),
    (_CALLED_BACK, _CALL_BACK),
)


def take_out(web: Path) -> None:
    """Rewrite the front end's source in ``web``, and put our scripts beside it."""
    state = web / _STATE
    state.write_text(without_eval(state.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(OUR_SCRIPTS, web / BUNDLED_AS, dirs_exist_ok=True)


def without_eval(source: str) -> str:
    """Reflex's ``state.js`` without a place that runs text as code."""
    for found, instead in _CHANGES:
        if source.count(found) != 1:
            _stop_at(found)
        source = source.replace(found, instead)
    if left := _EVAL.search(source):
        _stop_at(source[left.start() :])
    return source


def check_bundle(scripts: Path) -> None:
    """Stop where a bundled script would still run text as code."""
    for script in sorted(scripts.glob("*.js")):
        if _EVAL.search(script.read_text(encoding="utf-8")):
            stop(
                f"The built pages run text as code, in {script.name}: this isn’t the pinned Reflex."
            )


def _stop_at(text: str) -> None:
    line = next(line.strip() for line in text.splitlines() if line.strip())
    stop(
        f"Reflex’s front end isn’t the pinned one, so eval can’t be taken out of it: see “{line}”."
    )
