"""The readable page at /api/docs: made from the OpenAPI document, complete in itself, no script and no other site."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_STYLE = """
:root{--ink:#131b18;--ink-2:#48534e;--ink-3:#626d68;--bg:#fff;--sunken:#f6f8f7;--line:#e3e8e5;--accent:#0a6552;
--get:#0a6552;--post:#0b4f8a;--put:#845800;--delete:#b23a0e}
@media (prefers-color-scheme:dark){:root{--ink:#ecf1ee;--ink-2:#b3bdb8;--ink-3:#8f9a94;--bg:#0f1412;
--sunken:#0a0e0c;--line:#222a26;--accent:#56cfb2;--get:#56cfb2;--post:#8ec5f5;--put:#ebc363;--delete:#f79468}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/20px "Geist Variable",ui-sans-serif,system-ui,sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 16px 64px}
h1{font-size:24px;line-height:32px;margin:0 0 4px}h2{font-size:20px;line-height:28px;margin:40px 0 8px}
p{margin:0 0 12px;color:var(--ink-2)}a{color:var(--accent)}
code,pre{font:12px/18px "Geist Mono Variable",ui-monospace,monospace}
details{border-top:1px solid var(--line)}details:last-of-type{border-bottom:1px solid var(--line)}
summary{display:flex;gap:12px;align-items:baseline;padding:10px 0;min-height:44px;cursor:pointer;flex-wrap:wrap}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.verb{font-weight:600;width:56px}.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}
.delete{color:var(--delete)}.about{color:var(--ink-2)}
.body{background:var(--sunken);padding:16px;margin:0 0 12px;overflow-x:auto}
h3{font-size:13px;margin:16px 0 4px}h3:first-child{margin-top:0}
table{border-collapse:collapse;width:100%}td{padding:4px 12px 4px 0;vertical-align:top;border-top:1px solid var(--line)}
tr:first-child td{border-top:0}.kind{color:var(--ink-3)}pre{margin:4px 0 0;white-space:pre-wrap}
p+pre{background:var(--sunken);padding:12px 16px;margin:0 0 12px;overflow-x:auto;white-space:pre}
"""
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing but its own style."""

_INTRODUCTION = """
<h2>Who is calling</h2>
<p>A program shows an <b>API key</b>, which you make under Settings, API keys. A key does what its scopes say, and no
more than you may yourself: <code>read</code> sees, <code>write</code> changes, <code>send</code> makes texts go out or
stops them, <code>admin</code> decides about accounts. Each entry below says what it needs.</p>
<pre tabindex="0">export MBS=…      # this address, without /api/docs
export MBS_KEY=mbs_…
curl -H "Authorization: Bearer $MBS_KEY" $MBS/api/customers?limit=10
curl -H "Authorization: Bearer $MBS_KEY" -H "Content-Type: application/json" \\
     -d '{"phone": "(512) 555-0178", "first_name": "Rosa"}' $MBS/api/customers
curl -H "Authorization: Bearer $MBS_KEY" -F file=@customers.csv $MBS/api/customers/import</pre>
<p>A program in which people sign in themselves sends <code>"tokens": true</code> to
<code>POST /api/auth/login</code>. It gets an access token for 15 minutes, to be shown like a key, and a refresh token,
which works once and brings the next two. A refresh token that comes a second time was copied: the program is then
signed out. Without use for 30 days, and after 90 days in any case, somebody has to sign in again.</p>
<h2>How much</h2>
<p>Requests with a key or token are counted over the last minute. <code>RateLimit-Policy</code> says how many there may
be, <code>RateLimit</code> how many are left (<code>r</code>) and for how many seconds (<code>t</code>). Beyond that
the answer is 429, and <code>Retry-After</code> says how long to wait.</p>
<h2>What comes back</h2>
<p>Lists come in pages: send <code>next_cursor</code> back as <code>cursor</code>. Errors are problem documents (RFC
9457) with a sentence in <code>detail</code> and, where a field is at fault, a list in <code>errors</code>. Go by
<code>status</code> and <code>type</code>; sentences may change.</p>
<table>
<tr><td><code>401</code></td><td>Nobody is signed in, the key or token isn’t good, or the sign-in failed.</td></tr>
<tr><td><code>403</code></td><td>You may not do this, or the key lacks the scope.</td></tr>
<tr><td><code>404</code></td><td>There is no such thing, or it isn’t yours.</td></tr>
<tr><td><code>409</code></td><td>It doesn’t go with how things stand: the name is taken, or it was decided already.</td></tr>
<tr><td><code>422</code></td><td>Values can’t be taken; <code>errors</code> says which and why.</td></tr>
<tr><td><code>429</code></td><td>Too many requests or attempts. Wait as long as <code>Retry-After</code> says.</td></tr>
<tr><td><code>503</code></td><td>Busy. Nothing was done; try again after <code>Retry-After</code>.</td></tr>
</table>
"""


@router.get("/api/docs")
def docs(request: Request) -> HTMLResponse:
    return HTMLResponse(render(request.app.openapi()), headers={"Content-Security-Policy": POLICY})


def render(schema: dict[str, Any]) -> str:
    """The whole page for an OpenAPI 3.1 document."""
    groups: dict[str, list[str]] = {}
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            tag = (operation.get("tags") or ["Other"])[0]
            groups.setdefault(tag, []).append(_operation(schema, verb, path, operation))
    body = "".join(
        f"<h2>{escape(tag)}</h2>{''.join(operations)}" for tag, operations in groups.items()
    )
    info = schema["info"]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info.get('summary', ''))} Version "
        f"{escape(info['version'])}. <a href='/api/openapi.json'>OpenAPI document</a></p>"
        f"{_INTRODUCTION}{body}<h2>Shapes</h2>{_shapes(schema, body)}</main></body></html>"
    )


