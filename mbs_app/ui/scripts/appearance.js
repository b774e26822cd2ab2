// Light or dark, as somebody chose it in any of their browsers. Each browser keeps the choice itself, so that it
// holds before the first paint, and notes which choice of the account it has followed.

const FOLLOWED = "mbs-appearance";

/** Take on the account's choice where it was made elsewhere since this browser last looked. */
export function followAccount(chosen, setColorMode) {
  if (!chosen) return; // not loaded yet
  try {
    const followed = localStorage.getItem(FOLLOWED);
    if (followed === chosen) return;
    localStorage.setItem(FOLLOWED, chosen);
    // Who has never chosen keeps what this browser shows.
    if (followed === null && chosen === "system") return;
  } catch {
    return; // a browser that keeps nothing would be told anew with each page
  }
  setColorMode(chosen);
}
