"""Waiting until every process answers."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from escale.stack import StackError
from escale.stack.assembly import _Healthy
from escale.stack.process import Child
from escale.stack.readiness import answers, listens, wait_until


class Site(BaseHTTPRequestHandler):
    """Answers with the next of the planned statuses, the last one for ever."""

    statuses: list[int]

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing in the middle of the tests."""


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def url(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def healthy(server: HTTPServer, log: Path) -> _Healthy:
    log.write_text("Traceback\nno such module")
    return _Healthy(url(server), Child("desk", [], environment={}, log=log))


def test_a_site_is_waited_for(site: HTTPServer, tmp_path: Path):
    Site.statuses = [503, 503, 200]

    wait_until({"desk": healthy(site, tmp_path / "desk.log")}, seconds=5, watch=lambda: None)

    assert answers(url(site)) == 200


def test_a_site_that_only_fails_is_not_waited_for(site: HTTPServer, tmp_path: Path):
    Site.statuses = [500]

    with pytest.raises(StackError, match=r"desk answers with status 500.*\n.*\nno such module"):
        wait_until({"desk": healthy(site, tmp_path / "desk.log")}, seconds=60, watch=lambda: None)


def test_a_silent_site_is_named():
    with pytest.raises(StackError, match="Not ready after 0 s: portal"):
        wait_until({"portal": lambda: False, "desk": lambda: True}, seconds=0.2, watch=lambda: None)


def test_a_dead_process_ends_the_wait():
    def watch() -> None:
        raise StackError("worker ended")

    with pytest.raises(StackError, match="worker ended"):
        wait_until({"portal": lambda: False}, seconds=60, watch=watch)


def test_who_listens_and_who_does_not(site: HTTPServer):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        assert listens("127.0.0.1", site.server_port)
        assert not listens("127.0.0.1", port)
        assert answers(f"http://127.0.0.1:{port}") is None