def _shapes(schema: dict[str, Any], body: str) -> str:
    """The objects that ``body`` links to, and those that they link to, each with its fields.

    Following a link opens the closed entry that it leads into.
    """
    shapes, named, waiting = schema["components"]["schemas"], {}, _links_in(body)
    while waiting:
        name = waiting.pop()
        named[name] = _fields(schema, shapes[name])
        waiting |= _links_in(named[name]) - named.keys()
    return "".join(
        f"<details><summary><code>{name}</code></summary>"
        f"<div class='body' id='{name}'>{fields}</div></details>"
        for name, fields in sorted(named.items())
    )


def _links_in(html: str) -> set[str]:
    return set(re.findall(r"href='#(\w+)'", html))


def _operation(schema: dict[str, Any], verb: str, path: str, operation: dict[str, Any]) -> str:
    about = operation.get("description", "").split("\n\n")
    parts = [f"<p>{_marked(paragraph)}</p>" for paragraph in about if paragraph]
    if parameters := operation.get("parameters"):
        parts.append("<h3>Parameters</h3>" + _table(_parameter(schema, one) for one in parameters))
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<h3>Body, {escape(media)}</h3>" + _fields(schema, content.get("schema", {})))
    parts.append(
        "<h3>Answers</h3>" + _table(_answer(schema, *one) for one in operation["responses"].items())
    )
    return (
        f"<details><summary><span class='verb {verb}'>{verb.upper()}</span>"
        f"<code>{escape(path)}</code><span class='about'>{escape(operation.get('summary', ''))}</span>"
        f"</summary><div class='body'>{''.join(parts)}</div></details>"
    )


def _marked(text: str) -> str:
    """Escaped, with what stands between backticks as code."""
    return re.sub(r"`+([^`]+)`+", r"<code>\1</code>", escape(text))


def _table(rows: Any) -> str:
    return "<table>" + "".join(rows) + "</table>"


def _row(name: str, kind: str, about: str) -> str:
    """``kind`` and ``about`` are HTML."""
    return (
        f"<tr><td><code>{escape(name)}</code></td><td class='kind'>{kind}</td><td>{about}</td></tr>"
    )


def _parameter(schema: dict[str, Any], parameter: dict[str, Any]) -> str:
    where = f"{escape(parameter['in'])}, {_kind(schema, parameter.get('schema', {}))}"
    needed = "required" if parameter.get("required") else "optional"
    about = escape(parameter.get("description", ""))
    return _row(parameter["name"], f"{where}, {needed}", about)


def _fields(schema: dict[str, Any], body: dict[str, Any]) -> str:
    resolved = _resolve(schema, body)
    needed = resolved.get("required", [])
    rows = []
    for name, field in resolved.get("properties", {}).items():
        kind = _kind(schema, field) + (", required" if name in needed else "")
        about = escape(field.get("description", ""))
        for example in field.get("examples", [])[:1]:
            about += f"<pre>{escape(json.dumps(example, ensure_ascii=False))}</pre>"
        rows.append(_row(name, kind, about))
    return _table(rows)


def _answer(schema: dict[str, Any], status: str, answer: dict[str, Any]) -> str:
    kinds = [
        _kind(schema, content.get("schema", {})) for content in answer.get("content", {}).values()
    ]
    return _row(status, ", ".join(kind for kind in kinds if kind), escape(answer["description"]))


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if reference := part.get("$ref"):
        name = str(reference).rpartition("/")[2]
        return dict(schema["components"]["schemas"].get(name, {}))
    return part


def _kind(schema: dict[str, Any], part: dict[str, Any]) -> str:
    """What a value is, as HTML: a type's name, or a link to the shape of an object."""
    if reference := part.get("$ref"):
        resolved, name = _resolve(schema, part), escape(str(reference).rpartition("/")[2])
        if "enum" in resolved:
            return " | ".join(escape(str(word)) for word in resolved["enum"])
        return f"<a href='#{name}'>{name}</a>" if "properties" in resolved else name
    if options := part.get("anyOf"):
        return " | ".join(_kind(schema, one) for one in options)
    if part.get("type") == "array":
        return f"list of {_kind(schema, part.get('items', {}))}"
    return escape(str(part.get("format") or part.get("type") or ""))
