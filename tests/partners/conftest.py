"""The simulators' process, started once for the partners' contract suites."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ports import free_ports

START_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Simulators:
    """The running process. ``portal_url``, ``reception_url`` and ``desk_url`` are what it believes of the product."""

    url: str
    data_dir: Path
    smtp_port: int
    portal_url: str
    reception_url: str
    desk_url: str

    @property
    def portal_port(self) -> int:
        """Where a test may play the product: the simulators' callbacks and fetches go there."""
        return int(self.portal_url.rpartition(":")[2])

    def fault(self, prefix: str, mode: str, times: int = 1) -> None:
        """Switch a fault of the simulator behind ``prefix`` on; an empty ``mode`` switches it off."""
        answer = httpx.post(
            f"{self.url}/{prefix.strip('/')}/_pannes", data={"mode": mode, "times": times}, trust_env=False
        )
        answer.raise_for_status()

    def now(self) -> datetime:
        """The simulators' hour, in UTC."""
        try:
            ahead = json.loads((self.data_dir / "clock.json").read_text())["offset_seconds"]
        except FileNotFoundError:
            ahead = 0
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def advance(self, **delta: float) -> datetime:
        """Move the simulators' clock forward (keywords of ``timedelta``). It never goes back: tests must bear that."""
        ahead = self.now() - datetime.now(UTC) + timedelta(**delta)
        draft = self.data_dir / "clock.draft"
        draft.write_text(json.dumps({"offset_seconds": ahead.total_seconds()}))
        draft.replace(self.data_dir / "clock.json")
        return self.now()


def _environment(simulators: Simulators) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "escale.config.simulator_settings",
        "ESCALE_MODE": "demo",
        "ESCALE_DATA_DIR": str(simulators.data_dir),
        "ESCALE_SIMULATORS_URL": simulators.url,
        "ESCALE_PORTAL_URL": simulators.portal_url,
        "ESCALE_RECEPTION_URL": simulators.reception_url,
        "ESCALE_DESK_URL": simulators.desk_url,
        "ESCALE_SMTP_PORT": str(simulators.smtp_port),
        "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
    }


def _wait(process: subprocess.Popen[bytes], simulators: Simulators, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the simulators did not start:\n{log.read_text(errors='replace')[-4000:]}")
        try:
            if httpx.get(f"{simulators.url}/sante/", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)


@pytest.fixture(scope="session")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    """All simulators in one process with a memory of their own, stopped at the end of the session."""
    http, smtp, portal, reception, desk = free_ports(5)
    local = "http://127.0.0.1"
    started = Simulators(
        url=f"{local}:{http}",
        data_dir=tmp_path_factory.mktemp("simulators"),
        smtp_port=smtp,
        portal_url=f"{local}:{portal}",
        reception_url=f"{local}:{reception}",
        desk_url=f"{local}:{desk}",
    )
    log = started.data_dir / "simulators.log"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(http)]
    command += ["--workers", "1", "--blocking-threads", "8", "--log-level", "warning", "--workers-kill-timeout", "5"]
    command += ["escale.config.simulators_wsgi:application"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=_environment(started), stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, started, log)
            yield started
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


@pytest.fixture(scope="session")
def certificates() -> ssl.SSLContext:
    """The machine's authorities, read once: each HTTP client reads them again otherwise."""
    return httpx.create_ssl_context()


@pytest.fixture(autouse=True)
def closed_clients(monkeypatch: pytest.MonkeyPatch, certificates: ssl.SSLContext) -> Iterator[None]:
    """Close every HTTP client opened during a test: adapters keep theirs for the life of a process."""
    opened: list[httpx.Client] = []
    real = httpx.Client.__init__

    def remember(client: httpx.Client, *args: Any, **options: Any) -> None:
        if options.get("verify", True) is True:
            options["verify"] = certificates
        real(client, *args, **options)
        opened.append(client)

    monkeypatch.setattr(httpx.Client, "__init__", remember)
    yield
    for client in opened:
        client.close()


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[httpx.Request, httpx.Response]]:
    """Everything that this test and its adapters say over HTTP, as it goes over the wire; switches left out."""
    heard: list[tuple[httpx.Request, httpx.Response]] = []
    real = httpx.Client.send

    def send(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        response = real(client, request, **options)
        if not request.url.path.endswith("/_pannes"):
            heard.append((request, response))
        return response

    monkeypatch.setattr(httpx.Client, "send", send)
    return heard
