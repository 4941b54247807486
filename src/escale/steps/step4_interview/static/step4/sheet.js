// Sends the forms of the agent's sheet without leaving the page, so that the call goes on. Without it they are ordinary
// forms. What comes back is the same page: only the sheet is taken from it.
"use strict";

(() => {
  const sheet = () => document.getElementById("fiche");
  if (!sheet()) return;

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!sheet().contains(form) || form.dataset.leave === "1") return;
    event.preventDefault();
    const content = new FormData(form, event.submitter);
    sheet().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: content });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("fiche");
      if (!fresh) throw new Error("no sheet");
      fresh.prepend(...page.querySelectorAll("#contenu > .fr-alert"));
      sheet().replaceWith(fresh);
      const said = fresh.querySelector("[role=alert], [role=status]");
      if (said) said.tabIndex = -1;
      (said || fresh).focus();
    } catch {
      form.dataset.leave = "1";
      form.requestSubmit(event.submitter);
    }
  });
})();
