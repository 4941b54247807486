"""The child's side of a job: one request on the standard input, one answer on the standard output.

Request and answer have the same shape: the length of a JSON head (4 bytes, big endian), the head, then the blobs
whose lengths the head gives under ``blobs``. The child walls itself in before it reads the request's content.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from escale.inspection.confined.walls import confine
from escale.inspection.refusals import UploadRefused, refusal
from escale.inspection.sniffing import accepted_kind, describe

Answer = tuple[dict[str, Any], list[bytes]]
Job = Callable[[bytes, str, dict[str, Any]], Answer]


def _work(stream: BinaryIO, job: Job) -> Answer:
    (length,) = struct.unpack(">I", stream.read(4))
    asked = json.loads(stream.read(length))
    walls = confine(memory=asked["memory"], cpu_seconds=asked["cpu_seconds"])
    content = stream.read()
    kind = accepted_kind(content)
    if kind is None:
        raise refusal("unknown_type", found=describe(content))
    try:
        head, blobs = job(content, kind, asked)
    except (UploadRefused, MemoryError):
        raise
    except Exception as error:  # decoders raise anything on hostile bytes: all of it means one thing to the sender
        raise refusal("damaged") from error
    return {**head, "walls": walls}, blobs


def _write(stream: BinaryIO, head: dict[str, Any], blobs: list[bytes]) -> None:
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def serve(job: Job) -> int:
    """Do ``job`` on one request. The exit code is 0 whenever an answer was written, a refusal included."""
    with os.fdopen(os.dup(1), "wb") as answers:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)  # whatever a library prints must not be taken for an answer
        try:
            head, blobs = _work(sys.stdin.buffer, job)
        except UploadRefused as refused:
            head, blobs = {"refused": refused.code, "fr": refused.fr, "en": refused.en}, []
        except MemoryError:
            complex_file = refusal("too_complex")
            head, blobs = {"refused": complex_file.code, "fr": complex_file.fr, "en": complex_file.en}, []
        _write(answers, head, blobs)
    return 0
