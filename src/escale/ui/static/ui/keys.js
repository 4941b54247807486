// Keys of the desk: they move the eyes and the focus, and tick; they never send anything.
// Everything works without this file. Single keys can be turned off (WCAG 2.1.4); the choice stays on the device.
(() => {
  "use strict";
  const OFF = "escale-desk-keys-off";
  const box = document.getElementById("raccourcis");
  if (!box) return;
  const help = document.getElementById("raccourcis-aide");
  const active = document.getElementById("raccourcis-actifs");
  box.hidden = false;
  active.checked = localStorage.getItem(OFF) === null;
  active.addEventListener("change", () => {
    if (active.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.getElementById("raccourcis-ouvrir").addEventListener("click", () => help.showModal());

  const ITEMS = [
    ".desk-rows tbody a",
    ".escale-queues a",
    "[data-lines] a",
    ".fr-table tbody a",
    ".desk-list a",
    ".desk-watched a",
    ".step4-booking a",
    ".step4-verdict input[type=radio]:checked",
    ".step4-verdict:not(:has(:checked)) .fr-radio-group:first-of-type input",
    "#fiche .fr-btn",
    ".escale-panel > summary",
    ".escale-panel[open] input[type=checkbox]",
    ".escale-panel[open] input[type=radio]:checked",
    ".escale-panel[open] .fr-btn",
    "[data-gate-page] [data-gate] :is(input[type=checkbox], .fr-btn)",
  ].join(",");
  const seen = (element) => element.getClientRects().length > 0;
  const items = () => [...document.querySelectorAll(`main :is(${ITEMS})`)].filter(seen);

  const move = (step) => {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const panel = () =>
    document.activeElement.closest(".escale-panel[open], [data-gate-page]") ||
    document.querySelector(".escale-panel[data-ours][open]") ||
    document.querySelector(".escale-panel[open]") ||
    document.querySelector("[data-gate-page]");

  // A gate whose points are ticked one by one: the next one not seen yet, then the button that accepts.
  const BOX = "[data-point] .fr-checkbox-group input[type=checkbox]";
  const pass = (gate, here) => {
    const boxes = [...gate.querySelectorAll(BOX)];
    if (!boxes.length) return false;
    const point = here.closest("[data-point]")?.querySelector("input[type=checkbox]");
    const box = point && !point.checked ? point : boxes.find((each) => !each.checked);
    if (box) box.click();
    const next = boxes.find((each) => !each.checked) ?? gate.querySelector("[data-decide]");
    next.focus();
    next.scrollIntoView({ block: "center" });
    return true;
  };

  // The sheet of an interview: what the agent sees is as it should be; then the next control without a verdict.
  const VERDICT = ".step4-verdict";
  const see = (here) => {
    const all = [...document.querySelectorAll(VERDICT)];
    const next = () => all.find((each) => !each.querySelector(":checked"));
    const one = here.closest(VERDICT) ?? next();
    if (!one) return false;
    one.querySelector("input[value=ok]").click();
    (next() ?? one.closest("form")).querySelector(next() ? "input" : "[name=hold]").focus();
    return true;
  };

  const validate = () => {
    const here = document.activeElement;
    if (!panel() && see(here)) return;
    const gate = panel()?.querySelector("[data-gate]");
    if (gate && (!here.closest("form") || gate.contains(here)) && pass(gate, here)) return;
    if (here.matches("main input[type=checkbox]")) {
      here.click();
      move(1);
      return;
    }
    const button = [...(panel()?.querySelectorAll("button.fr-btn:not(.fr-btn--secondary, .fr-btn--tertiary)") ?? [])].find(seen);
    button?.focus();
  };

  const point = () =>
    document.activeElement.closest("[data-point]") ||
    document.querySelector("[data-point]:has(input[type=checkbox]:not(:checked))") ||
    document.querySelector("[data-point]");

  const all = () => document.querySelector("[data-gate] [data-all]")?.focus();
  const zoom = () => point()?.querySelector("a[data-zoom]")?.click();

  const remark = () => {
    const own = panel()?.querySelector("[data-gate]") && point()?.querySelector("[data-remark]");
    if (own) {
      own.open = true;
      own.querySelector("textarea").focus();
      return;
    }
    const fold = panel()?.querySelector("details:has(form)");
    if (fold) fold.open = true;
    // A point may say what is asked again when it is wrong: the photo, or the label.
    const again = fold && document.activeElement.closest("[data-again]")?.dataset.again;
    const field = (again && fold.querySelector(`[name="${again}"]`)) || (fold ?? document).querySelector("textarea, select, input:not([type=hidden])");
    (fold ? field : document.querySelector("#notes ~ form textarea"))?.focus();
  };

  const search = () => document.querySelector("input[type=search]")?.focus();

  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  openTarget();
  addEventListener("hashchange", openTarget);

  const KEYS = { j: () => move(1), k: () => move(-1), v: validate, r: remark, a: all, z: zoom, "/": search, "?": () => help.showModal() };
  // A page that waits for a scanner holds the focus in its field: Escape leaves it for the keys.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("main :is(input, textarea)")) event.target.blur();
    const typing = event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (!active.checked || typing || document.querySelector("dialog[open]") || event.ctrlKey || event.altKey || event.metaKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
