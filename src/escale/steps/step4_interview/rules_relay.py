"""The relays a browser may use when its network lets no UDP out, and the pass that opens them for a few hours. Pure.

A pass is that of the TURN REST API (draft-uberti-behave-turn-rest-00), which coturn calls ``use-auth-secret``: who
reads the page cannot use the relay for long, and learns no secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

# The waiting room, the interview, and what may come between.
PASS = timedelta(hours=4)


def for_browser(servers: Iterable[Mapping[str, Any]], *, bearer: str, now: datetime) -> list[dict[str, Any]]:
    """The servers as a browser takes them: a ``secret`` becomes a pass of ``bearer`` until some hours from ``now``."""
    return [_opened(server, bearer, now) for server in servers]


def _opened(server: Mapping[str, Any], bearer: str, now: datetime) -> dict[str, Any]:
    plain = {name: value for name, value in server.items() if name != "secret"}
    if "secret" not in server:
        return plain
    username = f"{int((now + PASS).timestamp())}:{bearer}"
    mac = hmac.new(str(server["secret"]).encode(), username.encode(), hashlib.sha1).digest()  # the protocol's own hash
    return {**plain, "username": username, "credential": base64.b64encode(mac).decode()}
