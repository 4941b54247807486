// Warns five minutes before the session ends, and lets it be put off without leaving the page.
// Without this file the line at the foot of each page says the same, and its button opens a page that extends.
(() => {
  "use strict";
  const WARNING = 5 * 60;
  const place = document.getElementById("session");
  const dialog = document.getElementById("session-warning");
  const said = document.getElementById("session-said");
  if (!place || !dialog || typeof dialog.showModal !== "function") return;
  const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
  let ends = Date.now() + Number(place.dataset.seconds) * 1000;
  let final = false;
  let dismissed = false;
  let timer = 0;
  const left = () => Math.round((ends - Date.now()) / 1000);

  const ask = async (method) => {
    const headers = { Accept: "application/json" };
    const token = place.querySelector("[name=csrfmiddlewaretoken]");
    if (method === "POST" && token) headers["X-CSRFToken"] = token.value;
    const address = method === "POST" ? place.dataset.extend : place.dataset.left;
    const answer = await fetch(address, { method, headers, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    ends = Date.now() + told.seconds * 1000;
    final = told.final;
  };

  const words = (seconds) =>
    seconds < 60 ? said.dataset.minute : said.dataset.minutes.replace("{n}", Math.ceil(seconds / 60));

  const show = () => {
    if (!dialog.open) dialog.showModal();
  };

  const over = () => {
    part("warning").hidden = true;
    part("ended").hidden = false;
    dialog.setAttribute("aria-labelledby", "");
    dialog.setAttribute("aria-label", part("ended").querySelector("h2").textContent);
    show();
    part("ended").querySelector("a").focus();
  };

  const look = async () => {
    clearTimeout(timer);
    if (left() <= WARNING && !dialog.open) {
      // Another tab, or the room of an interview, may have kept the session alive meanwhile.
      await ask("GET").catch(() => {});
    }
    if (left() <= 0) return over();
    if (left() > WARNING) {
      dismissed = false;
      if (dialog.open) dialog.close();
    } else if (!dismissed || dialog.open) {
      part("minutes").textContent = words(left());
      part("final").hidden = !final;
      part("extend").hidden = final;
      show();
    }
    timer = setTimeout(look, left() > WARNING ? Math.min((left() - WARNING) * 1000, 600000) : 15000);
  };

  const extend = async () => {
    part("failed").hidden = true;
    try {
      await ask("POST");
    } catch {
      part("failed").hidden = false;
      return;
    }
    if (left() > WARNING) {
      dialog.close();
      said.textContent = said.dataset.said;
    }
    look();
  };

  dialog.addEventListener("click", (event) => {
    if (event.target.dataset.do === "extend") extend();
    if (event.target.dataset.do === "close") dialog.close();
  });
  dialog.addEventListener("close", () => { dismissed = left() <= WARNING; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  // A page that the browser kept whole may tell what is no longer true: the back button shows it anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  look();
})();
