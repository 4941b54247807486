// While the worker checks a file, waits for it, then shows what was found. Without it a link shows the same.
"use strict";

(() => {
  const LONGEST_WAIT = 8000;

  async function watch(region, wait) {
    if (!region.isConnected) return;
    let state = "pending";
    try {
      const answer = await fetch(region.dataset.checkUrl, { cache: "no-store", credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      state = (await answer.json()).state;
    } catch {
      state = "pending"; // no network for now: ask again later
    }
    if (state === "pending") {
      window.setTimeout(watch, wait, region, Math.min(wait * 1.3, LONGEST_WAIT));
      return;
    }
    const page = await fetch(window.location.pathname, { cache: "no-store", credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-check]");
    if (!fresh || !region.isConnected) return;
    const found = document.adoptNode(fresh);
    const held = region.contains(document.activeElement);
    region.replaceWith(found);
    if (held) {
      found.tabIndex = -1;
      found.focus();
    }
    announce(found);
  }

  function announce(region) {
    const title = region.querySelector(".fr-alert__title, .esc-findings li");
    const line = document.getElementById("controle-fini");
    line.textContent = `${region.dataset.checked}. ${title ? title.textContent : ""}`;
  }

  function live() {
    if (document.getElementById("controle-fini")) return;
    const line = document.createElement("p");
    line.id = "controle-fini";
    line.className = "fr-sr-only";
    line.setAttribute("role", "status");
    document.querySelector("main").append(line);
  }

  function begin() {
    const region = document.querySelector('[data-check="pending"]');
    if (!region) return;
    live();
    window.setTimeout(watch, 1000, region, 1500);
  }

  document.addEventListener("sent", begin); // ui/sending.js: the page that waits came in place of the form
  begin();
})();
