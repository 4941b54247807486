"""The Nu HTML checker (validator.w3.org/nu), from npm, over many pages in one run of Java."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

PACKAGE = "vnu-jar@26.9.27"
SECONDS = 180.0


def checker() -> Path:
    """The checker, fetched once into the cache. Skips the test when Java, npm or the registry is missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("java") is None:
        pytest.skip("Java and npm are needed to run the Nu HTML checker: the HTML was not checked.")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "escale-conformance"
    folder = cache / PACKAGE.replace("@", "-")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # several processes of the suite may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _install(npm, folder)
    return folder / "node_modules/vnu-jar/build/dist/vnu.jar"


def _install(npm: str, folder: Path) -> None:
    (folder / "package.json").write_text('{"name": "nu", "private": true}')
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", PACKAGE]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"The npm registry did not answer in {SECONDS:.0f} s: the HTML was not checked.")
    if done.returncode:
        pytest.skip("The npm registry is out of reach: the HTML was not checked.")
    (folder / "complete").touch()


def errors(pages: Mapping[str, str], folder: Path) -> list[str]:
    """One sentence per kind of error in these documents, given by name. Warnings are left out."""
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    command = ["java", "-jar", str(checker()), "--format", "json", "--errors-only", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    places: dict[str, list[str]] = {}
    for one in json.loads(done.stderr)["messages"]:
        where = f"{Path(one.get('url', '')).stem}:{one.get('lastLine', '?')} {one.get('extract', '')!r}"
        places.setdefault(one["message"], []).append(where)
    return [f"{message} ({len(where)} times, as in {where[0]})" for message, where in places.items()]
