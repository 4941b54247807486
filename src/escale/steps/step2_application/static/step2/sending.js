// Sends files with their progress, and waits for the automatic check. Without it the same pages work by themselves.
// Words come from the page.
"use strict";

(() => {
  const LONGEST_WAIT = 8000;
  const STALLED = 60000; // nothing has moved for so long: the network is gone, though nobody said so

  function replace(text, address) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const main = fresh.querySelector("main");
    if (!main) {
      window.location.assign(address);
      return;
    }
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = fresh.title;
    if (address !== window.location.href) window.history.replaceState(null, "", address);
    const place = document.getElementById("erreurs") || document.querySelector("main");
    place.focus();
    begin();
  }

  function send(form) {
    const box = form.querySelector(".esc-progress");
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-words]");
    const button = form.querySelector("button[type=submit]");
    const request = new XMLHttpRequest();
    let told = -1;
    let watchdog;
    const moving = () => {
      window.clearTimeout(watchdog);
      watchdog = window.setTimeout(() => request.abort(), STALLED);
    };
    for (const part of box.children) part.hidden = false;
    box.hidden = false;
    button.disabled = true;
    bar.value = 0;
    words.textContent = box.dataset.sending;
    request.upload.addEventListener("progress", (event) => {
      moving();
      if (!event.lengthComputable) return;
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      if (percent - told < 25) return; // a screen reader hears four steps, not a hundred
      told = percent;
      words.textContent = percent < 100 ? `${box.dataset.sending} : ${percent} %` : box.dataset.sent;
    });
    const cut = () => {
      window.clearTimeout(watchdog);
      button.disabled = false;
      words.textContent = box.dataset.cut;
      bar.value = 0;
      button.focus();
    };
    request.addEventListener("error", cut);
    request.addEventListener("abort", cut);
    request.addEventListener("load", () => {
      window.clearTimeout(watchdog);
      replace(request.responseText, request.responseURL || window.location.href);
    });
    request.open("POST", form.action || window.location.href);
    request.send(new FormData(form));
    moving();
  }

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
    const box = document.querySelector(".esc-progress");
    document.getElementById("controle-fini").textContent =
      (box ? `${box.dataset.checked}. ` : "") + (title ? title.textContent : "");
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

  // Four minutes of a poor line are not spent on what would be refused.
  function refuse(form, heavy) {
    const box = form.querySelector(".esc-progress");
    const words = box.querySelector("[data-words]");
    for (const part of box.children) part.hidden = part !== words;
    box.hidden = false;
    words.textContent = box.dataset.heavy.replace("{name}", heavy.name);
    form.querySelector("input[type=file]").focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-upload]")) return;
    const field = form.querySelector("input[type=file]");
    if (!field.files.length) return; // the server says what is missing, at the field
    event.preventDefault();
    const heavy = Array.from(field.files).find((file) => file.size > Number(field.dataset.most));
    if (heavy) refuse(form, heavy);
    else send(form);
  });

  begin();
})();
