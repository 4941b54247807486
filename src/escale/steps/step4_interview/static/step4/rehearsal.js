// Tries camera, microphone and network on this device, and writes the result in the form. Words come from the page.
"use strict";

(() => {
  const place = document.getElementById("essai");
  const words = JSON.parse(document.getElementById("essai-mots").textContent);
  const form = document.getElementById("essai-resultat");
  const find = (name) => place.querySelector(`[data-part="${name}"]`);

  function found(what, works, said) {
    form.elements[what].value = works ? "1" : "0";
    const line = find(what);
    line.dataset.works = works ? "1" : "0";
    line.textContent = words[`${what}_${said || (works ? "ok" : "no")}`];
  }

  // Quick enough, and open to picture and sound: the second is tried with a call from this page to itself.
  async function network() {
    const times = [];
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      const answer = await fetch("/sante/", { cache: "no-store" });
      if (!answer.ok) return "no";
      times.push(performance.now() - start);
    }
    if (times.sort((one, two) => one - two)[2] > 1500 || typeof RTCPeerConnection !== "function") return "no";
    const road = await window.escaleReach.attempt(JSON.parse(place.dataset.ice || "[]"));
    return { direct: "ok", relay: "relay", blocked: "blocked" }[road];
  }

  async function heard(stream) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    const meter = find("meter");
    let loudest = 0;
    for (let round = 0; round < 40; round += 1) {
      await new Promise((done) => setTimeout(done, 100));
      analyser.getByteTimeDomainData(samples);
      const level = Math.max(...samples.map((sample) => Math.abs(sample - 128)));
      meter.value = level;
      loudest = Math.max(loudest, level);
      if (loudest > 12) break;
    }
    await context.close();
    return loudest > 2;
  }

  async function seen(video) {
    for (let round = 0; round < 30; round += 1) {
      if (video.videoWidth > 0 && video.currentTime > 0) return true;
      await new Promise((done) => setTimeout(done, 100));
    }
    return false;
  }

  async function attempt() {
    find("start").disabled = true;
    let stream = null;
    try {
      find("denied").hidden = true;
      stream = await window.escaleDevices.open("", "");
      const video = find("preview");
      video.srcObject = stream;
      found("camera", await seen(video));
      find("speak").textContent = words.speak;
      found("microphone", await heard(stream));
    } catch (error) {
      window.escaleDevices.explain(find("denied"), words, error);
      found("camera", false);
      found("microphone", false);
    }
    const road = await network().catch(() => "no");
    found("network", road === "ok" || road === "relay", road);
    if (stream) stream.getTracks().forEach((track) => track.stop());
    find("speak").textContent = "";
    find("start").disabled = false;
    document.getElementById("essai-garder").hidden = false;
  }

  find("start").hidden = false;
  find("start").addEventListener("click", attempt);
})();
