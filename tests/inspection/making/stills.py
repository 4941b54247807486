"""Stills of a video interview: a passport's page held to a telephone or a laptop, as the agent's side receives it."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels


@dataclass(frozen=True)
class Line:
    """How good the line and the hand are: softness in pixels, length of the movement in pixels, JPEG quality."""

    name: str
    softness: float
    movement: int
    quality: int


LINES = (Line("steady hand", 0.6, 1, 70), Line("moving hand", 0.8, 4, 50), Line("poor line", 1.0, 7, 35))


def _moved(view: np.ndarray, length: int, angle: float) -> np.ndarray:
    kernel = np.zeros((length, length), np.float32)
    for share in np.linspace(-1, 1, 4 * length):
        x, y = (round((length - 1) / 2 * (1 + share * part)) for part in (np.cos(angle), np.sin(angle)))
        kernel[y, x] = 1
    return np.asarray(cv2.filter2D(view, -1, kernel / kernel.sum()))


def still(page: Pixels, rng: random.Random, *, size: tuple[int, int], share: float, line: Line) -> Pixels:
    """The page, ``share`` of the picture's width, leaning and turned up to 6°, a thumb on its corner."""
    return burst(page, rng, size=size, share=share, line=line, frames=1)[0]


def burst(
    page: Pixels, rng: random.Random, *, size: tuple[int, int], share: float, line: Line, frames: int
) -> list[Pixels]:
    """Stills of one second: the same page in the same hand, which trembles; each moves and is compressed by itself."""
    noise = np.random.default_rng(rng.randint(0, 1 << 30))
    (wide, high), (height, width) = size, page.shape[:2]
    scale, angle = share * wide / width, np.radians(noise.uniform(-6, 6))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    placed = (corners - (width / 2, height / 2)) * scale @ turn.T * (1 + noise.uniform(-0.04, 0.04, (4, 2)))
    placed = placed + (wide / 2, high / 2) + noise.uniform(-0.03, 0.03, 2) * size
    light = noise.uniform(0.75, 1.0)
    smooth = cv2.GaussianBlur(page, (0, 0), max(0.01, 0.45 / scale)).astype(np.float32)
    taken = []
    for frame in range(frames):
        trembling = noise.normal(0, 0.004, 2) * wide + noise.normal(0, 0.001, (4, 2)) * wide if frame else 0.0
        taken.append(_frame(smooth, corners, placed + trembling, size, light, line, noise))
    return taken


def _frame(
    page: np.ndarray,
    corners: np.ndarray,
    placed: np.ndarray,
    size: tuple[int, int],
    light: float,
    line: Line,
    noise: np.random.Generator,
) -> Pixels:
    (wide, high), (height, width) = size, page.shape[:2]
    matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    seen = cv2.warpPerspective(page, matrix, size)
    there = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[..., None]
    rows, columns = np.mgrid[0:high, 0:wide]
    room = (110 + 20 * np.sin(columns / 40) + 15 * np.sin(rows / 25))[..., None]
    view = np.ascontiguousarray(seen * there * light + room * (1 - there), np.float32)
    x, y = (round(float(value)) for value in placed[3])
    cv2.ellipse(view, (x, y + 8), (round(0.05 * wide), round(0.03 * wide)), 30, 0, 360, (190, 140, 120), -1)
    view = cv2.GaussianBlur(view, (0, 0), line.softness)
    if line.movement > 1:
        view = _moved(view, line.movement, noise.uniform(0, np.pi))
    pixels = (view + noise.normal(0, 3, view.shape)).clip(0, 255).astype(np.uint8)
    halved = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]
    _, coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, line.quality, *halved])
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
