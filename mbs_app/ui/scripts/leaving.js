// Full page loads: the new websocket carries the new cookie, and the tab gets a state of its own.

/** Go to a page of this site with nothing kept of the tab. */
export function leaveFor(path) {
  const target = new URL(path, location.href);
  if (target.origin !== location.origin) throw new Error("That page is on another site.");
  sessionStorage.clear();
  location.assign(target);
}

/** The page that the address names as `next`, where it is one of this site. */
export function wantedPage() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/";
  try {
    return new URL(wanted, location.origin).origin === location.origin ? wanted : "/";
  } catch {
    return "/";
  }
}

export function reload() {
  location.reload();
}

/** The same page again, without the token of a state that is somebody else’s. */
export function startAfresh() {
  sessionStorage.removeItem("token");
  location.reload();
}

// A page that the browser kept whole and brings back may show what a session saw that has ended since.
if (typeof window !== "undefined") {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) reload();
  });
}

let renewing = false;

/**
 * Get a new token for the session and load the page anew; where the session has ended, go and sign in.
 * A token that died may have an heir, for another tab renewed it; the last looks wait for that tab’s answer.
 */
export async function renewSession() {
  if (renewing) return;
  renewing = true;
  for (const pause of [0, 300, 700]) {
    await new Promise((done) => setTimeout(done, pause));
    try {
      const answer = await fetch("/api/auth/renew", { method: "POST" });
      if (answer.ok && (await answer.json()).signed_in) {
        location.reload();
        return;
      }
    } catch {
      // Asked again in a moment.
    }
  }
  // It did live once: the page asks only where its websocket came with a token.
  const here = location.pathname + location.search;
  const wanted = here === "/" ? "" : "next=" + encodeURIComponent(here) + "&";
  sessionStorage.removeItem("token"); // of a state that is no longer this browser’s
  location.replace(`/signin?${wanted}notice=signed-out`);
}

export async function signOut() {
  renewing = true; // who signs out need not be told so
  try {
    await fetch("/api/auth/logout", { method: "POST" });
  } catch {
    // The sign-in page then says that the server can’t be reached.
  }
  leaveFor("/signin");
}
