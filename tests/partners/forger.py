"""An OpenID Connect provider that says what a test wants: to prove that adapters trust nothing but the right answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey

type Seal = Callable[[str], str]


def _plain(token: str) -> str:
    return token


@dataclass
class Forger:
    """``id_claims`` and ``user_claims`` are signed by ``key`` and sealed by ``seal``; ``documents`` replace answers."""

    issuer: str
    published: ECKey
    key: ECKey
    id_claims: dict[str, Any] = field(default_factory=dict)
    user_claims: dict[str, Any] = field(default_factory=dict)
    seal: Seal = _plain
    header: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    userinfo_type: str = "application/jwt"
    asked: list[str] = field(default_factory=list)

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "ES256", "kid": "right", **self.header}
        return self.seal(jws.serialize_compact(header, json.dumps(claims).encode(), self.key, algorithms=["ES256"]))

    def answer(self, path: str) -> tuple[str, bytes]:
        self.asked.append(path)
        if path in self.documents:
            return "application/json", json.dumps(self.documents[path]).encode()
        if path == "/userinfo":
            return self.userinfo_type, self.signed(self.user_claims).encode()
        return "application/json", json.dumps(self._document(path)).encode()

    def _document(self, path: str) -> dict[str, Any]:
        if path == "/jwks":
            return {"keys": [self.published.as_dict(private=False)]}
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(self.id_claims)}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
        }


@contextmanager
def forging() -> Iterator[Forger]:
    """A forger on a free port of the loopback."""
    key = ECKey.generate_key("P-256", {"kid": "right", "use": "sig"}, private=True)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = forger.answer(self.path)
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger = Forger(f"http://127.0.0.1:{server.server_port}", key, key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
