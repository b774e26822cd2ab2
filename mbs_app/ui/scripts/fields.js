// Fields of a form, by their id.

let lastTypedIn = null;

if (typeof document !== "undefined") {
  document.addEventListener("input", ({ target }) => (lastTypedIn = target), true);
}

/** Put the caret into the first field of a page, unless somebody was faster and types already. */
export function focusFirst(id, wait) {
  setTimeout(() => lastTypedIn?.isConnected || focus(id), wait);
}

/** Put the caret into a field; after `wait` milliseconds, for one that is only just being drawn. */
export function focus(id, wait) {
  const go = () => document.getElementById(id)?.focus();
  if (wait) setTimeout(go, wait);
  else go();
}

/** Show a password as it was typed, or hide it again. The button after the field carries the state. */
export function reveal(id) {
  const field = document.getElementById(id);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  field.nextElementSibling.setAttribute("aria-pressed", String(show));
  field.focus();
}

/** Write `text` where the caret is, as if it had been typed. */
export function insertAtCaret(id, text) {
  const area = document.getElementById(id);
  if (!area) return;
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
