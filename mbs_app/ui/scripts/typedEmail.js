// An address typed on one page goes along to the next that asks for it: kept for this tab alone, never in an address
// line or in a tab’s state on the server. A link names the field in data-takes-email; the markup is that of ui/signin.

const KEPT_AS = "mbs-typed-email";

if (typeof document !== "undefined") document.addEventListener("click", keep, true);

function keep({ target }) {
  const link = target.closest?.("[data-takes-email]");
  if (!link) return;
  try {
    sessionStorage.setItem(KEPT_AS, document.getElementById(link.dataset.takesEmail)?.value ?? "");
  } catch {
    // A browser that keeps nothing: it is typed once more.
  }
}

/** Write it into a field that is still empty, once. */
export function fillTypedEmail(fieldId) {
  const field = document.getElementById(fieldId);
  try {
    if (field && !field.value) field.value = sessionStorage.getItem(KEPT_AS) ?? "";
    sessionStorage.removeItem(KEPT_AS);
  } catch {
    // As above.
  }
}
