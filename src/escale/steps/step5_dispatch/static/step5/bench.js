// A scanner ends what it reads with Enter. In the first field of a pair that moves on to the second; in the last it sends.
// A reading zone sends itself when its two lines are whole. Without this, Enter sends and the server asks for the rest.
"use strict";
const ZONE = 88;
for (const form of document.querySelectorAll("form[data-scan]")) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];
  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    if (event.key !== "Enter" || event.isComposing || place < 0) return;
    if (event.target.tagName === "TEXTAREA") {
      if (event.target.value.replace(/\s/g, "").length >= ZONE) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    const next = fields.slice(place + 1).find((field) => !field.value.trim());
    if (next && event.target.value.trim()) {
      event.preventDefault();
      next.focus();
    }
  });
}
