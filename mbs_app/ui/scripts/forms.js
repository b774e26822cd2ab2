// Forms that go straight from the browser to the HTTP API, so that what was typed never passes through a
// tab's state on the server.
import { keep } from "./kept";

const UNREACHABLE = "The server can’t be reached. Try again in a moment.";

/**
 * Send a form as JSON.
 * @param {string} id The form's id.
 * @param {string} url Where to.
 * @param {string} method POST, PUT, PATCH or DELETE.
 * @param {"" | "event" | "page"} bodyFor Who gets the answer's body: nobody, the event, or this page's memory.
 * @returns {{ok: boolean, status: number, detail: string, errors: object, body: any}} `status` is 0 where
 *   no answer came; `errors` has a sentence for each field at fault.
 */
export async function postForm(id, url, method, bodyFor) {
  let answer;
  let body = null;
  try {
    answer = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(valuesOf(document.getElementById(id))),
    });
    const text = await answer.text();
    if (text && answer.headers.get("Content-Type")?.includes("json")) body = JSON.parse(text);
  } catch {
    return { ok: false, status: 0, detail: UNREACHABLE, errors: {}, body: null };
  }
  if (bodyFor === "page" && answer.ok) keep(id, body);
  const errors = {};
  for (const error of body?.errors ?? []) errors[error.field] = error.detail;
  return {
    ok: answer.ok,
    status: answer.status,
    detail: answer.ok ? "" : (body?.detail ?? UNREACHABLE),
    errors: answer.ok ? {} : errors,
    body: bodyFor === "event" ? body : null,
  };
}

/** The named fields: a box is true or false, a list with several choices a list. */
function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    if (field.type === "checkbox") values[field.name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.type === "select-multiple")
      values[field.name] = Array.from(field.selectedOptions, (option) => option.value);
    else values[field.name] = field.value;
  }
  return values;
}
