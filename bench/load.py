"""A small client for loads: some connections kept open, each asking again as soon as it is answered."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back: seconds of each answer, and how many were not a 200."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    lasted: float = 0.0
    bytes: int = 0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.lasted

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ranked = sorted(self.seconds)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def _answer(connection: socket.socket, request: bytes) -> tuple[bool, int]:
    """Send one request and read its whole answer, which must say its length. Whether it is a 200, and its size.

    Raises ConnectionError.
    """
    connection.sendall(request)
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        head += part
    head, _, body = head.partition(b"\r\n\r\n")
    fields = head.lower()
    length = int(fields.partition(b"content-length:")[2].partition(b"\r\n")[0])
    size = len(body)
    while size < length:
        size += len(connection.recv(65536))
    return b" 200 " in head[:16], length


def ask(port: int, visits: Sequence[tuple[str, str]], *, seconds: float = 2.0, pace: float = 0.0) -> Load:
    """Ask again and again during ``seconds``, over one connection for each visit: its path and its cookie.

    ``pace``: so many a second, all together, instead of as many as are answered. A wait is then counted from the moment
    at which the question was due, so that a server that falls behind is not spared.
    """
    load, lock = Load(), threading.Lock()
    start = time.perf_counter()

    def one(place: int, path: str, cookie: str) -> None:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Language: fr", f"Cookie: {cookie}"]
        request = "\r\n".join([*lines, "", ""]).encode()
        mine, failed, size = list[float](), 0, 0
        each, due = (len(visits) / pace if pace else 0.0), start + (place / pace if pace else 0.0)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() - start < seconds:
                time.sleep(max(0.0, due - time.perf_counter()))
                began = due if pace else time.perf_counter()
                due += each
                good, size = _answer(connection, request)
                mine.append(time.perf_counter() - began)
                failed += not good
        with lock:
            load.seconds += mine
            load.failures += failed
            load.bytes = size

    threads = [threading.Thread(target=one, args=(place, *visit)) for place, visit in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.lasted = time.perf_counter() - start
    return load
