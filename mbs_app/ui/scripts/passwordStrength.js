// The strength of a new password while it is typed. What is typed goes to the HTTP API, which holds it against the
// same rules as when it is set, and nowhere else. The markup is that of ui/components/new_password_field.py.

const PAUSE = 300; // milliseconds after the last key
const checks = new WeakMap(); // field → {timer, request}

if (typeof document !== "undefined") {
  document.addEventListener("input", onInput);
  document.addEventListener("submit", onSubmit, true);
}

function onInput({ target }) {
  for (const field of document.querySelectorAll("[data-password-check]")) {
    const { nameField, emailField, workspaceField } = field.dataset;
    const told = [nameField, emailField, workspaceField];
    if (target === field) typed(field);
    else if (target.id && told.includes(target.id)) checkSoon(field);
  }
}

/** What the server said of the password before this one is over once the next is sent. */
function onSubmit({ target }) {
  for (const part of target.querySelectorAll(".new-password")) delete part.dataset.mending;
}

function typed(field) {
  const part = field.closest(".new-password");
  if (part.querySelector(".field-error")) part.dataset.mending = "";
  checkSoon(field);
  if (!field.value) show(field, null);
}

function checkSoon(field) {
  const { timer, request } = checks.get(field) ?? {};
  clearTimeout(timer);
  request?.abort();
  if (field.value) checks.set(field, { timer: setTimeout(() => check(field), PAUSE) });
}

async function check(field) {
  const request = new AbortController();
  checks.set(field, { request });
  const { nameField, emailField, workspaceField, tokenField } = field.dataset;
  try {
    const answer = await fetch("/api/auth/password-check", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        password: field.value,
        name: valueOf(nameField),
        email: valueOf(emailField),
        workspace: valueOf(workspaceField),
        token: valueOf(tokenField),
      }),
      signal: request.signal,
    });
    show(field, answer.ok ? await answer.json() : null);
  } catch (error) {
    // Where the server can’t be reached no strength is shown; the form says so when it is sent.
    if (error.name !== "AbortError") show(field, null);
  }
}

function valueOf(id) {
  return (id && document.getElementById(id)?.value) || "";
}

/** @param {{score: number, acceptable: boolean, sentence: string}|null} strength Null: nothing is known. */
function show(field, strength) {
  const part = field.closest(".new-password");
  if (!part) return; // the page has moved on
  const meter = part.querySelector(".strength");
  part.toggleAttribute("data-measured", strength !== null);
  meter.dataset.parts = strength ? Math.max(1, strength.score) : 0;
  meter.dataset.refused = strength ? !strength.acceptable : false;
  meter.querySelector(".strength-words").textContent = strength?.sentence ?? "";
}
