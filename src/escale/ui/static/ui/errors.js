// The summary of errors takes the focus by its autofocus, but for an address that ends with a field's anchor: a browser
// then leaves autofocus aside (HTML, 6.6.7). Whoever followed a link of the summary and is wrong again has such an address.
"use strict";

window.addEventListener("load", () => {
  const summary = document.getElementById("erreurs");
  if (window.location.hash && summary) summary.focus();
});
