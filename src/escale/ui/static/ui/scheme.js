// Dark or light, as the system says. Before the page is painted; without this file the page is light.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.frTheme = dark.matches && !matchMedia("print").matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("beforeprint", () => (document.documentElement.dataset.frTheme = "light"));
  addEventListener("afterprint", apply);
})();
