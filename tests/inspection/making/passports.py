"""Synthetic passport pages: invented holders, printed in OCR-B where the font is installed, then photographed badly."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from escale.case.mrz import Mrz
from escale.inspection.pixels import Pixels

_OCR_B = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")  # Debian package fonts-ocr-b
_DEJAVU = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_SURNAMES = "Martin Bernard Dubois Petit Durand Leroy Moreau Lefèvre Roux Girard Mercier Bonnet O’Connor Quérou".split()
_NAMES = "Jean Marie Louise Camille Jade Gabriel Léo Raphaël Chloé Inès Zoé Quentin Xavier Yasmine Baptiste".split()


@dataclass(frozen=True)
class Page:
    """A picture of a page, and the zone printed on it."""

    picture: Pixels
    mrz: Mrz


def font() -> Path:
    """OCR-B when installed; otherwise a fixed-width font, easier on the eye than on the rule."""
    return _OCR_B if _OCR_B.is_file() else _DEJAVU / "DejaVuSansMono.ttf"


def invented_mrz(rng: random.Random) -> Mrz:
    """The zone of somebody who does not exist."""
    surname = rng.choice(_SURNAMES) + (f" {rng.choice(_SURNAMES)}" if rng.random() < 0.25 else "")
    letters = "ABCDEFHIKPRTVX"
    number = f"{rng.randint(10, 25):02d}{rng.choice(letters)}{rng.choice(letters)}{rng.randint(0, 99999):05d}"
    born = f"{rng.randint(1940, 2005)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    return Mrz.build(
        surname=surname,
        given_names=" ".join(rng.sample(_NAMES, rng.randint(1, 3))),
        number=number,
        birth=born,
        sex=rng.choice("MF"),
        expiry=date(rng.randint(2024, 2036), rng.randint(1, 12), rng.randint(1, 28)),
    )


def printed_page(rng: random.Random, *, dpi: int = 200) -> Page:
    """A page of 125 × 88 mm as a scanner would see it, on a guilloche."""
    mm = dpi / 25.4
    width, height = int(125 * mm), int(88 * mm)
    ground = np.full((height, width, 3), 235, np.float32)
    rows, columns = np.mgrid[0:height, 0:width]
    for channel, period, depth in ((0, 9, 5), (1, 13, 7), (2, 7, 6)):
        ground[..., channel] -= depth * (1 + np.sin(columns / period + 3 * np.sin(rows / (period * 3))))
    page = Image.fromarray(ground.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    zone = invented_mrz(rng)
    face = font()
    letters = ImageFont.truetype(str(face), round(mm * 3.9))
    for number, line in enumerate((zone.line1, zone.line2)):
        for place, character in enumerate(line):
            # 10 characters an inch, lines 6.35 mm apart (Doc 9303-3 §4.3)
            at = (mm * 6 + place * mm * 2.54, height - mm * 17.5 + number * mm * 6.35)
            draw.text(at, character, font=letters, fill=(28, 28, 32))
    small = ImageFont.truetype(str(_DEJAVU / "DejaVuSans.ttf"), int(mm * 2.6))
    draw.text((mm * 45, mm * 8), "PASSEPORT   SPÉCIMEN   République française", font=small, fill=(60, 30, 90))
    words = ("Nom", "Prénoms", "Nationalité Française", "Date de naissance", "Sexe  Taille 1,78 m", "Expiration")
    for number, text in enumerate(words):
        draw.text((mm * 45, mm * (15 + 6.5 * number)), text, font=small, fill=(40, 40, 50))
    draw.rectangle((mm * 5, mm * 15, mm * 40, mm * 60), fill=(200, 205, 210))
    return Page(np.array(page), zone)


def photographed(page: Pixels, rng: random.Random, level: int) -> Pixels:
    """The page at a degradation level: 0 clean; 1, 2, 3 ever more lean, blur, noise, loss; 3 glare too."""
    if level == 0:
        return page
    noise = np.random.default_rng(rng.randint(0, 1 << 30))
    height, width = page.shape[:2]
    lean = 0.012 * level
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    inward = np.float32([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    moved = corners + inward * noise.uniform(0, lean, (4, 2)) * (width, height)
    desk = (90, 80, 70)
    seen = cv2.warpPerspective(
        page.astype(np.float32),
        cv2.getPerspectiveTransform(corners, np.float32(moved)),
        (width, height),
        borderValue=desk,
    )
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), noise.uniform(-1.2, 1.2) * level, 0.97)
    seen = cv2.warpAffine(seen, turn, (width, height), borderValue=desk)
    seen = cv2.GaussianBlur(seen, (0, 0), 0.35 + 0.38 * level)
    rows, columns = np.mgrid[0:height, 0:width]
    slope = (columns / width - 0.5) * noise.uniform(-1, 1) + (rows / height - 0.5) * noise.uniform(-1, 1)
    seen = seen * (1 - 0.09 * level * slope)[..., None] + noise.normal(0, 2.5 * level, seen.shape)
    if level >= 3:
        x, y = noise.uniform(0.2, 0.8) * width, noise.uniform(0.75, 0.95) * height
        glare = np.exp(-(((columns - x) / (0.10 * width)) ** 2 + ((rows - y) / (0.06 * height)) ** 2))
        seen = seen + 90 * glare[..., None]
    pixels = seen.clip(0, 255).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, max(35, 95 - 15 * level)])
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])
