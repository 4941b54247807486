"""A stand-in for the product: it answers the partner's pushes as it is told, and remembers them."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Pushed:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def reference(self) -> str:
        """Our reference, where each of the pushing partners puts it."""
        if self.headers.get("Content-Type") == "message/rfc822":
            returned_to = re.search(rb"^Delivered-To: \w+\+(.+)\.\w+@", self.body, re.MULTILINE)
            return returned_to[1].decode() if returned_to else ""
        return str(self.json.get("subject") or self.json.get("reference"))


@dataclass
class Listener:
    """``statuses``: what to answer first about a reference of ours; 204 once they are used up."""

    port: int
    statuses: dict[str, list[int]] = field(default_factory=dict)
    pushed: list[Pushed] = field(default_factory=list)

    def __enter__(self) -> Listener:
        product = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                pushed = Pushed(self.path, dict(self.headers), body)
                product.pushed.append(pushed)
                statuses = product.statuses.get(pushed.reference)
                self.send_response(statuses.pop(0) if statuses else 204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, reference: str, count: int, seconds: float = 10.0) -> list[Pushed]:
        """The pushes about a reference, once there are ``count`` of them or the time is up."""
        deadline = time.monotonic() + seconds
        while True:
            found = [push for push in list(self.pushed) if push.reference == reference]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.05)
