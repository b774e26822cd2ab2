// What an answer of the API showed once, such as a new key: kept in this page's memory until it is shown, so
// that it passes through no tab's state on the server.

import { copyText } from "./clipboard";

const LONGEST_WAIT_MS = 3000;
const kept = new Map();

export function keep(id, body) {
  kept.set(id, body);
}

/**
 * Write a field of a kept answer into an element that has no content of its own; a list has a line for each, a
 * picture comes as a data address.
 * Waits for an element that is only just being drawn.
 */
export async function showKept(id, field, elementId) {
  const value = kept.get(id)?.[field];
  if (value === undefined) return;
  const words = Array.isArray(value) ? value.join("\n") : String(value);
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += 30) {
    const element = document.getElementById(elementId);
    if (element) {
      if (element.tagName === "IMG") element.src = words;
      else if ("value" in element) element.value = words;
      else element.textContent = words;
      return;
    }
    await new Promise((done) => setTimeout(done, 30));
  }
}

export function forgetKept(id) {
  kept.delete(id);
}

/** Put what an element shows on the clipboard. Returns whether that was possible. */
export async function copyShown(elementId) {
  const element = document.getElementById(elementId);
  const words = element && "value" in element ? element.value : element?.textContent;
  return copyText(words ?? "");
}

/** Offer what an element shows as a text file, with a line of words above it. */
export function saveShown(elementId, fileName, heading) {
  const text = `${heading}\n\n${document.getElementById(elementId)?.textContent ?? ""}\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Print the page; the style sheet leaves on the paper what is marked for it. */
export function printPage() {
  window.print();
}
