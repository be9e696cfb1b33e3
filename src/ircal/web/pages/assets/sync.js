// Follows what happens: on every message the part of the page is loaded again. Without a script the page is as it was.
"use strict";

for (const told of document.querySelectorAll("[data-live]")) {
  const part = told.dataset.livePart;
  let waiting = false;

  const load = async () => {
    if (waiting) return;
    waiting = true;
    await new Promise((done) => setTimeout(done, 200)); // a burst is one load
    waiting = false;
    const now = document.getElementById(part);
    if (now.contains(document.activeElement) && document.activeElement !== document.body) {
      const busy = document.activeElement.closest("form, details[open]");
      if (busy) return; // nobody's form is taken from under their hands
    }
    if (now.querySelector("details[open]")) return;
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part);
    if (fresh) document.getElementById(part).replaceWith(fresh);
  };

  let first = true;
  const source = new EventSource(told.dataset.live);
  source.addEventListener("open", () => { told.hidden = false; });
  source.addEventListener("error", () => { told.hidden = true; });
  source.addEventListener("changed", () => {
    if (first) { first = false; return; }
    load();
  });
}
