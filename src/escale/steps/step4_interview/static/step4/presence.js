// A scanned address carries the code after « # »: it is put in the field, and taken out of the address.
"use strict";

(() => {
  const form = document.getElementById("presence");
  const code = decodeURIComponent(window.location.hash.slice(1));
  if (!form || !/^[0-9A-Za-z-]{8,12}$/.test(code)) return;
  form.elements.code.value = code;
  window.history.replaceState(null, "", window.location.pathname);
})();
