// Whether picture and sound can leave this network, and how well they pass. Words come from the page.
"use strict";

window.escaleReach = (() => {
  // What the addresses found say: UDP of our own, a relay, or nothing that can carry a call.
  function gatherer() {
    const found = { udp: false, relay: false, done: false };
    return {
      found,
      note(candidate) {
        if (!candidate || !candidate.candidate) { found.done = true; return; }
        if (candidate.type === "relay" || / typ relay/.test(candidate.candidate)) found.relay = true;
        else if (/ udp /i.test(candidate.candidate)) found.udp = true;
      },
      blocked: () => found.done && !found.udp && !found.relay,
    };
  }

  // A call from this page to itself: the same road as the interview's, without anybody. "direct", "relay" or "blocked".
  async function attempt(ice) {
    const ends = [new RTCPeerConnection({ iceServers: ice }), new RTCPeerConnection({ iceServers: ice })];
    const seen = gatherer();
    try {
      const joined = new Promise((done) => {
        ends.forEach((end, place) => {
          end.onicecandidate = (event) => {
            if (place === 0) seen.note(event.candidate);
            if (event.candidate) ends[1 - place].addIceCandidate(event.candidate).catch(() => {});
            if (seen.blocked()) done(false);
          };
          end.onconnectionstatechange = () => {
            if (end.connectionState === "connected") done(true);
            if (end.connectionState === "failed") done(false);
          };
        });
        setTimeout(() => done(false), 8000);
      });
      ends[0].createDataChannel("essai");
      await ends[0].setLocalDescription(await ends[0].createOffer());
      await ends[1].setRemoteDescription(ends[0].localDescription);
      await ends[1].setLocalDescription(await ends[1].createAnswer());
      await ends[0].setRemoteDescription(ends[1].localDescription);
      if (!await joined) return "blocked";
      return seen.found.udp ? "direct" : "relay";
    } finally {
      ends.forEach((end) => end.close());
    }
  }

  // Every three seconds: good, poor or bad, in words, with the figures beside.
  function watch(call, place, words) {
    let before = null, level = "";
    async function measure() {
      const current = call();
      if (!current || current.connectionState !== "connected") { place.hidden = true; before = null; return; }
      const now = { received: 0, lost: 0, bytes: 0, at: performance.now(), rtt: 0 };
      (await current.getStats()).forEach((one) => {
        if (one.type === "inbound-rtp") {
          now.received += one.packetsReceived || 0;
          now.lost += Math.max(0, one.packetsLost || 0);
          now.bytes += one.bytesReceived || 0;
        }
        if (one.type === "candidate-pair" && one.nominated && one.currentRoundTripTime !== undefined)
          now.rtt = Math.round(one.currentRoundTripTime * 1000);
      });
      const last = before;
      before = now;
      if (!last || now.bytes < last.bytes) return;
      const lost = Math.max(0, now.lost - last.lost), received = now.received - last.received;
      const loss = received + lost ? Math.round((100 * lost) / (received + lost)) : 100;
      const rate = Math.round((now.bytes - last.bytes) * 8 / (now.at - last.at));
      const found = loss > 10 || now.rtt > 800 || !rate ? "bad" : loss > 3 || now.rtt > 300 ? "poor" : "good";
      place.hidden = false;
      place.dataset.quality = found;
      if (found !== level) place.querySelector("[data-level]").textContent = words[`quality_${found}`];
      level = found;
      place.querySelector("[data-figures]").textContent = words.quality_detail
        .replace("{rtt}", now.rtt).replace("{loss}", loss).replace("{rate}", rate);
    }
    setInterval(() => { measure().catch(() => {}); }, 3000);
  }

  return { gatherer, attempt, watch };
})();
