"""The scanner against a real ClamAV daemon, with a signature of our own: run only where ``clamd`` is installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.inspection.malware import Scanner
from escale.inspection.refusals import UploadRefused
from escale.inspection.uploads import sanitise
from tests.inspection.test_uploads import encoded, picture

CLAMD = os.environ.get("CLAMD") or shutil.which("clamd")
pytestmark = pytest.mark.skipif(
    CLAMD is None, reason="clamd is not installed (Debian: clamav-daemon), nor named by CLAMD"
)
KNOWN = encoded(picture(), "JPEG") + b"a known bad tail"
SETTINGS = """
DatabaseDirectory {base}/signatures
LocalSocket {base}/clamd.sock
Foreground yes
StreamMaxLength 11M
AlertExceedsMax yes
AlertEncryptedDoc yes
User {user}
"""


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    base = tmp_path_factory.mktemp("clamd")
    (base / "signatures").mkdir()
    digest = hashlib.sha256(KNOWN).hexdigest()
    (base / "signatures" / "own.hsb").write_text(f"{digest}:{len(KNOWN)}:Escale.Test.Known\n")
    settings = base / "clamd.conf"
    settings.write_text(SETTINGS.format(base=base, user=Path.home().owner()))
    running = subprocess.Popen([str(CLAMD), "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    scanner = Scanner(f"unix:{base}/clamd.sock", timeout=10)
    try:
        until = time.monotonic() + 30
        while not scanner.ping():
            assert running.poll() is None, "clamd stopped"
            assert time.monotonic() < until, "clamd does not answer"
            time.sleep(0.1)
        yield scanner
    finally:
        running.terminate()
        running.wait(10)


def test_a_clean_file_passes_and_a_known_one_is_refused(scanner: Scanner):
    assert scanner.version().startswith("ClamAV")
    assert sanitise(encoded(picture(), "JPEG"), filename="a.jpg", scanner=scanner).media_type == "image/jpeg"
    with pytest.raises(UploadRefused) as refused:
        sanitise(KNOWN, filename="a.jpg", scanner=scanner)
    assert refused.value.code == "infected"


def test_more_than_the_daemon_takes_closes_the_door(scanner: Scanner):
    with pytest.raises(UploadRefused) as refused:
        scanner.require_clean(bytes(12 * 1024**2))
    assert refused.value.code == "scanner_unavailable"
