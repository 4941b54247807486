"""The four networks, run by LiteRT on one thread: where faces are, their mesh, their expression, who is not background.

LiteRT opens no connection (measured with a system-call trace); the networks are files verified by
:mod:`escale.inspection.models`. One instance serves one thread: interpreters keep state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.levels import Floats, Levels, level_for, look
from escale.inspection.portrait.points import EXPRESSION_INPUT, EXPRESSIONS, LEFT_EYE, RIGHT_EYE

_DETECTOR, _MESH, _MASK = 128, 256, 256  # side of each network's input, pixels
_LEAST_SCORE, _SAME_FACE = 0.5, 0.3
_REFINEMENTS = (0.96, 1.0, 1.04)  # three looks at slightly different sizes; their mean is steadier than any


@dataclass(frozen=True)
class Box:
    """A face as detected: centre, size and six key points, in pixels; ``score`` from 0 to 1."""

    score: float
    centre: Floats
    size: Floats
    key_points: Floats

    @property
    def area(self) -> float:
        return float(self.size.prod())


@dataclass(frozen=True)
class Mesh:
    """478 points (x, y in pixels of the picture, z in the same unit), how sure, and how much three looks differ."""

    points: Floats
    score: float
    spread: float


def _anchors() -> Floats:
    """Centres of the 896 anchors of the detector: strides 8 (2 each) and 16 (6 each)."""
    centres = []
    for stride, each in ((8, 2), (16, 6)):
        cells = _DETECTOR // stride
        middles = [(place + 0.5) / cells for place in range(cells)]
        centres += [(x, y) for y in middles for x in middles for _ in range(each)]
    return np.array(centres)


def _overlap(one: Floats, others: Floats) -> Floats:
    """Intersection over union of one box (x, y, w, h by the centre) with others."""
    low = np.maximum(one[:2] - one[2:] / 2, others[:, :2] - others[:, 2:] / 2)
    high = np.minimum(one[:2] + one[2:] / 2, others[:, :2] + others[:, 2:] / 2)
    shared = np.clip(high - low, 0, None).prod(axis=1)
    return np.asarray(shared / (one[2:].prod() + others[:, 2:].prod(axis=1) - shared + 1e-9))


class _Network:
    """One interpreter, with the places of its tensors looked up once."""

    def __init__(self, file: Path) -> None:
        self._interpreter: Any = Interpreter(model_path=str(file), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {item["name"]: item["index"] for item in self._interpreter.get_output_details()}

    def run(self, batch: Floats) -> None:
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()

    def run_picture(self, picture: Floats, factor: float, offset: float = 0.0) -> None:
        """Run on a picture of the input's own size; each value becomes ``factor`` · value + ``offset``."""
        place = self._interpreter.tensor(self._input)()
        np.multiply(picture, np.float32(factor), out=place[0], dtype=np.float32)
        if offset:
            place += np.float32(offset)
        del place  # the interpreter refuses to run while its memory is looked at
        self._interpreter.invoke()

    def output(self, name: str = "") -> Floats:
        """One result of the last run: by its name, or the only one."""
        place = self._outputs[name] if name else next(iter(self._outputs.values()))
        return np.asarray(self._interpreter.get_tensor(place))


