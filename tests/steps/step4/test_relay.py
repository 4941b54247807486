"""A relay for networks that let no UDP out: its pass, and two browsers that meet through a real one (coturn)."""

import base64
import hashlib
import hmac
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from playwright.sync_api import Browser, sync_playwright

from escale.config import env
from escale.stack import Stack
from escale.steps.step4_interview import rules_relay
from tests.chromium import INSTALLED, launch
from tests.factories.cases import NOON
from tests.ports import free_ports
from tests.steps.step4.rooms import NO_UDP, Scene, a_scene, in_communication, let_in

SECRET = "a-secret-of-the-test"
TURNSERVER = shutil.which("turnserver")
PAIR = """async () => {
  const report = await window.escaleRoom.statistics();
  const kinds = [];
  report.forEach((one) => {
    if (one.type !== "candidate-pair" || !one.nominated) return;
    const local = report.get(one.localCandidateId), remote = report.get(one.remoteCandidateId);
    kinds.push([local.candidateType, local.relayProtocol, remote.candidateType]);
  });
  return kinds;
}"""


# ── the pass ──


def test_a_pass_opens_the_relay_for_some_hours_and_names_nobody():
    server = {"urls": "turns:turn.example:443?transport=tcp", "secret": SECRET}

    (given,) = rules_relay.for_browser([server], bearer="0123abcd", now=NOON)

    until, bearer = given["username"].split(":")
    assert (int(until), bearer) == (int((NOON + timedelta(hours=4)).timestamp()), "0123abcd")
    mac = hmac.new(SECRET.encode(), given["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(given["credential"]) == mac
    assert SECRET not in json.dumps(given)


def test_a_server_without_a_secret_is_given_as_it_is():
    servers = [{"urls": "stun:stun.example"}, {"urls": "turn:a.example", "username": "u", "credential": "c"}]

    assert rules_relay.for_browser(servers, bearer="x", now=NOON) == servers


@pytest.mark.parametrize("typed", ["turn:turn.example", '{"urls": "turn:a"}', '["turn:a"]'])
def test_a_setting_that_cannot_be_read_stops_the_start_with_its_name(typed: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESCALE_ICE_SERVERS", typed)

    with pytest.raises(ImproperlyConfigured, match="ESCALE_ICE_SERVERS must be a JSON list of objects"):
        env.objects("ESCALE_ICE_SERVERS")


# ── a real relay ──


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """coturn on loopback: it listens on TCP alone, and relays on a few ports. Yields its port."""
    folder = tmp_path_factory.mktemp("relay")
    [port] = free_ports(1)
    command = [
        str(TURNSERVER), "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}",
        "--no-udp", "--no-tls", "--no-dtls", "--no-cli", "--no-tcp-relay", "--allow-loopback-peers",
        "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=escale.example", "--fingerprint",
        f"--userdb={folder / 'turndb'}", f"--pidfile={folder / 'pid'}", f"--log-file={folder / 'log'}", "--simple-log",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        deadline = time.monotonic() + 20
        while not _answers(port):
            assert process.poll() is None, (folder / "log").read_text() if (folder / "log").exists() else "no log"
            assert time.monotonic() < deadline, "the relay does not listen"
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def scene(relay: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    servers = [{"urls": f"turn:127.0.0.1:{relay}?transport=tcp", "secret": SECRET}]
    how = {"ESCALE_ICE_SERVERS": json.dumps(servers)}
    with Stack(tmp_path_factory.mktemp("stack"), mode="test", demo=False, environment=how) as stack:
        yield a_scene(stack)


@pytest.fixture(scope="module")
def closed_networks() -> Iterator[tuple[Browser, Browser]]:
    """Two browsers, neither of which may send UDP by itself."""
    with sync_playwright() as playwright:
        made = [launch(playwright, NO_UDP, whole=True) for _ in range(2)]
        yield made[0], made[1]
        for browser in made:
            browser.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="no Chromium here, or left out with NO_BROWSER=1")
@pytest.mark.skipif(TURNSERVER is None, reason="coturn is not installed here: no relay to go through")
def test_two_closed_networks_meet_through_the_relay(scene: Scene, closed_networks: tuple[Browser, Browser]):
    # given: the rehearsal already says that the call takes the relay
    scene.rehearse(closed_networks[0], "Réseau\u00a0: suffisant, par un relais.")

    # when: the agent lets the applicant in
    citizen, agent = scene.rooms(closed_networks)
    let_in(agent)

    # then: pictures are decoded on both sides, and each went through TCP to the relay
    in_communication(citizen)
    in_communication(agent)
    for page in (citizen, agent):
        (pair,) = page.evaluate(PAIR)
        assert pair == ["relay", "tcp", "relay"]
    assert citizen.locator("#salle").get_attribute("data-means") == "video"
