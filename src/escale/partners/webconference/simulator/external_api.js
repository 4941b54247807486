/* The script that pages embed: a room in a frame, its events told to the page (names and shapes of the Jitsi IFrame API). */
(function () {
  "use strict";
  var base = document.currentScript.src.replace(/external_api\.js.*$/, "");

  function JitsiMeetExternalAPI(domain, options) {
    var self = this;
    this._listeners = {};
    this._name = options.roomName;
    this._frame = document.createElement("iframe");
    this._frame.title = "Webconférence";
    this._frame.allow = "camera; microphone";
    this._frame.style.border = "0";
    this._frame.style.width = options.width ? String(options.width) : "100%";
    this._frame.style.height = options.height ? String(options.height) : "100%";
    this._frame.src = base + encodeURIComponent(options.roomName) + (options.jwt ? "?jwt=" + options.jwt : "");
    options.parentNode.appendChild(this._frame);
    if (options.onload) {
      this._frame.addEventListener("load", options.onload);
    }
    this._receive = function (message) {
      if (message.source === self._frame.contentWindow && message.data && message.data.webconf) {
        self._emit(message.data.event, message.data.detail);
      }
    };
    window.addEventListener("message", this._receive);
  }

  JitsiMeetExternalAPI.prototype = {
    _emit: function (event, detail) {
      (this._listeners[event] || []).forEach(function (listener) { listener(detail); });
    },
    addListener: function (event, listener) {
      (this._listeners[event] = this._listeners[event] || []).push(listener);
    },
    removeListener: function (event, listener) {
      this._listeners[event] = (this._listeners[event] || []).filter(function (other) { return other !== listener; });
    },
    executeCommand: function (command) {
      this._frame.contentWindow.postMessage({ webconf: true, command: command }, new URL(base).origin);
    },
    getIFrame: function () { return this._frame; },
    dispose: function () {
      window.removeEventListener("message", this._receive);
      this._frame.remove();
    }
  };
  JitsiMeetExternalAPI.prototype.on = JitsiMeetExternalAPI.prototype.addListener;
  JitsiMeetExternalAPI.prototype.off = JitsiMeetExternalAPI.prototype.removeListener;
  window.JitsiMeetExternalAPI = JitsiMeetExternalAPI;
})();
