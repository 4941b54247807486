"""The real adapters on the simulator, stamps bought in its shop, and a product that receives notifications."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from escale.case.values import StampNumber
from escale.partners.tax_stamp.adapter import ADAPTER, TaxStampAdapter
from escale.partners.tax_stamp.payment import PAYMENT_ADAPTER, PayFip
from escale.partners.tax_stamp.settings import options, payment_options
from tests.partners.conftest import Simulators

ABROAD, FRANCE = "PASSEPORT_MAJEUR_ETRANGER", "PASSEPORT_MAJEUR_FRANCE"


def _addresses(simulators: Simulators) -> dict[str, Any]:
    return {
        "data_dir": simulators.data_dir,
        "simulators_url": simulators.url,
        "portal_url": simulators.portal_url,
        "desk_url": simulators.desk_url,
        "reception_url": simulators.reception_url,
    }


@pytest.fixture
def stamps(simulators: Simulators) -> Iterator[TaxStampAdapter]:
    adapter = ADAPTER(**options({}, **_addresses(simulators)))
    yield adapter
    simulators.fault("timbre", "", 0)
    adapter.close()


@pytest.fixture
def payments(simulators: Simulators) -> Iterator[PayFip]:
    given = payment_options({}, **_addresses(simulators))
    adapter = PAYMENT_ADAPTER(**{**given, "clock": simulators.now})
    yield adapter
    simulators.fault("timbre", "", 0)
    adapter.close()


@pytest.fixture
def buy(simulators: Simulators) -> Callable[..., StampNumber]:
    """Buy a stamp in the shop, as a person does."""

    def bought(product: str = ABROAD) -> StampNumber:
        page = httpx.post(
            f"{simulators.url}/timbre/boutique/", data={"motif": product}, follow_redirects=True, trust_env=False
        )
        found = re.search(r'data-number="(\d{16})"', page.text)
        assert found is not None
        return StampNumber.parse(found[1])

    return bought


@pytest.fixture
def case() -> str:
    return f"ESC-{secrets.token_hex(6).upper()}"


@pytest.fixture
def reference() -> str:
    """Ours, fit for PayFiP: alphanumerics only."""
    return f"ESC{secrets.token_hex(8).upper()}"


class Listener:
    """Plays the product: keeps the bodies of the notifications it receives."""

    def __init__(self, port: int) -> None:
        self.received: list[dict[str, list[str]]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.received.append(parse_qs(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/partenaires/payfip/notification"

    def wait(self, count: int, seconds: float = 8.0) -> list[dict[str, list[str]]]:
        """What came, once ``count`` notifications did, or at the end of the patience."""
        ends = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < ends:
            time.sleep(0.05)
        return self.received


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener(0)
    thread = threading.Thread(target=listening.server.serve_forever, daemon=True)
    thread.start()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()
    thread.join()
