// A scanner ends what it reads with Enter. In the first field of a pair that moves on to the second; in the last it sends.
// A reading zone sends itself when its two lines are whole; its first line in a field of one line waits for the second.
// What a refusal left in a field is replaced by the next scan. Without this, Enter sends and the server asks for the rest.
"use strict";
const LINE = 44, ZONE = 88;
const bare = (field) => field.value.replace(/\s/g, "");
for (const form of document.querySelectorAll("form[data-scan]")) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];
  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    if (event.key !== "Enter" || event.isComposing || place < 0) return;
    if (event.target.tagName === "TEXTAREA") {
      if (bare(event.target).length >= ZONE) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (bare(event.target).length === LINE && /^P/i.test(event.target.value)) {
      event.preventDefault();
      return;
    }
    // After a refusal both fields are full: the passport read again, its label is to be read again too.
    const next = fields[place + 1];
    if (next && event.target.value.trim()) {
      event.preventDefault();
      next.focus();
    }
  });
  form.addEventListener("focusin", (event) => { if (event.target.tagName === "INPUT") event.target.select(); });
  if (fields.includes(document.activeElement) && document.activeElement.tagName === "INPUT") document.activeElement.select();
}
