"""The parent's side of the confined child: start it, feed it, bound it, and believe nothing it says without looking."""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from escale.inspection.refusals import CODES, UploadRefused, refusal

_SOURCE_ROOT = str(Path(__file__).resolve().parents[2])
_MEGABYTE = 1024 * 1024
_MAX_HEAD = 4 * _MEGABYTE


@dataclass(frozen=True)
class Limits:
    """Caps on one file. Bytes, pixels, pages, millimetres, dots per inch, seconds. ``seals_only``: of its codes, those
    that may be a 2D-Doc."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_side: int = 4000
    max_pages: int = 10
    max_page_mm: int = 1060
    dpi: int = 200
    memory: int = 1024 * 1024 * 1024
    cpu_seconds: int = 15
    wall_seconds: int = 20
    max_answer_bytes: int = 120 * 1024 * 1024
    seals_only: bool = False


DEFAULT = Limits()


def _environment() -> dict[str, str]:
    """Nothing of ours: no key, no address, no setting reaches the child."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": _SOURCE_ROOT,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _parse(answer: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Head and blobs. Raises ValueError on anything that is not exactly an answer."""
    if len(answer) < 4:
        raise ValueError("short answer")
    (length,) = struct.unpack(">I", answer[:4])
    if length > _MAX_HEAD or len(answer) < 4 + length:
        raise ValueError("bad head")
    head = json.loads(answer[4 : 4 + length])
    if not isinstance(head, dict) or not isinstance(head.get("blobs"), list):
        raise ValueError("bad head")
    blobs, place = [], 4 + length
    for size in head["blobs"]:
        if not isinstance(size, int) or size < 0:
            raise ValueError("bad blob")
        blobs.append(answer[place : place + size])
        place += size
    if place != len(answer):
        raise ValueError("trailing bytes")
    return head, blobs


def check_weight(content: bytes, limits: Limits) -> None:
    """Refuse what need not even be opened: ``empty``, ``too_heavy``."""
    if not content:
        raise refusal("empty")
    if len(content) > limits.max_bytes:
        raise too_heavy(len(content), limits)


def too_heavy(weight: int, limits: Limits) -> UploadRefused:
    """The refusal of a file of ``weight`` bytes, told in megabytes, rounded up: never said to equal the limit."""
    size = f"{math.ceil(weight * 10 / _MEGABYTE) / 10:.1f}"
    return refusal("too_heavy", size=(size.replace(".", ","), size), limit=limits.max_bytes // _MEGABYTE)


def run(job: str, content: bytes, limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
    """Have ``job`` (``image``, ``pdf`` or ``codes``) done on ``content`` by a confined child.

    Raises :class:`UploadRefused`: the child's own reason, or ``too_complex`` when it died or took too long, or
    ``inspection_failed`` when its answer makes no sense. The child is always gone when this returns.
    """
    asked = json.dumps(asdict(limits)).encode()
    check_weight(content, limits)
    command = [sys.executable, "-s", "-P", "-m", f"escale.inspection.confined.{job}"]
    try:
        done = subprocess.run(
            command,
            input=struct.pack(">I", len(asked)) + asked + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusal("too_complex") from None
    except OSError as error:
        raise refusal("inspection_failed") from error
    if done.returncode != 0 or not done.stdout:
        raise refusal("too_complex")
    if len(done.stdout) > limits.max_answer_bytes:
        raise refusal("too_complex")
    try:
        head, blobs = _parse(done.stdout)
    except ValueError as error:
        raise refusal("inspection_failed") from error
    if "refused" in head:
        if head["refused"] not in CODES or not isinstance(head.get("fr"), str) or not isinstance(head.get("en"), str):
            raise refusal("inspection_failed")
        raise UploadRefused(head["refused"], fr=head["fr"][:600], en=head["en"][:600])
    return head, blobs
