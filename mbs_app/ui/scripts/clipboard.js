// The clipboard. Browsers give pages without https the old way only.

/** Put `words` on the clipboard. Returns whether that was possible. */
export async function copyText(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyTheOldWay(words);
  }
}

function copyTheOldWay(words) {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = words;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  return done;
}
