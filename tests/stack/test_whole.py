"""The whole stack on free ports: it answers, serves files, survives a kill, stops, and explains itself."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from escale.stack import Addresses, Stack, StackError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), demo=False) as running:
        yield running


@pytest.mark.parametrize("site", ["portal", "reception", "desk", "simulators"])
def test_every_site_is_in_good_health(stack: Stack, site: str):
    answer = httpx.get(f"{stack.urls[site]}/sante/")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json().get("site", "simulators") == site


def test_static_files_are_served_compressed_and_for_good(stack: Stack):
    page = httpx.get(stack.urls["portal"])
    sheet = re.search(r'href="(/static/dsfr/dist/dsfr/dsfr[^"]+)"', page.text)
    assert sheet

    answer = httpx.get(stack.urls["portal"] + sheet[1], headers={"Accept-Encoding": "br"})

    assert page.headers["Content-Encoding"] == "gzip"
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in answer.headers["Cache-Control"]
    assert int(answer.headers["Content-Length"]) < 40_000


def test_the_mail_server_listens(stack: Stack):
    with socket.create_connection(("127.0.0.1", stack.addresses.smtp_port), timeout=5) as line:
        assert line.recv(100).startswith(b"220 ")


def test_a_killed_site_is_gone_until_it_is_started_again(stack: Stack):
    stack.kill("desk", signal.SIGKILL)

    with pytest.raises(httpx.TransportError):
        httpx.get(f"{stack.urls['desk']}/sante/")
    assert httpx.get(f"{stack.urls['portal']}/sante/").status_code == 200

    stack.restart("desk")

    assert httpx.get(f"{stack.urls['desk']}/sante/").status_code == 200


def test_a_killed_worker_is_started_again(stack: Stack):
    before = stack.child("worker").pid

    stack.kill("worker")
    assert not stack.child("worker").alive
    stack.restart("worker")

    assert stack.child("worker").alive
    assert stack.child("worker").pid != before


def test_a_process_that_does_not_exist_is_named(stack: Stack):
    with pytest.raises(StackError, match=r"'printer'.*portal"):
        stack.kill("printer")


def test_a_start_that_fails_leaves_nothing_running(tmp_path: Path):
    stack = Stack(tmp_path, demo=False, environment={"ESCALE_ARGON2_MEMORY_KIB": "a lot"})

    with pytest.raises(StackError, match="ESCALE_ARGON2_MEMORY_KIB must be a whole number"):
        stack.start()

    assert not any(child.alive for child in stack.children.values())


def test_escale_run_starts_everything_and_ctrl_c_stops_it(tmp_path: Path):
    addresses = Addresses.free()
    environment = {**Stack(tmp_path, addresses).environment, "ESCALE_MODE": "demo"}
    command = [sys.executable, "-m", "escale", "run"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        try:
            said = _read_until(run, "Ctrl-C")
            assert all(url in said for url in addresses.urls.values())
            assert "jeanne" in said
            assert "camille" in said
            assert httpx.get(f"{addresses.portal}/sante/").status_code == 200
            second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
            assert second.returncode == 1
            assert "another `escale run` works in" in second.stderr

            run.send_signal(signal.SIGINT)

            assert run.wait(timeout=20) == 0
            addresses.check_free()
        finally:
            run.kill()


def _read_until(run: subprocess.Popen[str], end: str) -> str:
    assert run.stdout is not None
    lines: list[str] = []
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        line = run.stdout.readline()
        lines.append(line)
        if end in line:
            return "".join(lines)
        assert line, f"escale run ended: {''.join(lines)}"
    raise AssertionError(f"not ready: {''.join(lines)}")


@pytest.mark.parametrize("mode", ["production", "test"])
def test_escale_run_starts_only_demonstrations(mode: str, tmp_path: Path):
    environment = {**Stack(tmp_path).environment, "ESCALE_MODE": mode}

    refused = subprocess.run(
        [sys.executable, "-m", "escale", "run"], env=environment, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 1
    assert f"ESCALE_MODE={mode} does not allow" in refused.stderr
