"""Which way the head points: weighted Procrustes of the mesh on MediaPipe's canonical face, under a pinhole camera.

Angles in degrees. The raw angles respond with a slope measured on known rotations; they are divided by it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from escale.inspection.portrait.networks import Floats

_FIELD_OF_VIEW = math.radians(63)  # MediaPipe's assumed camera
_YAW_SLOPE, _PITCH_SLOPE = 0.63, 0.62
_NEAR = 1.0


@dataclass(frozen=True)
class Pose:
    """Degrees: yaw (face turned to a side), pitch (chin up or down), roll (head tilted)."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True)
class CanonicalFace:
    """468 points of a neutral face in centimetres; which of them count in the fit, and the roots of their weights."""

    points: Floats
    counted: Floats
    weights: Floats


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            return value, place


def _fields(data: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """Fields of a protobuf message: number and value (only the three wire types this file uses)."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        if key & 7 == 0:
            number, place = _varint(data, place)
            yield key >> 3, number
        elif key & 7 == 5:
            yield key >> 3, struct.unpack_from("<f", data, place)[0]
            place += 4
        elif key & 7 == 2:
            length, place = _varint(data, place)
            yield key >> 3, data[place : place + length]
            place += length
        else:
            raise ValueError("unexpected wire type")


def read_canonical_face(file: Path) -> CanonicalFace:
    """The mesh (field 1, vertices of five floats: x y z u v) and the basis of the fit (field 2: point, weight)."""
    vertices: list[float] = []
    weights = np.zeros(468)
    for number, value in _fields(file.read_bytes()):
        if not isinstance(value, bytes):
            continue
        if number == 1:
            vertices = [float(x) for key, x in _fields(value) if key == 3 and isinstance(x, float)]
        elif number == 2:
            entry = {key: x for key, x in _fields(value) if not isinstance(x, bytes)}
            weights[int(entry.get(1, 0))] = float(entry[2])
    counted = np.flatnonzero(weights)
    return CanonicalFace(np.array(vertices).reshape(-1, 5)[:, :3], counted, np.sqrt(weights[counted]))


def _similarity(face: CanonicalFace, target: Floats) -> tuple[Floats, float]:
    """Rotation and scale that best lay the canonical face on the target."""
    weights = face.weights[:, None]
    total = float((weights**2).sum())
    source, onto = weights * face.points[face.counted], weights * target
    centred = source - weights * ((weights * source).sum(axis=0) / total)
    left, _, right = np.linalg.svd(onto.T @ centred)
    if np.linalg.det(left) * np.linalg.det(right) < 0:
        left = left.copy()
        left[:, 2] *= -1
    rotation = left @ right
    scale = float((rotation @ centred.T * onto.T).sum() / (centred * source).sum())
    return rotation, scale


def estimate_pose(face: CanonicalFace, points: Floats, width: int, height: int) -> Pose:
    """The pose of a mesh in a picture of this size (pixels)."""
    high = 2 * _NEAR * math.tan(_FIELD_OF_VIEW / 2)
    wide = high * width / height
    screen = np.column_stack(
        [
            (points[:468, 0] / width - 0.5) * wide,
            -(points[:468, 1] / height - 0.5) * high,
            points[:468, 2] / width * wide,
        ]
    )
    depth = float(screen[:, 2].mean())
    screen = screen[face.counted]

    def unproject(scale: float) -> Floats:
        metric = screen.copy()
        metric[:, 2] = (metric[:, 2] - depth + _NEAR) / scale
        metric[:, :2] *= metric[:, 2:] / _NEAR
        metric[:, 2] *= -1
        return metric

    _, first = _similarity(face, screen * [1, 1, -1])
    _, second = _similarity(face, unproject(first))
    rotation, _ = _similarity(face, unproject(first * second))
    yaw = math.degrees(math.atan2(-rotation[2, 0], math.hypot(rotation[0, 0], rotation[1, 0])))
    pitch = math.degrees(math.atan2(rotation[2, 1], rotation[2, 2]))
    roll = math.degrees(math.atan2(rotation[1, 0], rotation[0, 0]))
    return Pose(yaw / _YAW_SLOPE, pitch / _PITCH_SLOPE, roll)
