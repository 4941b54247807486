// Reads again, while an interview's page is open, who is in the waiting room. Without it the list is that of the page's
// loading, and its own page tells it anew.
"use strict";

(() => {
  const place = () => document.getElementById("salle-attente");
  if (!place()) return;
  const own = document.getElementById("salle-attente").dataset.but;

  async function look() {
    if (document.hidden || place().contains(document.activeElement)) return;
    const answer = await fetch(`${place().dataset.address}?sauf=${own}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("salle-attente");
    if (!fresh) return;
    fresh.hidden = !fresh.querySelector("li");
    fresh.dataset.but = own;
    if (fresh.textContent !== place().textContent) place().replaceWith(fresh);
  }

  setInterval(() => look().catch(() => {}), 15000);
})();
