// Dark or light, as the visitor chose at the foot of the page, else as the machine says. Before the page is painted.
// Without this file a choice still holds, and pages are light by default.
(() => {
  "use strict";
  const root = document.documentElement;
  const chosen = root.dataset.scheme;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wanted = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
    root.dataset.frTheme = matchMedia("print").matches ? "light" : wanted;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("beforeprint", () => (root.dataset.frTheme = "light"));
  addEventListener("afterprint", apply);
})();
