"""A citizen's browser before FranceConnect+, and the product's published keys."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

PROVIDER = "eda17ef8-55a2-45b6-bf3f-e2406240949c"


class Citizen:
    """Goes through the simulator's pages like a browser, and comes back with what the product receives."""

    def __init__(self) -> None:
        self.browser = httpx.Client(trust_env=False, timeout=15)

    def open(self, address: str) -> httpx.Response:
        """The first page shown, following the simulator's own redirections alone."""
        return self._followed(self.browser.get(address), urlsplit(address).netloc)

    def choose(self, page: httpx.Response, **form: str) -> httpx.Response:
        return self._followed(self.browser.post(page.url, data=form), page.url.netloc.decode())

    def sign_in(self, address: str, login: str = "jeanne", **form: str) -> dict[str, str]:
        """From the product's link to the query of the return; a live session spares the identity provider."""
        page = self.open(address)
        if "/interaction/" in str(page.url) and not str(page.url).endswith("/consent"):
            page = self.choose(page, idp=PROVIDER)
        if "/fournisseur/" in str(page.url):
            page = self.choose(page, login=login, **form)
        if page.status_code == 200:
            page = self.choose(page, **{"continue": "1"})
        return returned(page)

    def _followed(self, answer: httpx.Response, host: str) -> httpx.Response:
        while answer.has_redirect_location:
            assert answer.next_request is not None
            if answer.next_request.url.netloc.decode() != host:
                return answer
            answer = self.browser.send(answer.next_request)
        return answer


def returned(answer: httpx.Response) -> dict[str, str]:
    """The query with which the browser comes back to the product."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@contextmanager
def published(port: int, documents: dict[str, Any]) -> Iterator[None]:
    """The product's documents by path, on its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document = documents.get(self.path)
            self.send_response(200 if document is not None else 404)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
