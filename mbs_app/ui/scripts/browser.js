// All that a page may be told to do in the browser. Told by name: nothing here, and nothing in the pages,
// runs text as code. The Python half is ui/browser.py; the front-end build puts this folder into the bundle.
import { refs, ReflexEvent } from "$/utils/state";
import { eventLoop } from "$/utils/context-registry";
import { copyText } from "./clipboard";
import { focus, focusFirst, insertAtCaret, reveal } from "./fields";
import { postForm } from "./forms";
import { copyShown, forgetKept, printPage, saveShown, showKept } from "./kept";
import { leaveFor, reload, renewSession, signOut, startAfresh } from "./leaving";
import { makePasskey, showPasskey } from "./passkeys";
import { fillLinkToken, lookAtLink } from "./linkToken";
import "./passwordStrength";
import { toggleRail } from "./rail";
import { fillTypedEmail } from "./typedEmail";

const ACTIONS = {
  cancelUpload: (uploadId) => refs[`__upload_controllers_${uploadId}`]?.abort(),
  copyShown,
  copyText,
  fillLinkToken,
  fillTypedEmail,
  focus,
  focusFirst,
  forgetKept,
  insertAtCaret,
  leaveFor,
  makePasskey,
  lookAtLink,
  notify,
  postForm,
  printPage,
  reload,
  renewSession,
  reveal,
  saveShown,
  showKept,
  showPasskey,
  signOut,
  startAfresh,
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  toggleRail,
};

/**
 * Do what an event asks for. Nobody waits for it: an answer, which may take as long as a person takes,
 * comes back as an event of its own.
 * @param {{do: string, with: any[], then: object|null}} order The payload of the event.
 */
export async function inBrowser(order) {
  if (!Object.hasOwn(ACTIONS, order.do)) {
    console.error(`This page doesn’t know how to do “${order.do}”.`);
    return;
  }
  try {
    const answer = await ACTIONS[order.do](...order.with);
    if (order.then) send(order.then, answer);
  } catch (error) {
    window.onerror?.(error.message, null, null, null, error);
  }
}

/** Send an event that was named beforehand; the answer goes into the argument that was left free for it. */
function send({ name, payload, free }, answer) {
  const filled = free ? { ...payload, [free]: answer ?? null } : payload;
  eventLoop.addEvents([ReflexEvent(name, filled)], [], {});
}

/** A short note at the foot of the screen; `action` is {label, event}, the button in it. */
function notify(words, kind, action) {
  const options = kind === "problem" ? { important: true, className: "toast problem" } : {};
  if (action) options.action = { label: action.label, onClick: () => send(action.event) };
  refs.__toast?.(words, options);
}
