"""Scenes of known geometry: a print on the cover sheet's ruler, seen by a telephone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.ruler import FIELD_MM, FRAME_MM, MARK_MM, MARK_POSITIONS_MM, _modules

_MM = 24  # pixels a millimetre of the flat sheet
_MARGIN = 8  # mm of white paper around the frame
_FILLING = 0.58  # of the long side of the picture, by the sheet seen straight on


@dataclass(frozen=True)
class Placing:
    """The print: size in millimetres, shift of its middle from the field's, turn in degrees."""

    width: float = 35.0
    height: float = 45.0
    right: float = 0.0
    down: float = 0.0
    turn: float = 0.0


def flat_sheet(photo: Pixels | None, placing: Placing) -> Pixels:
    """The ruler printed on white paper, the photo laid on it with a thin shadow."""
    width, height = (round((side + 2 * _MARGIN) * _MM) for side in FRAME_MM)
    sheet = np.full((height, width, 3), 246, np.uint8)

    def fill(x: float, y: float, wide: float, high: float, grey: int) -> None:
        left, top = round((x + _MARGIN) * _MM), round((y + _MARGIN) * _MM)
        sheet[top : round((y + high + _MARGIN) * _MM), left : round((x + wide + _MARGIN) * _MM)] = grey

    fill(*FIELD_MM, 0x8B)
    module = MARK_MM / 6
    for number, (x, y) in MARK_POSITIONS_MM.items():
        for row, line in enumerate(_modules(number)):
            for column, black in enumerate(line):
                if black:
                    fill(x + column * module, y + row * module, module, module, 24)
    if photo is None:
        return sheet
    middle = np.array([FIELD_MM[0] + FIELD_MM[2] / 2 + placing.right, FIELD_MM[1] + FIELD_MM[3] / 2 + placing.down])
    angle = np.radians(placing.turn)
    right = np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-right[1], right[0]])
    corners = [
        middle + right * x * placing.width / 2 + down * y * placing.height / 2 for x, y in ((-1, -1), (1, -1), (1, 1))
    ]
    onto = ((np.array(corners) + _MARGIN) * _MM).astype(np.float32)
    size = photo.shape[1], photo.shape[0]
    matrix = cv2.getAffineTransform(np.array([[0, 0], [size[0], 0], [size[0], size[1]]], np.float32), onto)
    covered = cv2.warpAffine(np.full(photo.shape[:2], 255, np.uint8), matrix, (width, height), flags=cv2.INTER_AREA)
    shadow = cv2.GaussianBlur(np.roll(covered, (8, 6), (0, 1)), (0, 0), 7).astype(np.float32) / 255 * 0.18
    dimmed = sheet * (1 - shadow[..., None])
    laid = cv2.warpAffine(photo, matrix, (width, height), flags=cv2.INTER_LINEAR)
    share = covered[..., None].astype(np.float32) / 255
    return (dimmed * (1 - share) + laid * share).astype(np.uint8)


def seen(sheet: Pixels, rng: np.random.Generator, *, tilt: float, long_side: int = 3200, light: float = 1.0) -> Pixels:
    """The sheet photographed from up to ``tilt`` degrees: perspective, lens, light, blur, noise, JPEG.

    ``light`` under 1: a dim room, where the picture is darker and its grain coarser.
    """
    height, width = sheet.shape[:2]
    size = (round(long_side * 0.75), long_side)
    pitch, yaw, roll = np.radians([*rng.uniform(-tilt, tilt, 2), rng.uniform(-8, 8)])
    turn = cv2.Rodrigues(np.array([pitch, 0.0, 0.0]))[0] @ cv2.Rodrigues(np.array([0.0, yaw, 0.0]))[0]
    turn = turn @ cv2.Rodrigues(np.array([0.0, 0.0, roll]))[0]
    focal = 1.1 * long_side
    distance = focal * height / (_FILLING * long_side)
    camera = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    solid = np.column_stack([corners - (width / 2, height / 2), np.zeros(4)]) @ turn.T + (0, 0, distance)
    projected = solid @ camera.T
    matrix = cv2.getPerspectiveTransform(
        corners.astype(np.float32), (projected[:, :2] / projected[:, 2:]).astype(np.float32)
    )
    bend = rng.uniform(-0.04, 0.04)
    columns, rows = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    x, y = columns - size[0] / 2, rows - size[1] / 2
    factor = 1 + bend * (x * x + y * y) / (np.hypot(*size) / 2) ** 2
    straight = np.stack([x * factor + size[0] / 2, y * factor + size[1] / 2], axis=-1).reshape(1, -1, 2)
    places = cv2.perspectiveTransform(straight, np.linalg.inv(matrix)).reshape(size[1], size[0], 2).astype(np.float32)
    smooth = cv2.GaussianBlur(sheet, (0, 0), 0.45 * _MM / (_FILLING * long_side / (height / _MM)) + 0.3)
    view = cv2.remap(smooth, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderValue=(96, 84, 70))
    view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.6, 1.4)).astype(np.float32)
    slope = 1 + rng.uniform(-0.12, 0.12) * x / size[0] + rng.uniform(-0.12, 0.12) * y / size[1]
    tint = np.array([1 + rng.uniform(-0.05, 0.05), 1.0, 1 + rng.uniform(-0.07, 0.05)])
    view = view * slope[..., None] * tint * rng.uniform(0.8, 1.03) * light + rng.normal(0, 2.5 / light, view.shape)
    _, coded = cv2.imencode(".jpg", view.clip(0, 255).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
