"""Independent implementations from npm, kept in a cache folder; without them, checks are skipped and say why."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("oidc-provider@9.13.3", "openid-client@5.7.1")
HERE = Path(__file__).parent
INSTALL_SECONDS = 180.0


def installed() -> Path:
    """The folder that holds the packages. Skips the test when Node or the registry is missing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node is not installed: the independent implementations of OpenID Connect cannot run.")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "escale-conformance"
    folder = cache / "-".join(name.replace("@", "-") for name in PACKAGES)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # several processes of the suite may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _install(npm, folder)
        for script in HERE.glob("*.mjs"):  # beside node_modules, where Node looks for packages
            shutil.copy(script, folder / script.name)
    return folder


def _install(npm: str, folder: Path) -> None:
    (folder / "package.json").write_text('{"name": "conformance", "private": true, "type": "module"}')
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", *PACKAGES]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"The npm registry did not answer in {INSTALL_SECONDS:.0f} s: no independent implementation.")
    if done.returncode:
        pytest.skip("The npm registry is out of reach: no independent implementation of OpenID Connect.")
    (folder / "complete").touch()


class Script:
    """A script that talks by lines of JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def read(self) -> dict[str, Any]:
        """The next line. Raises AssertionError with what the script said when it ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else "the script ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def write(self, value: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()


@contextmanager
def running(name: str, setup: dict[str, Any]) -> Iterator[Script]:
    """A script of this folder with its setup, ended when the test ends."""
    folder = installed()
    process = subprocess.Popen(
        ["node", name, json.dumps(setup)],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Script(process)
        finally:
            process.kill()
