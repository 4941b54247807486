"""The photo with its marks in millimetres, as a picture and as a vector overlay; and the same said in words.

The drawing keeps only lines and heights, never the mesh of the face.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.crop import HEIGHT_MM, CropProposal
from escale.inspection.portrait.geometry import Face, Head
from escale.inspection.portrait.networks import Floats

_GREEN, _ORANGE, _BLUE, _GREY = (
    (24, 117, 60),
    (179, 64, 0),
    (0, 0, 145),
    (90, 90, 90),
)  # success, warning, blue of the State
_RANGE_MM = (32.0, 36.0)
_SHOWN_HEIGHT, _CAPTIONS = 1000, 450  # pixels
_FINE = 160  # lines of the overlay: one part of the width in so many
_LETTERS = cv2.FontFace("sans")

_LABELS = {
    "hair": ("haut des cheveux : {value} mm", "top of the hair: {value} mm"),
    "crown": ("sommet du crâne, estimé : {value} mm [{low}–{high}]", "crown, estimated: {value} mm [{low}–{high}]"),
    "eyes": ("ligne des yeux, inclinée de {value}°", "eye line, tilted by {value}°"),
    "chin": ("bas du menton : 0 mm", "bottom of the chin: 0 mm"),
    "axis": ("axe du visage à {value} mm du milieu", "axis of the face {value} mm from the middle"),
    "range": ("zone admise du crâne : de 32 à 36 mm", "allowed zone of the crown: 32 to 36 mm"),
}


@dataclass(frozen=True)
class Mark:
    """One line: a code, its middle in pixels, its height above the chin in millimetres, its words by language."""

    code: str
    at: tuple[float, float]
    words: tuple[str, str]


@dataclass(frozen=True)
class Drawing:
    """Marks on a picture of ``width`` × ``height`` pixels, ``mm`` millimetres a pixel; ``across`` along the eye line.

    For a photo still to be framed, millimetres are those of the proposed frame, whose corners are ``frame``.
    """

    width: int
    height: int
    mm: float
    across: tuple[float, float]
    up: tuple[float, float]
    chin: tuple[float, float]
    half: float
    marks: tuple[Mark, ...]
    interval_mm: tuple[float, float]
    frame: tuple[tuple[float, float], ...]
    compliant: bool

    def words(self, lang: str) -> list[str]:
        """The text twin: what the lines show, one sentence each."""
        column = 1 if lang.startswith("en") else 0
        return [mark.words[column] for mark in self.marks] + [_LABELS["range"][column]]


def _both(code: str, **values: float) -> tuple[str, str]:
    shown = {name: f"{value:.1f}" for name, value in values.items()}
    french, english = _LABELS[code]
    return french.format(**{name: text.replace(".", ",") for name, text in shown.items()}), english.format(**shown)


def drawing_of(
    face: Face, head: Head, width: int, height: int, *, finished: bool, crop: CropProposal | None
) -> Drawing:
    """The marks of one measured portrait."""
    mm = HEIGHT_MM / height if finished or crop is None else 25.4 / crop.dpi
    low, high = head.low * mm, head.high * mm

    def at(pixels: float) -> tuple[float, float]:
        point = face.chin + face.up * pixels
        return float(point[0]), float(point[1])

    middle = (float(face.middle[0]), float(face.middle[1]))
    marks = [
        Mark("hair", at(head.hair), _both("hair", value=head.hair * mm)),
        Mark("crown", at(head.crown), _both("crown", value=head.crown * mm, low=low, high=high)),
        Mark("eyes", middle, _both("eyes", value=abs(face.roll))),
        Mark("chin", at(0), _both("chin")),
    ]
    if finished:
        marks.append(Mark("axis", middle, _both("axis", value=abs(middle[0] - width / 2) * mm)))
    return Drawing(
        width=width,
        height=height,
        mm=mm,
        across=(float(face.across[0]), float(face.across[1])),
        up=(float(face.up[0]), float(face.up[1])),
        chin=(float(face.chin[0]), float(face.chin[1])),
        half=face.expected_head * 0.62,
        marks=tuple(marks),
        interval_mm=(low, high),
        frame=() if finished or crop is None else crop.corners,
        compliant=low >= _RANGE_MM[0] and high <= _RANGE_MM[1],
    )


def _band(drawing: Drawing, low_mm: float, high_mm: float, reach: float) -> list[tuple[float, float]]:
    """Corners of the strip between two heights above the chin, in pixels of the picture."""
    chin, up, across = (np.array(part) for part in (drawing.chin, drawing.up, drawing.across))
    low, high, side = up * low_mm / drawing.mm, up * high_mm / drawing.mm, across * drawing.half * reach
    return [tuple((chin + corner).tolist()) for corner in (low - side, low + side, high + side, high - side)]


def _line(drawing: Drawing, mark: Mark) -> tuple[Floats, Floats]:
    side = np.array(drawing.across) * drawing.half
    return np.array(mark.at) - side, np.array(mark.at) + side


def _colour(drawing: Drawing, code: str) -> tuple[int, int, int]:
    if code == "hair":
        return _GREY
    if code == "eyes":
        return _BLUE
    return _GREEN if drawing.compliant else _ORANGE


def _write(sheet: Pixels, text: str, at: tuple[int, int], colour: tuple[int, int, int], size: int = 17) -> None:
    """Words in the letters OpenCV carries (they have the accents French needs)."""
    cv2.putText(sheet, text, at, colour, _LETTERS, size, 400)


def _fill(sheet: Pixels, corners: list[tuple[float, float]], scale: float, colour: tuple[int, int, int]) -> None:
    """A translucent polygon."""
    tinted = sheet.copy()
    cv2.fillPoly(tinted, [np.round(np.array(corners) * scale).astype(np.int32)], colour, cv2.LINE_AA)
    cv2.addWeighted(tinted, 0.22, sheet, 0.78, 0, dst=sheet)


def _stroke(sheet: Pixels, start: Floats, end: Floats, colour: tuple[int, int, int], width: int) -> None:
    first, last = (tuple(round(float(value)) for value in point) for point in (start, end))
    cv2.line(sheet, first, last, colour, width, cv2.LINE_AA)


def _ruler(photo: Pixels) -> None:
    """Millimetres of the finished photo along its left edge, from the bottom."""
    step = _SHOWN_HEIGHT / HEIGHT_MM
    for mark in range(1, int(HEIGHT_MM)):
        row = round(_SHOWN_HEIGHT - mark * step)
        photo[row - 1 : row + 1, : 18 if mark % 5 == 0 else 9] = 0
        if mark % 5 == 0:
            cv2.rectangle(photo, (20, row - 9), (44, row + 9), (255, 255, 255), -1)
            _write(photo, str(mark), (23, row + 6), (0, 0, 0), 15)


def _captions(sheet: Pixels, drawing: Drawing, scale: float, left: int, column: int) -> None:
    """The words of each line beside the photo, kept apart from each other, and tied to the end of their line."""
    last = 0.0
    for mark in sorted((mark for mark in drawing.marks if mark.code != "axis"), key=lambda item: item.at[1]):
        colour = _colour(drawing, mark.code)
        edge = (_line(drawing, mark)[1] * scale)[1]
        row = max(edge, last + 26, 16.0)
        _stroke(sheet, np.array([left, edge]), np.array([left + 12, row]), colour, 2)
        _write(sheet, mark.words[column], (left + 16, round(row) + 6), colour)
        last = row
    for text, colour in (
        *((mark.words[column], _GREY) for mark in drawing.marks if mark.code == "axis"),
        (_LABELS["range"][column], _GREEN),
    ):
        last += 34
        _write(sheet, text, (left + 16, round(min(last, _SHOWN_HEIGHT - 8))), colour)


def picture(pixels: Pixels, drawing: Drawing, lang: str) -> bytes:
    """A PNG of the photo, 1000 pixels high, a ruler in millimetres on its left, the words of each line on its right."""
    scale = _SHOWN_HEIGHT / drawing.height
    wide = round(drawing.width * scale)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    photo = np.asarray(cv2.resize(pixels, (wide, _SHOWN_HEIGHT), interpolation=interpolation), np.uint8)
    _fill(photo, _band(drawing, *_RANGE_MM, reach=1.0), scale, _GREEN)
    _fill(photo, _band(drawing, *drawing.interval_mm, reach=0.8), scale, _BLUE)
    if drawing.frame:
        cv2.polylines(photo, [np.round(np.array(drawing.frame) * scale).astype(np.int32)], True, _BLUE, 3, cv2.LINE_AA)
    chin, up = np.array(drawing.chin), np.array(drawing.up)
    _stroke(photo, (chin - up * 3 / drawing.mm) * scale, (chin + up * 38 / drawing.mm) * scale, _BLUE, 2)
    for mark in drawing.marks:
        if mark.code != "axis":
            start, end = _line(drawing, mark)
            _stroke(photo, start * scale, end * scale, _colour(drawing, mark.code), 3)
    if not drawing.frame:
        _ruler(photo)
    sheet = np.full((_SHOWN_HEIGHT, wide + _CAPTIONS, 3), 255, np.uint8)
    sheet[:, :wide] = photo
    _captions(sheet, drawing, scale, wide, 1 if lang.startswith("en") else 0)
    _, coded = cv2.imencode(".png", sheet[..., ::-1])
    return coded.tobytes()


def overlay(drawing: Drawing, lang: str) -> str:
    """The same marks as an SVG to lay over the photo, sized in its pixels; its description is the text twin."""
    column = 1 if lang.startswith("en") else 0
    title = ("Repères de la photo", "Marks on the photo")[column]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}" role="img">',
        f"<title>{title}</title><desc>{' ; '.join(drawing.words(lang))}</desc>",
    ]
    for band, colour, reach in ((_RANGE_MM, _GREEN, 1.0), (drawing.interval_mm, _BLUE, 0.8)):
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in _band(drawing, *band, reach=reach))
        parts.append(f'<polygon points="{corners}" fill="rgb{colour}" fill-opacity="0.2"/>')
    if drawing.frame:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawing.frame)
        parts.append(
            f'<polygon points="{corners}" fill="none" stroke="rgb{_BLUE}" stroke-width="{drawing.width / _FINE:.1f}"/>'
        )
    for mark in drawing.marks:
        if mark.code == "axis":
            continue
        start, end = _line(drawing, mark)
        parts.append(
            f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
            f'stroke="rgb{_colour(drawing, mark.code)}" stroke-width="{drawing.width / _FINE:.1f}"/>'
        )
    return "".join([*parts, "</svg>"])
