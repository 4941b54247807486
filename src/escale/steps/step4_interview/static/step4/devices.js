// Camera and microphone: had, chosen, and when refused, what to do in this browser. Words come from the page.
"use strict";

window.escaleDevices = (() => {
  const MISSING = new Set(["NotFoundError", "OverconstrainedError", "DevicesNotFoundError"]);
  const BUSY = new Set(["NotReadableError", "AbortError", "TrackStartError"]);

  function browser() {
    const name = navigator.userAgent;
    if (name.includes("Firefox/")) return "firefox";
    if (name.includes("Safari/") && !name.includes("Chrom") && !name.includes("Edg")) return "safari";
    return "chrome";
  }

  // Why the devices could not be had, and the steps of this browser alone.
  function explain(place, words, error) {
    const why = error.name === "NotAllowedError" ? "refused" : MISSING.has(error.name) ? "missing"
      : BUSY.has(error.name) ? "busy" : "other";
    place.hidden = false;
    place.dataset.why = why;
    place.querySelector("[data-why]").textContent = words[`device_${why}`];
    place.querySelectorAll("[data-browser]").forEach((steps) => {
      steps.hidden = why !== "refused" || steps.dataset.browser !== browser();
    });
  }

  function open(camera, microphone) {
    const video = camera ? { deviceId: { exact: camera } } : { width: { ideal: 1280 }, height: { ideal: 720 } };
    const audio = microphone ? { deviceId: { exact: microphone } } : true;
    if (!navigator.mediaDevices) return Promise.reject(new DOMException("", "NotFoundError"));
    return navigator.mediaDevices.getUserMedia({ video, audio });
  }

  async function fill(list, kind, current) {
    const found = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === kind);
    list.replaceChildren(...found.map((one, place) => {
      const option = new Option(one.label || String(place + 1), one.deviceId);
      option.selected = one.deviceId === current;
      return option;
    }));
    list.closest("[data-choice]").hidden = found.length < 2;
  }

  return { open, explain, fill };
})();