class Networks:
    """The four interpreters, loaded once (about 0.3 s, 63 MB)."""

    def __init__(self, folder: Path) -> None:
        self._detector = _Network(folder / "face_detector.tflite")
        self._mesh = _Network(folder / "face_landmarks_detector.tflite")
        self._expression = _Network(folder / "face_blendshapes.tflite")
        self._mask = _Network(folder / "selfie_segmentation.tflite")
        self._anchors = _anchors()

    def detect(self, picture: Pixels) -> list[Box]:
        """Faces, largest first. A face under about an eighth of the picture's side is not seen."""
        height, width = picture.shape[:2]
        side = max(height, width)
        scale = _DETECTOR / side
        fitted = cv2.resize(
            picture, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
        )
        top, left = (_DETECTOR - fitted.shape[0]) // 2, (_DETECTOR - fitted.shape[1]) // 2
        boxed = np.zeros((_DETECTOR, _DETECTOR, 3), np.uint8)
        boxed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
        self._detector.run_picture(boxed, 1 / 127.5, -1.0)
        scores = 1 / (1 + np.exp(-np.clip(self._detector.output("classificators")[0, :, 0], -60, 60)))
        kept = np.flatnonzero(scores > _LEAST_SCORE)
        raw, anchors, scores = (
            self._detector.output("regressors")[0, kept] / _DETECTOR,
            self._anchors[kept],
            scores[kept],
        )
        boxes = np.concatenate([raw[:, :2] + anchors, raw[:, 2:4]], axis=1)
        points = raw[:, 4:].reshape(-1, 6, 2) + anchors[:, None, :]
        shift = np.array([left, top]) / _DETECTOR
        return self._merge(boxes, points, scores, shift, _DETECTOR / scale)

    @staticmethod
    def _merge(boxes: Floats, points: Floats, scores: Floats, shift: Floats, unit: float) -> list[Box]:
        """Boxes of one face merged, each weighing by its score."""
        found = []
        left = list(np.argsort(-scores))
        while left:
            best = left[0]
            shares = _overlap(boxes[best], boxes[left])
            same = [place for place, share in zip(left, shares, strict=True) if share > _SAME_FACE]
            weights = scores[same] / scores[same].sum()
            box = (weights[:, None] * boxes[same]).sum(axis=0)
            keys = (weights[:, None, None] * points[same]).sum(axis=0)
            found.append(
                Box(float(scores[best]), (box[:2] - shift) * unit, box[2:] * unit, np.asarray((keys - shift) * unit))
            )
            left = [place for place in left if place not in set(same)]
        return sorted(found, key=lambda box: -box.area)

    def _look(self, levels: Levels, centre: Floats, side: float, angle: float) -> tuple[Floats, float]:
        """The mesh seen through one square window."""
        cos, sin, step = math.cos(angle), math.sin(angle), side / _MESH
        matrix = np.array(
            [
                [cos * step, -sin * step, centre[0] - (cos - sin) * side / 2],
                [sin * step, cos * step, centre[1] - (sin + cos) * side / 2],
            ]
        )
        source, factor, shift = level_for(levels, _MESH / side)
        onto = matrix * factor
        onto[:, 2] += shift
        window = look(source, onto, (_MESH, _MESH), inverse=True)
        self._mesh.run_picture(window, 1 / 255)
        points = self._mesh.output("Identity").reshape(478, 3).astype(float)
        score = 1 / (1 + math.exp(-float(np.clip(self._mesh.output("Identity_1").ravel()[0], -60, 60))))
        flat = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        return np.column_stack([flat, points[:, 2] * step]), score

    def mesh(self, levels: Levels, box: Box) -> Mesh:
        """The mesh of one face: a first look from the detector's box, then three from the mesh itself, averaged."""
        across = box.key_points[1] - box.key_points[0]
        points, score = self._look(levels, box.centre, 1.5 * float(box.size.max()), math.atan2(across[1], across[0]))
        looks = []
        for size in _REFINEMENTS:
            across = points[LEFT_EYE.outer, :2] - points[RIGHT_EYE.outer, :2]
            angle = math.atan2(across[1], across[0])
            turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
            upright = points[:468, :2] @ turn.T
            low, high = upright.min(axis=0), upright.max(axis=0)
            centre = (low + high) / 2 @ turn
            points, score = self._look(levels, centre, 1.5 * float((high - low).max()) * size, angle)
            looks.append(points)
        mean = np.mean(looks, axis=0)
        return Mesh(mean, score, float(np.std(looks, axis=0)[:, :2].mean()))

    def expression(self, mesh: Mesh) -> dict[str, float]:
        """Shares from 0 to 1 of 52 movements of the face (lids, gaze, lips, jaw …): geometry, not feelings."""
        self._expression.run(mesh.points[list(EXPRESSION_INPUT), :2].astype(np.float32)[None])
        return dict(zip(EXPRESSIONS, self._expression.output().ravel().tolist(), strict=True))

    def person(self, picture: Pixels) -> Floats:
        """Share of person, 0 to 1, on a grid of 256 × 256 stretched over the picture."""
        small = cv2.resize(picture, (_MASK, _MASK), interpolation=cv2.INTER_AREA)
        self._mask.run_picture(small, 1 / 255)
        return np.asarray(self._mask.output()[0, ..., 0])
