// Sends the files of a form marked `data-upload` with their progress. Without it the same pages work by themselves.
// Words come from the page (ui/sending.html). A page that comes in place of the form is told of by a `sent` event.
"use strict";

(() => {
  const STALLED = 60000; // nothing has moved for so long: the network is gone, though nobody said so
  const ANSWER = 180000; // all is handed to the system, which may still hold megabytes of it on a poor line

  // What the answer shows, in place of the form. A refused form keeps its page's address: a reload shows that page.
  function replace(main, title, address) {
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = title;
    if (address) window.history.replaceState(null, "", address);
    const place = document.getElementById("erreurs") || document.querySelector("main");
    place.focus();
    document.dispatchEvent(new Event("sent"));
  }

  function answered(request, target, told) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (request.status >= 500 || !main) {
      told("failed"); // ours or a machine between us: the file is still chosen, which a page of theirs would lose
      return;
    }
    const there = new URL(request.responseURL || target);
    replace(main, page.title, there.href === target ? "" : there.href);
  }

  function send(form) {
    const box = form.querySelector(".esc-progress");
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-words]");
    const button = form.querySelector("button:not([type=button])");
    const target = new URL(form.getAttribute("action") || window.location.href, window.location.href);
    const request = new XMLHttpRequest();
    let heard = -1;
    let watchdog;
    target.hash = "";
    const moving = (patience) => {
      window.clearTimeout(watchdog);
      watchdog = window.setTimeout(() => request.abort(), patience);
    };
    for (const part of box.children) part.hidden = false;
    box.hidden = false;
    button.disabled = true;
    bar.value = 0;
    words.textContent = box.dataset.sending;
    request.upload.addEventListener("progress", (event) => {
      moving(event.loaded < event.total ? STALLED : ANSWER);
      if (!event.lengthComputable) return;
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      if (percent - heard < 25 && percent < 100) return; // a screen reader hears four steps, not a hundred
      heard = percent;
      words.textContent = percent < 100 ? `${box.dataset.sending} : ${percent} %` : box.dataset.sent;
    });
    const told = (why) => {
      window.clearTimeout(watchdog);
      button.disabled = false;
      words.textContent = box.dataset[why];
      bar.value = 0;
      button.focus();
    };
    request.addEventListener("error", () => told("cut"));
    request.addEventListener("abort", () => told("cut"));
    request.addEventListener("load", () => {
      window.clearTimeout(watchdog);
      answered(request, target.href, told);
    });
    request.open("POST", target.href);
    request.send(new FormData(form));
    moving(STALLED);
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
})();
