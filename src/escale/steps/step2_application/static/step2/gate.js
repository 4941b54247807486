// Gates 1 and 2: pieces are enlarged and turned in place, points seen are counted. Without this file a piece opens in a
// window of its own, and nothing else is lost.
(() => {
  "use strict";
  const template = document.querySelector("template[data-viewer]");
  if (!template || document.querySelector(".gate-viewer")) return;  // a file of a case may ask for this twice
  const dialog = template.content.firstElementChild.cloneNode(true);
  document.querySelector("main").append(dialog);
  const sheet = dialog.querySelector(".gate-viewer__sheet");
  const image = dialog.querySelector("img");
  let zoom = 1;
  let turned = 0;

  const draw = () => {
    const sideways = turned % 180 !== 0;
    const [width, height] = sideways ? [image.naturalHeight, image.naturalWidth] : [image.naturalWidth, image.naturalHeight];
    if (!width) return;
    const scale = Math.min((sheet.clientWidth - 16) / width, (sheet.clientHeight - 16) / height) * zoom;
    image.style.width = `${image.naturalWidth * scale}px`;
    image.style.transform = `rotate(${turned}deg)`;
    const spill = (sideways ? image.naturalWidth - image.naturalHeight : 0) * scale / 2;
    image.style.margin = `${spill}px ${-spill}px`;
  };
  const DO = {
    in: () => { zoom = Math.min(zoom * 1.5, 8); },
    out: () => { zoom = Math.max(zoom / 1.5, 1); },
    turn: () => { turned = (turned + 90) % 360; },
    close: () => dialog.close(),
  };
  dialog.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (!act) return;
    DO[act]();
    draw();
  });
  const KEYS = { "+": "in", "-": "out", t: "turn" };
  dialog.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    DO[KEYS[event.key]]();
    draw();
  });
  image.addEventListener("load", draw);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    zoom = 1;
    turned = 0;
    image.alt = link.querySelector("img").alt;
    dialog.showModal();
    image.src = link.href;
    draw();
  });

  const count = document.querySelector("[data-count]");
  if (!count) return;
  const boxes = [...document.querySelectorAll("[data-gate] [data-point] input[type=checkbox]")];
  const tell = () => {
    count.textContent = `${boxes.filter((box) => box.checked).length} / ${boxes.length} ${count.dataset.seen}`;
  };
  count.hidden = false;
  boxes.forEach((box) => box.addEventListener("change", tell));
  tell();
})();
