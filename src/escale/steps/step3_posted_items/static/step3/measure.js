// While the worker measures the photo, shows how far it is, then the result. Without it a link shows the same.
"use strict";
const LONGEST_WAIT = 8000;
let timer;

async function follow(wait) {
  const region = document.querySelector("[data-measure]");
  if (!region || region.dataset.measure !== "waiting") return;
  try {
    const answer = await fetch(window.location.pathname, { cache: "no-store", credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && !answer.redirected && page.querySelector("[data-measure]");
    if (!fresh) return;
    const bar = region.querySelector("progress");
    if (fresh.dataset.measure === "waiting" && bar) {
      bar.value = fresh.querySelector("progress").value;
    } else {
      const found = document.adoptNode(fresh);
      found.setAttribute("role", "status");
      region.replaceWith(found);
    }
  } catch {
    // no network for now: ask again later
  }
  later(wait, Math.min(wait * 1.3, LONGEST_WAIT));
}

function later(wait, longer) {
  window.clearTimeout(timer);
  timer = window.setTimeout(follow, wait, longer);
}

document.addEventListener("sent", () => later(1000, 1000)); // ui/sending.js: another picture was sent
later(1000, 1000);
