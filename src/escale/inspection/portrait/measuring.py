"""One portrait measured from end to end: networks, geometry, surface, background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.bars import find_bars, is_screen_shaped
from escale.inspection.portrait.crop import HEIGHT_MM, CropProposal, propose
from escale.inspection.portrait.geometry import Face, Head, face_axes, find_head
from escale.inspection.portrait.ground import ground_values
from escale.inspection.portrait.judge import Measure
from escale.inspection.portrait.levels import level_for
from escale.inspection.portrait.networks import Box, Floats, Mesh, Networks
from escale.inspection.portrait.pose import CanonicalFace, estimate_pose, read_canonical_face
from escale.inspection.portrait.scales import Scales, reduced, scales_of
from escale.inspection.portrait.surface import face_values

_YAW_ERROR, _PITCH_ERROR = 3.0, 10.0  # degrees
_CLOSE_UP = 0.8  # a head window this share of the picture needs no second look for the mask
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Subject:
    """A measured portrait. ``scale`` is the size of the measured picture over the one received."""

    measures: dict[str, Measure | None]
    face: Face | None
    head: Head | None
    crop: CropProposal | None
    width: int
    height: int
    scale: float


class Engine:
    """The networks and the canonical face, loaded once. Serves one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self.networks = Networks(folder)
        self.canonical: CanonicalFace = read_canonical_face(folder / "geometry_pipeline_metadata_landmarks.binarypb")

    def measure(
        self, picture: Pixels, *, finished: bool, scale: float = 1.0, progress: Progress | None = None
    ) -> Subject:
        """Everything that can be measured. ``finished``: the picture is a framed photo of 35 × 45 mm.

        ``scale``: the size at which the picture was opened, over that of the file.
        """
        tell = progress or (lambda stage, share: None)
        tell("face", 0.05)
        picture, halved = reduced(picture)
        scale *= halved
        height, width = picture.shape[:2]
        scales = scales_of(picture)
        bars = find_bars(scales.small)
        around: dict[str, Measure | None] = {
            "bars": Measure(bars.share),
            "screen": Measure(float(is_screen_shaped(width, height))),
        }
        boxes = self.networks.detect(scales.small)
        if not boxes:
            seen = {"faces": Measure(0.0), "second_face": Measure(0.0), **around}
            return Subject(seen, None, None, None, width, height, scale)
        tell("mesh", 0.2)
        mesh = self.networks.mesh(scales.looks, _scaled(boxes[0], 1 / scales.small_scale))
        face = face_axes(mesh.points)
        tell("outline", 0.5)
        mask = bars.hide(self._person(scales, face))
        head = find_head(scales, mask, face)
        proposal = propose(face, head, bars.inside(width, height))
        expression = self.networks.expression(mesh)
        tell("surface", 0.7)
        measures = self._measures(scales, mesh, face, head, proposal, finished=finished)
        for name in ("between_eyes", "dpi", "crop_dpi"):  # those of the picture received
            known = measures[name]
            measures[name] = None if known is None else Measure(known.value / scale)
        values = face_values(scales, mesh, expression, face) | self._ground(scales, mask, face, proposal, finished)
        if scale < 1:
            values["blockiness"] = None  # the grid of the compression is gone
        measures |= around | {name: None if value is None else Measure(value) for name, value in values.items()}
        measures["faces"] = Measure(float(len(boxes)))
        measures["second_face"] = Measure(boxes[1].area / boxes[0].area if len(boxes) > 1 else 0.0)
        tell("measured", 1.0)
        return Subject(measures, face, head, proposal, width, height, scale)

    def _person(self, scales: Scales, face: Face) -> Floats:
        """Share of person at the small scale; with a closer look at the head when it is small in the picture."""
        size = (scales.small.shape[1], scales.small.shape[0])
        mask = cv2.resize(self.networks.person(scales.small), size, interpolation=cv2.INTER_LINEAR)
        centre = (face.chin + face.up * face.expected_head / 2) * scales.small_scale
        side = 1.9 * face.expected_head * scales.small_scale
        left, top = max(0, int(centre[0] - side / 2)), max(0, int(centre[1] - side * 0.55))
        right, bottom = min(size[0], int(centre[0] + side / 2)), min(size[1], int(centre[1] + side * 0.45))
        share = (right - left) * (bottom - top) / (size[0] * size[1])
        if share < _CLOSE_UP and right - left > 40 and bottom - top > 40:
            level, factor, _ = level_for(scales.levels, 256 / (right - left) * scales.small_scale)
            zoom = factor / scales.small_scale
            window = level[int(top * zoom) : int(bottom * zoom), int(left * zoom) : int(right * zoom)]
            closer = self.networks.person(np.ascontiguousarray(window))
            mask[top:bottom, left:right] = cv2.resize(
                closer, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR
            )
        return np.asarray(np.clip(mask, 0, 1))

    def _ground(
        self, scales: Scales, mask: Floats, face: Face, proposal: CropProposal, finished: bool
    ) -> dict[str, float | None]:
        """The background; only what would be inside the frame counts when the photo is still to be framed."""
        if finished:
            return ground_values(scales, mask, face)
        outside = np.ones(mask.shape, np.uint8)
        frame = (np.array(proposal.corners) * scales.small_scale).astype(np.int32)
        cv2.fillConvexPoly(outside, frame, 0)
        return ground_values(scales, np.where(outside > 0, 0.4, mask), face)

    def _measures(
        self, scales: Scales, mesh: Mesh, face: Face, head: Head, proposal: CropProposal, *, finished: bool
    ) -> dict[str, Measure | None]:
        """Geometry, in millimetres of a photo 45 mm high when it is finished."""
        width, height = scales.width, scales.height
        pose = estimate_pose(self.canonical, mesh.points, width, height)
        mm = HEIGHT_MM / height
        top = (face.chin + face.up * head.hair)[1]
        mesh_points = mesh.points[:468, :2]
        inside = (mesh_points >= 0).all() and (mesh_points <= (width, height)).all()
        found: dict[str, Measure | None] = {
            "aspect": Measure(width / height),
            "between_eyes": Measure(face.between_eyes),
            "roll": Measure(face.roll),
            "yaw": Measure(pose.yaw, pose.yaw - _YAW_ERROR, pose.yaw + _YAW_ERROR),
            "pitch": Measure(pose.pitch, pose.pitch - _PITCH_ERROR, pose.pitch + _PITCH_ERROR),
            "outside": Measure(0.0 if inside else 1.0),
            "mesh_spread": Measure(mesh.spread),
            "crop_conflicts": Measure(float(len(proposal.conflicts))),
            "crop_dpi": Measure(proposal.dpi),
            "dpi": Measure(height / HEIGHT_MM * 25.4 if finished else proposal.dpi),
        }
        if finished:
            found |= {
                "head_mm": Measure(head.crown * mm, head.low * mm, head.high * mm),
                "hair_mm": Measure(head.hair * mm),
                "axis_mm": Measure((face.middle[0] - width / 2) * mm),
                "eyes_from_bottom": Measure(100 * (height - face.middle[1]) / height),
                "hair_margin_mm": Measure(top * mm),
                "chin_margin_mm": Measure((height - face.chin[1]) * mm),
            }
        return found


def _scaled(box: Box, unit: float) -> Box:
    return Box(box.score, box.centre * unit, box.size * unit, box.key_points * unit)


@cache
def engine(folder: Path) -> Engine:
    """The engine of this process for one folder of models, loaded once."""
    return Engine(folder)
