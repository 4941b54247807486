// What is typed comes along when the language or the look of the page is changed: in this tab, once. Numbers marked
// `data-secret` and files do not. Without this file the page opens anew and is filled again.
"use strict";

(() => {
  const LINKS = "a[href^='/langue/'], a[href^='/apparence/']";
  const FIELDS = "main form[method=post] :is(input, select, textarea)[name]";
  const LEFT = "[type=hidden], [type=file], [type=password], [data-secret]";
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  const read = (field) => (ticked(field) ? field.checked : field.value);

  // Each field under a name that is its own on the page, the same whether the form was refused or opened.
  function fields() {
    const found = new Map();
    for (const field of document.querySelectorAll(FIELDS)) {
      if (field.matches(LEFT)) continue;
      const form = new URL(field.form.getAttribute("action") || "", window.location.href).pathname;
      found.set([form, field.name, ticked(field) ? field.value : ""].join(" "), field);
    }
    return found;
  }

  function untouched(field) {
    if (ticked(field)) return field.checked === field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value === field.defaultValue;
    return field.selectedIndex === Math.max(0, Array.from(field.options).findIndex((one) => one.defaultSelected));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest(LINKS)) return;
    const all = Array.from(fields());
    if (!document.getElementById("erreurs") && all.every(([, field]) => untouched(field))) return;
    const values = Object.fromEntries(all.map(([name, field]) => [name, read(field)]));
    window.sessionStorage.setItem("typed", JSON.stringify(values));
  });

  const kept = JSON.parse(window.sessionStorage.getItem("typed") || "{}");
  window.sessionStorage.removeItem("typed");
  for (const [name, field] of fields()) {
    if (!(name in kept)) continue;
    if (ticked(field)) field.checked = kept[name];
    else field.value = kept[name];
    if (!untouched(field) && field.closest("details")) field.closest("details").open = true;
  }
})();
