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
  const own = find("own"), other = find("other"), state = find("state");
  const cameraList = find("camera-list"), microphoneList = find("microphone-list");
  const chat = find("chat"), challenge = find("challenge"), denied = find("denied"), blockedPlace = find("blocked");
  // The test of the product keeps the call on this machine.
  const loopback = place.dataset.loopback === "1";

  let after = Number(place.dataset.after);
  let stream = null, call = null, peer = "", attempt = "", candidates = [], phase = "waiting", finished = false;
  let away = place.dataset.elsewhere === "1", reach = null, watched = 0, since = 0, noted = "";
  const status = { connected: 0, polls: 0, rejoined: 0, blocked: 0 };
  window.escaleRoom = { status, statistics: () => (call ? call.getStats() : Promise.resolve(new Map())) };

  const tell = (text) => { if (state.textContent !== text) state.textContent = text; };

  async function send(kind, body) {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ kind, body: { ...body, from: me } }),
      });
      return answer.ok;
    } catch {
      return false;
    }
  }

  async function devices(camera, microphone) {
    if (away) return false;
    tell(words.asking);
    try {
      const fresh = await window.escaleDevices.open(camera, microphone);
      const before = stream;
      stream = fresh;
      own.srcObject = stream;
      if (call && before) {
        for (const sender of call.getSenders()) {
          const track = stream.getTracks().find((one) => sender.track && one.kind === sender.track.kind);
          if (track) await sender.replaceTrack(track);
        }
      }
      if (before) {
        for (const kind of ["audio", "video"]) {
          const muted = before.getTracks().some((track) => track.kind === kind && !track.enabled);
          stream.getTracks().filter((track) => track.kind === kind).forEach((track) => { track.enabled = !muted; });
        }
        before.getTracks().forEach((track) => track.stop());
      }
      const using = (kind) => stream.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId;
      await window.escaleDevices.fill(cameraList, "videoinput", using("video"));
      await window.escaleDevices.fill(microphoneList, "audioinput", using("audio"));
      denied.hidden = true;
      tell("");
      return true;
    } catch (error) {
      tell("");
      window.escaleDevices.explain(denied, words, error);
      return false;
    }
  }

  function hangUp() {
    clearTimeout(watched);
    if (place.dataset.means === "video") place.dataset.means = "";
    if (call) {
      call.onconnectionstatechange = call.onicecandidate = call.ontrack = null;
      call.close();
    }
    call = null;
    candidates = [];
  }

  // The picture does not pass: the truth at once, on both sides, and what to do.
  function blocked(where) {
    clearTimeout(watched);
    status.blocked += 1;
    place.dataset.means = "blocked";
    blockedPlace.hidden = false;
    find("blocked-why").textContent = words[`blocked_${where}`];
    tell(words.blocked);
    if (where !== "there") send("state", { media: where === "here" ? "blocked" : "between" });
  }

  function passes() {
    clearTimeout(watched);
    since = 0;
    place.dataset.means = "video";
    blockedPlace.hidden = true;
  }

  // A call that has not begun after some seconds is tried once more, then given up.
  function stuck() {
    if (!call || call.connectionState === "connected" || finished) return;
    if (reach && reach.blocked()) blocked("here");
    else if (performance.now() - since > 14000) blocked("between");
    else if (side === "agent") again();
    else watched = setTimeout(stuck, 8000);
  }

  function begin(withWhom, which) {
    hangUp();
    peer = withWhom;
    attempt = which;
    reach = window.escaleReach.gatherer();
    if (!since) since = performance.now();
    call = new RTCPeerConnection({ iceServers: JSON.parse(place.dataset.ice || "[]") });
    if (stream) stream.getTracks().forEach((track) => call.addTrack(track, stream));
    else for (const kind of ["audio", "video"]) call.addTransceiver(kind, { direction: "recvonly" });
    call.ontrack = (event) => { other.srcObject = event.streams[0]; };
    call.onicecandidate = (event) => {
      reach.note(event.candidate);
      if (reach.blocked()) { blocked("here"); return; }
      if (event.candidate && (!loopback || / (127\.|::1 )/.test(event.candidate.candidate)))
        send("candidate", { to: peer, attempt, candidate: event.candidate.toJSON() });
    };
    call.onconnectionstatechange = () => {
      const now = call.connectionState;
      place.dataset.connection = now;
      if (now === "connected") { status.connected += 1; passes(); tell(words.connected); }
      else if (now === "connecting") tell(words.connecting);
      else if (now === "disconnected") tell(words.lost);
      else if (now === "failed") {
        if (place.dataset.means === "video") { place.dataset.means = ""; tell(words.lost); again(); }
        else stuck();
      }
    };
    watched = setTimeout(stuck, 8000);
  }

  // The agent calls; the applicant says when they are ready. After a cut both start anew.
  async function offer(withWhom) {
    begin(withWhom, crypto.randomUUID());
    await call.setLocalDescription(await call.createOffer());
    await send("offer", { to: peer, attempt, description: call.localDescription });
  }

  function again() {
    if (away || finished) return;
    status.rejoined += 1;
    hangUp();
    send(side === "agent" ? "hello" : "ready", {});
  }

  async function hear(message) {
    const { kind, body } = message;
    if (kind === "chat") return write(words.other, body.text);
    if (away || (body.to && body.to !== me)) return undefined;
    if (kind === "state") {
      if (place.dataset.means !== "video" && ["blocked", "between"].includes(body.media) && blockedPlace.hidden)
        blocked(body.media === "blocked" ? "there" : "between");
      return undefined;
    }
    if (kind === "bye") {
      if (!peer || body.from === peer) { hangUp(); since = 0; tell(words.left); }
      return undefined;
    }
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

  function put(part, text) {
    const line = find(part);
    line.hidden = !text;
    if (line.textContent !== text) line.textContent = text;
  }

  // The agent reads it on the sheet.
  function showChallenge(asked) {
    if (side === "agent") return;
    put("challenge", asked ? asked.text : "");
    const device = find("device"), code = asked ? asked.code : "";
    device.hidden = !code;
    if (!code || device.dataset.code === code) return;
    device.dataset.code = code;
    find("device-code").textContent = code;
    find("device-page").textContent = asked.page;
    find("device-picture").src = asked.picture;
    put("device-said", "");
  }

  // The interview goes on elsewhere: this page keeps the chat, and gives camera and microphone back.
  function leaveFor(address) {
    const moved = find("away-link").getAttribute("href") !== address;
    find("away-link").href = address;
    find("away").hidden = false;
    if (!moved) return;
    put("away-word", words.away);
    away = true;
    hangUp();
    blockedPlace.hidden = denied.hidden = true;
    find("call").hidden = true;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = own.srcObject = other.srcObject = null;
    tell("");
  }

  function show(news) {
    put("presence", news.present ? words.there : words.alone);
    put("wait", news.wait);
    put("still", news.still && side === "applicant" ? news.still.text : news.taken && side === "applicant" ? news.taken : "");
    place.dataset.phase = news.phase;
    showChallenge(news.challenge);
    if (news.elsewhere) leaveFor(news.elsewhere);
    const key = JSON.stringify([news.still && news.still.told, news.challenge && news.challenge.id]);
    if (side === "agent" && key !== noted) {
      noted = key;
      document.dispatchEvent(new CustomEvent("escale:room", { detail: { still: news.still, challenge: news.challenge, video: other } }));
    }
  }

  function end() {
    finished = true;
    hangUp();
    if (stream) stream.getTracks().forEach((track) => track.stop());
    own.srcObject = other.srcObject = null;
    // « device » is on the applicant's page alone, « over » as well.
    for (const part of ["away", "waiting", "call", "presence", "challenge", "device", "blocked", "denied", "still", "wait", "writing"]) {
      const shown = find(part);
      if (shown) shown.hidden = true;
    }
    tell(words.over);
    const next = find("over");
    if (next) next.hidden = false;
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
          show(news);
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
  for (const list of [cameraList, microphoneList])
    list.addEventListener("change", () => devices(cameraList.value, microphoneList.value));
  find("retry").addEventListener("click", async () => { if (await devices("", "")) again(); });
  for (const button of place.querySelectorAll("[data-rejoin]"))
    button.addEventListener("click", () => { since = 0; blockedPlace.hidden = true; again(); });
  find("say").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.currentTarget.elements.text;
    const text = field.value.trim();
    if (!text) return;
    if (await send("chat", { text })) { write(words.me, text); field.value = ""; }
    else tell(words.unsent);
  });
  const device = find("device-answer");
  if (device) device.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(device.action, {
      method: "POST", headers: { "X-CSRFToken": token }, body: new FormData(device),
    });
    put("device-said", (await answer.json()).said);
    device.reset();
  });
  window.addEventListener("online", again);
  window.addEventListener("pagehide", () => {
    fetch(url, {
      method: "POST", keepalive: true, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ kind: "bye", body: { from: me } }),
    });
  });

  find("live").hidden = false;
  window.escaleReach.watch(() => call, find("quality"), words);
  if (away) find("call").hidden = true;
  devices("", "").finally(poll);
})();
