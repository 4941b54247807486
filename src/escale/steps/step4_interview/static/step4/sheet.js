// Sends the forms of the agent's sheet without leaving the page, so that the call goes on. Without it they are ordinary
// forms. What comes back is the same page: only the sheet is taken from it.
"use strict";

(() => {
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // A still is taken once the applicant's screen has said it: two seconds after, whole, from what the agent sees. Of a
  // passport, several within a second: they are read together, one is kept.
  async function take(still, video) {
    await pause(2600);
    const form = document.querySelector("[data-still-keep]");
    if (!form || !video.videoWidth) return;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const content = new FormData(form);
    for (let frame = 0; frame < still.frames; frame += 1) {
      if (frame) await pause(200);
      canvas.getContext("2d").drawImage(video, 0, 0);
      content.append("picture", await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95)), "image.jpg");
    }
    await replace(form.action, content);
  }

  let taken = 0;
  document.addEventListener("escale:room", (event) => {
    const { still, challenge, video } = event.detail;
    if (still && still.told && still.id !== taken) {
      taken = still.id;
      take(still, video).catch(() => { taken = 0; });
    }
    // The applicant's second device has answered, or its time is over: the sheet is read again.
    const shown = document.querySelector("[data-challenge-device]");
    if (shown && !challenge) reload();
  });

  const sheet = () => document.getElementById("fiche");
  if (!sheet()) return;

  // What was ticked or typed and not yet sent stays, save in the form that was sent.
  function keepTyped(fresh, sentTo) {
    for (const before of sheet().querySelectorAll("form[data-keep]")) {
      const after = fresh.querySelector(`form[data-keep="${before.dataset.keep}"]`);
      if (!after || before.action === sentTo) continue;
      for (const field of before.elements) {
        const same = field.name && [...after.elements].find((one) =>
          one.name === field.name && (one.type !== "radio" || one.value === field.value));
        if (!same || field.type === "hidden") continue;
        if (field.type === "radio" || field.type === "checkbox") same.checked = field.checked;
        else same.value = field.value;
      }
    }
  }

  async function replace(address, content) {
    sheet().setAttribute("aria-busy", "true");
    const answer = await fetch(address, content ? { method: "POST", body: content } : {});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("fiche");
    if (!fresh) throw new Error("no sheet");
    keepTyped(fresh, address);
    fresh.prepend(...page.querySelectorAll("#contenu > .fr-alert"));
    sheet().replaceWith(fresh);
    const said = fresh.querySelector("[role=alert], [role=status]");
    if (said) said.tabIndex = -1;
    (said || fresh).focus();
  }

  // Only when nothing typed would be lost.
  function reload() {
    const typing = sheet().contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    if (!typing) replace(window.location.href).catch(() => {});
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!sheet().contains(form) || form.dataset.leave === "1") return;
    event.preventDefault();
    try {
      await replace(form.action, new FormData(form, event.submitter));
    } catch {
      form.dataset.leave = "1";
      form.requestSubmit(event.submitter);
    }
  });
})();
