// A link from a mail carries a token in its address. It is taken out before the page starts, so that it stays
// neither in the address bar nor in the history, and never becomes part of a tab’s state on the server, which
// knows every page’s address. It is kept for this tab alone, because phones throw tabs away and load them anew.
import { send } from "./forms";

const PAGES = ["/confirm-email", "/reset"];
const KEPT_AS = "mbs-link-token:";

if (typeof window !== "undefined") takeFromAddress();

function takeFromAddress() {
  const address = new URL(location.href);
  const token = address.searchParams.get("token");
  if (token === null || !PAGES.includes(pageOf(address))) return;
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address);
  try {
    sessionStorage.setItem(KEPT_AS + pageOf(address), token);
  } catch {
    // A browser that keeps nothing can’t use the link; the page says what to do.
  }
}

/** Write this page’s token into a hidden field. */
export function fillLinkToken(fieldId) {
  const field = document.getElementById(fieldId);
  if (field) field.value = keptToken();
}

/**
 * Ask the API about this page’s link.
 * @returns {{ok: boolean, status: number, detail: string, email: string}} `email` is whose link it is.
 */
export async function lookAtLink(url) {
  const answer = await send(url, { token: keptToken() });
  return { ...answer, email: answer.body?.email ?? "", body: null };
}

function keptToken() {
  try {
    return sessionStorage.getItem(KEPT_AS + pageOf(location)) ?? "";
  } catch {
    return "";
  }
}

function pageOf({ pathname }) {
  return pathname.replace(/\/+$/, "");
}
