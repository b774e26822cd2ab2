// The sidebar’s width: nobody’s business but the screen’s. ui/theme.py restores it before the first paint.

export function toggleRail() {
  const root = document.documentElement;
  const closed = root.dataset.rail !== "closed";
  if (closed) root.dataset.rail = "closed";
  else delete root.dataset.rail;
  try {
    localStorage.setItem("mbs-rail", closed ? "closed" : "open");
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}
