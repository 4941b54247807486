"""Portraits in the public domain (carried by development packages), cut out and put on a light grey ground.

Eileen Collins (NASA, in scikit-image) smiles; Grace Hopper (United States Navy, in matplotlib) wears a cap and
glasses. Neither is a compliant photo: they serve to show that the measures follow known changes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import matplotlib.cbook
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from escale.inspection import models
from escale.inspection.pixels import Pixels
from escale.inspection.portrait.crop import propose
from escale.inspection.portrait.geometry import face_axes, find_head
from escale.inspection.portrait.measuring import engine
from escale.inspection.portrait.networks import Mesh
from escale.inspection.portrait.points import EYES
from escale.inspection.portrait.scales import scales_of

Floats = NDArray[Any]
WIDTH, HEIGHT = 827, 1063  # 35 × 45 mm at 600 dots an inch
SKIN_TONES = {  # of the Monk scale, from light to dark
    4: (234, 218, 186), 6: (160, 126, 86), 7: (130, 92, 67), 8: (96, 65, 52), 9: (58, 49, 42), 10: (41, 36, 32),
}  # fmt: skip


def original(name: str) -> Pixels:
    """The picture as its package carries it."""
    if name == "collins":
        return np.asarray(skimage.data.astronaut())
    with Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)) as picture:
        return np.asarray(picture.convert("RGB"))


def jpeg(pixels: Pixels, quality: int = 95) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


@dataclass(frozen=True)
class Cutout:
    """A person without background, framed at 35 × 45 mm: colours, and how much of each pixel is person."""

    colours: Floats
    person: Floats

    def on(self, ground: Floats) -> Pixels:
        """The person before a ground (one colour, or a picture)."""
        share = self.person[..., None]
        return np.clip(self.colours * share + ground * (1 - share), 0, 255).astype(np.uint8)


def tone(lightness: float, a: float = 0.0, b: float = 0.0, *, noise: float = 1.2) -> Floats:
    """A plain ground of this CIELAB colour, with the grain of a camera."""
    colour = cv2.cvtColor(np.array([[[lightness, a, b]]], np.float32), cv2.COLOR_LAB2RGB)[0, 0] * 255
    grain = np.random.default_rng(0).normal(0, noise, (HEIGHT, WIDTH, 1))
    return np.asarray(np.clip(colour, 0, 255) + grain)


@cache
def cutout(name: str) -> Cutout:
    """One portrait enlarged to 600 dots an inch and cut out by the mask network, its edge colours cleaned."""
    picture = original(name)
    machine = engine(models.folder())
    scales = scales_of(picture)
    box = machine.networks.detect(picture)[0]
    face = face_axes(machine.networks.mesh(scales.levels, box).points)
    mask = machine._person(scales, face)
    head = find_head(scales, mask, face)
    frame = propose(face, head, (0, 0, picture.shape[1], picture.shape[0]))
    target = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT]], np.float32)
    matrix = cv2.getAffineTransform(np.array(frame.corners[:3], np.float32), target)
    settings = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    colours = cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), **settings).astype(np.float32)
    full = cv2.resize(mask, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC)
    person = np.clip((cv2.warpAffine(full, matrix, (WIDTH, HEIGHT), **settings) - 0.35) / 0.5, 0, 1)
    person = cv2.GaussianBlur(person.astype(np.float32), (0, 0), 0.8)
    return Cutout(_cleaned(colours, person), person)


def _cleaned(colours: Floats, person: Floats) -> Floats:
    """Colours of the sure pixels spread over the edge, so that the old ground does not shine through."""
    sure = (person > 0.97).astype(np.float32)
    known, weighted, out, filled = sure, colours * sure[..., None], colours.copy(), sure > 0
    for size in (3, 7, 15, 31):
        total, share = cv2.blur(weighted, (size, size)), cv2.blur(known, (size, size))
        fresh = ~filled & (share > 1e-3)
        out[fresh] = (total / np.maximum(share, 1e-6)[..., None])[fresh]
        filled = filled | fresh
    return out


@cache
def framed(name: str) -> Pixels:
    """The portrait on light grey (L* 84), 35 × 45 mm at 600 dots an inch."""
    return cutout(name).on(tone(84, -1, -3))


@cache
def mesh_of(name: str) -> Mesh:
    """The mesh of the framed portrait."""
    machine, scales = engine(models.folder()), scales_of(framed(name))
    box = machine.networks.detect(framed(name))[0]
    return machine.networks.mesh(scales.levels, box)


def _linear(values: Floats) -> Floats:
    shares = np.asarray(values, np.float32) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def _coded(linear: Floats) -> Floats:
    shares = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)
    return np.asarray(255 * shares.clip(0, 1), np.float32)


def in_skin(name: str, rank: int) -> Pixels:
    """The same portrait in the same light, of somebody whose skin has this tone of the Monk scale.

    Skin multiplies the light it receives: so are multiplied the colours of the person, all but the eyes.
    """
    points = mesh_of(name).points[:, :2]
    face, eyes = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(points[:468].astype(np.float32)).astype(np.int32), 1)
    for eye in EYES:
        cv2.fillPoly(eyes, [points[list(eye.ring)].astype(np.int32)], 255)
    kept = (cv2.GaussianBlur(eyes, (0, 0), 2) / 255)[..., None]
    person = cutout(name)
    light = _linear(person.colours.clip(0, 255))
    factor = _linear(np.array(SKIN_TONES[rank])) / np.median(light[face > 0], axis=0)
    return Cutout(_coded(light * (kept + factor * (1 - kept))), person.person).on(tone(84, -1, -3))
