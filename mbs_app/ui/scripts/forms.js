// Forms that go straight from the browser to the HTTP API, so that what was typed never passes through a
// tab's state on the server.
import { keep } from "./kept";
import { leaveFor, wantedPage } from "./leaving";

const UNREACHABLE = "The server can’t be reached. Try again in a moment.";

/**
 * Send a form as JSON.
 * @param {string} id The form's id; where the page has no such form, nothing but the request is sent.
 * @param {string} url Where to.
 * @param {string} method POST, PUT, PATCH or DELETE.
 * @param {"" | "event" | "page"} bodyFor Who gets the answer's body: nobody, the event, or this page's memory.
 * @param {string} next The page to load where the answer brought or ended a session, or brought a new token for it;
 *   without, this page after a new token, and the event after the others. "?next" is the page that this one's address names.
 * @returns {{ok: boolean, status: number, code: string, detail: string, errors: object, body: any}} `status` is
 *   0 where no answer came; `code` names the problem; `errors` has a sentence for each field at fault.
 */
export async function postForm(id, url, method, bodyFor, next) {
  const form = document.getElementById(id);
  const answer = await send(url, form ? valuesOf(form) : {}, method, next);
  if (bodyFor === "page" && answer.ok) keep(id, answer.body);
  return bodyFor === "event" ? answer : { ...answer, body: null };
}

/** Send `values` as JSON. The answer is that of `postForm`, always with its body. */
export async function send(url, values, method = "POST", next = "") {
  let answer;
  let body = null;
  try {
    answer = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values),
    });
    const text = await answer.text();
    if (text && answer.headers.get("Content-Type")?.includes("json")) body = JSON.parse(text);
  } catch {
    return refusal(UNREACHABLE);
  }
  // This page's websocket carries the old token, which is dead: no event would be answered.
  const session = answer.headers.get("X-Session");
  if (session === "renewed" || (session && next)) return gone(next || location.href);
  if (answer.ok) return { ok: true, status: answer.status, code: "", detail: "", errors: {}, body };
  const errors = {};
  for (const error of body?.errors ?? []) errors[error.field] = error.detail;
  const code = body?.type?.split("/").pop() ?? "";
  return { ok: false, status: answer.status, code, detail: body?.detail ?? UNREACHABLE, errors, body };
}

/** Nothing comes after it on this page. */
function gone(path) {
  leaveFor(path === "?next" ? wantedPage() : path);
  return new Promise(() => {});
}

/** An answer that no server gave. */
export function refusal(detail, code = "") {
  return { ok: false, status: 0, code, detail, errors: {}, body: null };
}

/** The named fields: a box is true or false, boxes with values and a list with several choices are a list. */
export function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    if (field.type === "checkbox" && field.hasAttribute("value")) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "checkbox") values[field.name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.type === "select-multiple")
      values[field.name] = Array.from(field.selectedOptions, (option) => option.value);
    else values[field.name] = field.value;
  }
  return values;
}
