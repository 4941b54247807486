"""Waiting until every process of the stack answers."""

import socket
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from escale.stack.errors import StackError

HEALTH = "/sante/"
PAUSE = 0.1


def answers(url: str, timeout: float = 2.0) -> int | None:
    """Status with which a site answers its health page, or None when nobody answers."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
    try:
        connection.request("GET", HEALTH, headers={"Host": parts.netloc})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def listens(host: str, port: int) -> bool:
    """Whether something accepts connections on a port."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def wait_until(checks: Mapping[str, Callable[[], bool]], *, seconds: float, watch: Callable[[], None]) -> None:
    """Wait until every named check holds. ``watch`` is called between tries and may raise.

    Raises StackError naming what did not come up within ``seconds``.
    """
    waiting = dict(checks)
    deadline = time.monotonic() + seconds
    while True:
        waiting = {name: check for name, check in waiting.items() if not check()}
        if not waiting:
            return
        watch()
        if time.monotonic() > deadline:
            raise StackError(f"Not ready after {seconds:.0f} s: {', '.join(sorted(waiting))}.")
        time.sleep(PAUSE)
