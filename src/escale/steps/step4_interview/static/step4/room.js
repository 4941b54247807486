// The call between two browsers. Words come from the page, messages pass through the product by short polling
// (« after n », so that none is lost), picture and sound go from browser to browser. Nothing is recorded.
"use strict";

(() => {
  const place = document.getElementById("salle");
  if (!place) return;
  const words = JSON.parse(document.getElementById("salle-mots").textContent);
  const side = place.dataset.side;
  const url = place.dataset.messages;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const me = crypto.randomUUID();
  const find = (name) => place.querySelector(`[data-part="${name}"]`);
  const own = find("own"), other = find("other"), state = find("state"), presence = find("presence");
  const cameraList = find("camera-list"), chat = find("chat"), challenge = find("challenge");
  // The test of the product keeps the call on this machine.
  const loopback = place.dataset.loopback === "1";

  let after = Number(place.dataset.after);
  let stream = null, call = null, peer = "", attempt = "", candidates = [], phase = "waiting", finished = false;
  const status = { connected: 0, polls: 0, rejoined: 0 };
  window.escaleRoom = { status, statistics: () => (call ? call.getStats() : Promise.resolve(new Map())) };

  const tell = (text) => { if (state.textContent !== text) state.textContent = text; };

  async function send(kind, body) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ kind, body: { ...body, from: me } }),
    });
    return answer.ok;
  }

  async function devices(wanted) {
    tell(words.asking);
    try {
      const video = wanted ? { deviceId: { exact: wanted } } : { width: { ideal: 1280 }, height: { ideal: 720 } };
      const fresh = await navigator.mediaDevices.getUserMedia({ video, audio: true });
      const before = stream;
      stream = fresh;
      own.srcObject = stream;
      if (call && before) {
        for (const sender of call.getSenders()) {
          const track = stream.getTracks().find((one) => sender.track && one.kind === sender.track.kind);
          if (track) await sender.replaceTrack(track);
        }
      }
      if (before) before.getTracks().forEach((track) => track.stop());
      await listCameras();
      tell("");
      return true;
    } catch {
      tell(words.no_devices);
      find("retry").hidden = false;
      return false;
    }
  }

  async function listCameras() {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    const current = stream.getVideoTracks()[0]?.getSettings().deviceId;
    cameraList.replaceChildren(...cameras.map((camera, place) => {
      const option = new Option(camera.label || String(place + 1), camera.deviceId);
      option.selected = camera.deviceId === current;
      return option;
    }));
    find("camera-choice").hidden = cameras.length < 2;
  }

  function hangUp() {
    if (call) {
      call.onconnectionstatechange = call.onicecandidate = call.ontrack = null;
      call.close();
    }
    call = null;
    candidates = [];
  }

  function begin(withWhom, which) {
    hangUp();
    peer = withWhom;
    attempt = which;
    call = new RTCPeerConnection({ iceServers: JSON.parse(place.dataset.ice || "[]") });
    if (stream) stream.getTracks().forEach((track) => call.addTrack(track, stream));
    else for (const kind of ["audio", "video"]) call.addTransceiver(kind, { direction: "recvonly" });
    call.ontrack = (event) => { other.srcObject = event.streams[0]; };
    call.onicecandidate = (event) => {
      if (event.candidate && (!loopback || / (127\.|::1 )/.test(event.candidate.candidate)))
        send("candidate", { to: peer, attempt, candidate: event.candidate.toJSON() });
    };
    call.onconnectionstatechange = () => {
      const now = call.connectionState;
      place.dataset.connection = now;
      if (now === "connected") { status.connected += 1; tell(words.connected); }
      else if (now === "connecting") tell(words.connecting);
      else if (now === "disconnected") tell(words.lost);
      else if (now === "failed") { tell(words.lost); again(); }
    };
  }

  // The agent calls; the applicant says when they are ready. After a cut both start anew.
  async function offer(withWhom) {
    begin(withWhom, crypto.randomUUID());
    await call.setLocalDescription(await call.createOffer());
    await send("offer", { to: peer, attempt, description: call.localDescription });
  }

  function again() {
    status.rejoined += 1;
    hangUp();
    send(side === "agent" ? "hello" : "ready", {});
  }

  async function hear(message) {
    const { kind, body } = message;
    if (kind === "chat") return write(words.other, body.text);
    if (body.to && body.to !== me) return undefined;
    if (kind === "bye") { hangUp(); tell(words.alone); return undefined; }
    if (side === "agent" && kind === "ready") return offer(body.from);
    if (side === "applicant" && kind === "hello") return send("ready", {});
    if (kind === "offer") {
      begin(body.from, body.attempt);
      await call.setRemoteDescription(body.description);
      await call.setLocalDescription(await call.createAnswer());
      await send("answer", { to: peer, attempt, description: call.localDescription });
    } else if (!call || body.attempt !== attempt) {
      return undefined;  // left over from a call before this one
    } else if (kind === "answer") {
      await call.setRemoteDescription(body.description);
    } else if (kind === "candidate") {
      if (call.remoteDescription) await call.addIceCandidate(body.candidate);
      else candidates.push(body.candidate);
    }
    if (call.remoteDescription) {
      for (const candidate of candidates.splice(0)) await call.addIceCandidate(candidate);
    }
    return undefined;
  }

  function write(who, text) {
    const line = document.createElement("li");
    const name = document.createElement("strong");
    name.textContent = `${who} : `;
    line.append(name, String(text).slice(0, 2000));
    chat.append(line);
    chat.parentElement.scrollTop = chat.parentElement.scrollHeight;
  }

  // The agent reads it on the sheet.
  function showChallenge(asked) {
    if (side === "agent") return;
    challenge.hidden = !asked;
    if (asked && challenge.textContent !== asked.text) challenge.textContent = asked.text;
  }

  function end() {
    finished = true;
    hangUp();
    if (stream) stream.getTracks().forEach((track) => track.stop());
    own.srcObject = other.srcObject = null;
    challenge.hidden = true;
    tell(words.over);
  }

  async function poll() {
    while (!finished) {
      let pause = 1000;
      try {
        const answer = await fetch(`${url}?apres=${after}`, { headers: { Accept: "application/json" } });
        if (answer.status === 410) return end();
        if (answer.ok) {
          const news = await answer.json();
          status.polls += 1;
          if (news.phase === "over") return end();
          presence.textContent = news.present ? words.there : words.alone;
          place.dataset.phase = news.phase;
          showChallenge(news.challenge);
          if (news.phase === "called" && phase !== "called") {
            phase = "called";
            find("waiting").hidden = true;
            await send(side === "agent" ? "hello" : "ready", {});
          }
          for (const message of news.messages) {
            after = Math.max(after, message.n);
            if (phase === "called" || message.kind === "chat") await hear(message).catch(() => again());
          }
          if (news.messages.length) pause = 200;
          else if (call && call.connectionState === "connected") pause = 1500;
        }
      } catch {
        tell(words.network);
        pause = 2000;
      }
      await new Promise((done) => setTimeout(done, pause));
    }
    return undefined;
  }

  function toggle(kind, button, off, on) {
    const tracks = stream ? stream.getTracks().filter((track) => track.kind === kind) : [];
    tracks.forEach((track) => { track.enabled = !track.enabled; });
    const enabled = tracks.some((track) => track.enabled);
    button.textContent = enabled ? off : on;
    button.setAttribute("aria-pressed", String(!enabled));
  }

  find("mute").addEventListener("click", (event) => toggle("audio", event.currentTarget, words.mute, words.unmute));
  find("camera").addEventListener("click", (event) =>
    toggle("video", event.currentTarget, words.camera_off, words.camera_on));
  cameraList.addEventListener("change", () => devices(cameraList.value));
  find("retry").addEventListener("click", async () => { find("retry").hidden = true; await devices(""); again(); });
  find("rejoin").addEventListener("click", () => again());
  find("say").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.currentTarget.elements.text;
    const text = field.value.trim();
    if (text && await send("chat", { text })) { write(words.me, text); field.value = ""; }
  });
  window.addEventListener("online", again);
  window.addEventListener("pagehide", () => {
    fetch(url, {
      method: "POST", keepalive: true, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ kind: "bye", body: { from: me } }),
    });
  });

  find("live").hidden = false;
  devices("").finally(poll);
})();
