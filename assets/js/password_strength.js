// The strength of a new password while it is typed. What is typed goes to the HTTP API, which holds it against the
// same rules as when it is set, and nowhere else. The markup is that of ui/components/new_password_field.py.
(() => {
  const PAUSE = 300; // milliseconds after the last key
  const checks = new WeakMap(); // field → {timer, request}

  document.addEventListener("input", (event) => {
    for (const field of document.querySelectorAll("[data-password-check]")) {
      const { nameField, emailField } = field.dataset;
      if (event.target === field) typed(field);
      else if (event.target.id && [nameField, emailField].includes(event.target.id)) checkSoon(field);
    }
  });

  // What the server said of the password before this one is over once the next is sent.
  document.addEventListener("submit", (event) => {
    for (const part of event.target.querySelectorAll(".new-password")) delete part.dataset.mending;
  }, true);

  function typed(field) {
    const part = field.closest(".new-password");
    if (part.querySelector(".field-error")) part.dataset.mending = "";
    if (field.value) return checkSoon(field);
    forget(field);
    show(field, null);
  }

  function checkSoon(field) {
    forget(field);
    if (!field.value) return;
    checks.set(field, { timer: setTimeout(() => check(field), PAUSE) });
  }

  function forget(field) {
    const { timer, request } = checks.get(field) ?? {};
    clearTimeout(timer);
    request?.abort();
  }

  async function check(field) {
    const request = new AbortController();
    checks.set(field, { request });
    try {
      const answer = await fetch("/api/auth/password-check", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          password: field.value,
          name: valueOf(field.dataset.nameField),
          email: valueOf(field.dataset.emailField),
          ...(field.dataset.tokenField ? { token: valueOf(field.dataset.tokenField) } : {}),
        }),
        signal: request.signal,
      });
      show(field, answer.ok ? await answer.json() : null);
    } catch (error) {
      // No strength is shown where the server can’t be reached; it says so when the form is sent.
      if (error.name !== "AbortError") show(field, null);
    }
  }

  function valueOf(id) {
    return (id && document.getElementById(id)?.value) || "";
  }

  /** @param {{score: number, acceptable: boolean, sentence: string}|null} strength */
  function show(field, strength) {
    const part = field.closest(".new-password");
    if (!part) return; // the page has moved on
    const meter = part.querySelector(".strength");
    part.toggleAttribute("data-measured", strength !== null);
    meter.dataset.parts = strength ? Math.max(1, strength.score) : 0;
    meter.dataset.refused = strength ? !strength.acceptable : false;
    meter.querySelector(".strength-words").textContent = strength?.sentence ?? "";
  }
})();
