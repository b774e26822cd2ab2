// Passkeys (WebAuthn): the API says what to ask, the browser asks its owner, the API looks at the answer.
import { refusal, send, valuesOf } from "./forms";

const WORDS = {
  AbortError: "Nothing was shown, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  NotAllowedError: "Nothing was shown, or it took too long. Try again.",
  SecurityError: "Passkeys work only at the address this installation was set up for.",
};
const NOT_HERE = "This browser can’t use passkeys at this address.";

/**
 * Make a passkey, and send it with the values of a form; `next` as for `postForm`.
 * @returns The answer of `postForm`, without a body.
 */
export async function makePasskey(formId, optionsUrl, url, next) {
  const values = valuesOf(document.getElementById(formId));
  return ceremony(optionsUrl, url, values, next, async (asked) => {
    const credential = await navigator.credentials.create({ publicKey: forCreation(asked) });
    const { clientDataJSON, attestationObject } = credential.response;
    const transports = credential.response.getTransports?.() ?? [];
    return asJson(credential, { clientDataJSON, attestationObject }, { transports });
  });
}

/**
 * Show a passkey; `next` as for `postForm`.
 * @param {string} keepId The box “Keep me signed in”, where there is one.
 * @returns The answer of `postForm`, with its body.
 */
export async function showPasskey(optionsUrl, url, keepId, next) {
  const box = document.getElementById(keepId);
  return ceremony(optionsUrl, url, box ? { keep: box.checked } : {}, next, async (asked) => {
    const credential = await navigator.credentials.get({ publicKey: forAssertion(asked) });
    const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
    return asJson(credential, { clientDataJSON, authenticatorData, signature, userHandle });
  });
}

async function ceremony(optionsUrl, url, values, next, ask) {
  if (!window.PublicKeyCredential) return refusal(NOT_HERE, "no-passkeys");
  const asked = await send(optionsUrl, {});
  if (!asked.ok) return asked;
  let credential;
  try {
    credential = await ask(asked.body.public_key);
  } catch (error) {
    return refusal(WORDS[error.name] ?? NOT_HERE, "not-shown");
  }
  return send(url, { ...values, credential }, "POST", next);
}

function forCreation(asked) {
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map(descriptor),
  };
}

function forAssertion(asked) {
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: asked.allowCredentials.map(descriptor),
  };
}

function descriptor({ id, type, transports }) {
  return { id: bytes(id), type, ...(transports ? { transports } : {}) };
}

/** As `PublicKeyCredential.toJSON()`, which not every browser in use has. */
function asJson(credential, buffers, more = {}) {
  const response = { ...more };
  for (const [name, buffer] of Object.entries(buffers)) if (buffer) response[name] = text(buffer);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function bytes(words) {
  const base64 = words.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
