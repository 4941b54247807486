"""The print ruler: a paper photo laid on the cover sheet and photographed by telephone, measured in millimetres.

The cover sheet carries four printed marks around a grey field (all sizes below are exact in millimetres when the
sheet is printed at 100 %). The marks give the scale and the perspective, whatever the camera; the photo is laid
anywhere on the grey field. If the sheet was printed at another scale, everything is measured at that scale: the
sheet says to print at 100 %, and shows a line of 50 mm to verify it; what that line really measures can be given.
The sheet may carry a barcode between its upper marks: it is read, so that a picture of another sheet is noticed.

    +---+                +---+      marks of 14 mm, their outer corners on a frame of 96 × 106 mm
    | 0 |   +--------+   | 1 |
    +---+   |  grey  |   +---+      grey field of 45 × 55 mm, in the middle
            |  field |
    +---+   +--------+   +---+
    | 3 |                | 2 |
    +---+                +---+
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import zxingcpp

from escale.inspection.photo import PhotoReport, check_photo
from escale.inspection.pixels import Pixels, open_pixels
from escale.inspection.portrait.networks import Floats
from escale.inspection.print_edges import find_print

FRAME_MM = (96.0, 106.0)  # width, height of the frame the marks stand in
MARK_MM = 14.0
MARK_POSITIONS_MM: dict[int, tuple[float, float]] = {  # top left corner of each mark in the frame
    0: (0.0, 0.0),
    1: (FRAME_MM[0] - MARK_MM, 0.0),
    2: (FRAME_MM[0] - MARK_MM, FRAME_MM[1] - MARK_MM),
    3: (0.0, FRAME_MM[1] - MARK_MM),
}
FIELD_MM = (25.5, 25.5, 45.0, 55.0)  # left, top, width, height of the grey field in the frame
FIELD_GREY = "#8b8b8b"  # L* 58: apart from light backgrounds and from dark clothes alike
CODE_MM = (18.0, 0.5, 60.0, 13.0)  # left, top, width, height of the place for a barcode in the frame
PRINT_MM = (35.0, 45.0)
LINE_MM = 50.0
_MODULES = 6  # a mark of the 4 × 4 dictionary with its border
_DETAIL = 20  # pixels a millimetre in the flattened view
_LEAST_DETAIL = 7.0  # pixels a millimetre in the telephone's picture
_MOST_RESIDUAL = 0.35  # mm: above, the sheet is folded, or it is not our sheet
_LEAST_LIGHT = 90  # of 255, of the grey field that is printed at 139
_SIZE_TOLERANCE = 1.0  # mm on each side of a print
_MOST_SOFTNESS = 0.6  # mm over which the edge of a mark fades: above, the picture is blurred

_PROBLEMS = {
    "sheet_not_seen": (
        "La feuille n’a pas été reconnue. Photographiez la page « Règle pour la photo » du bordereau, "
        "entière, bien éclairée et nette.",
        "The sheet was not recognised. Photograph the page “Ruler for the photo” of the cover sheet: "
        "the whole page, well lit and sharp.",
    ),
    "blurred": (
        "L’image est floue. Tenez le téléphone à deux mains, touchez la feuille sur l’écran pour faire la mise au "
        "point, et recommencez à la lumière du jour.",
        "The picture is blurred. Hold the telephone with both hands, tap the sheet on the screen to focus, and try "
        "again in daylight.",
    ),
    "marks_missing": (
        "Les quatre repères de la feuille ne sont pas tous visibles. Photographiez la feuille bien à plat, entière, "
        "sans ombre ni doigt sur les repères.",
        "The four marks of the sheet are not all visible. Photograph the whole sheet lying flat, "
        "with no shadow or finger on the marks.",
    ),
    "too_far": (
        "La feuille est trop petite sur l’image. Rapprochez-vous : les quatre repères doivent remplir l’image.",
        "The sheet is too small in the picture. Come closer: the four marks should fill the picture.",
    ),
    "not_flat": (
        "La feuille n’est pas à plat ou a été déformée. Posez-la sur une table et recommencez.",
        "The sheet is not flat or was distorted. Lay it on a table and try again.",
    ),
    "too_dark": (
        "L’image est trop sombre pour mesurer la photo. Recommencez à la lumière du jour, près d’une "
        "fenêtre, sans flash.",
        "The picture is too dark to measure the photo. Try again in daylight, near a window, without flash.",
    ),
    "not_done": (
        "La mesure n’a pas pu être faite. Ce n’est pas votre faute : envoyez l’image de nouveau, ou postez la photo "
        "sans cette mesure, qui est facultative.",
        "The measurement could not be made. It is not your fault: send the picture again, or post the photo "
        "without this measurement, which is optional.",
    ),
    "no_print": (
        "La photo n’a pas été trouvée sur le rectangle gris. Posez-la bien droite, entière, au milieu du rectangle.",
        "The photo was not found on the grey rectangle. Lay it straight, whole, in the middle of the rectangle.",
    ),
}


@dataclass(frozen=True)
class PrintReading:
    """What the ruler measured, in millimetres.

    ``problem`` is empty, or the code of what stopped the measure (then the sizes are None). ``residual_mm``: how well
    the sixteen corners of the marks agree with the sheet. ``size_ok``: the print is 35 × 45 mm within 1 mm.
    ``head_mm`` with ``head_low_mm`` and ``head_high_mm``, ``axis_mm`` (face off the middle, to the right positive)
    need the photo engine. ``flattened``: the print seen straight on, as a JPEG; ``report``: its check. ``code``: the
    barcode of the sheet, empty when it has none or it could not be read.
    """

    problem: str
    width_mm: float | None = None
    height_mm: float | None = None
    residual_mm: float | None = None
    size_ok: bool = False
    head_mm: float | None = None
    head_low_mm: float | None = None
    head_high_mm: float | None = None
    axis_mm: float | None = None
    flattened: bytes = b""
    report: PhotoReport | None = None
    code: str = ""

    def problem_words(self, lang: str) -> str:
        """What to do about the problem, ``fr`` or ``en``; empty when there is none."""
        return _PROBLEMS[self.problem][1 if lang.startswith("en") else 0] if self.problem else ""


@cache
def _dictionary() -> cv2.aruco.Dictionary:
    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


@cache
def _modules(number: int) -> tuple[tuple[bool, ...], ...]:
    """Which of the 6 × 6 squares of a mark are black."""
    drawn = cv2.aruco.generateImageMarker(_dictionary(), number, _MODULES, borderBits=1)
    return tuple(tuple(bool(value == 0) for value in row) for row in drawn)


def mark_svg(number: int) -> str:
    """One mark (0 to 3) as an SVG of 14 × 14 mm. It needs 3 mm of white around it on the sheet."""
    if number not in MARK_POSITIONS_MM:
        raise ValueError("marks are numbered 0 to 3")
    squares = "".join(
        f'<rect x="{column}" y="{row}" width="1.01" height="1.01"/>'  # a hair more, so that no white line shows between
        for row, line in enumerate(_modules(number))
        for column, black in enumerate(line)
        if black
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{MARK_MM:g}mm" height="{MARK_MM:g}mm" '
        f'viewBox="0 0 {_MODULES} {_MODULES}" shape-rendering="crispEdges">{squares}</svg>'
    )


def ruler_svg() -> str:
    """The whole ruler as an SVG of 96 × 106 mm: four marks, the grey field, and a line of exactly 50 mm under it."""
    side = MARK_MM / _MODULES
    size = f'width="{side + 0.01:.4f}" height="{side + 0.01:.4f}"'
    marks = "".join(
        f'<rect x="{x + column * side:.4f}" y="{y + row * side:.4f}" {size}/>'
        for number, (x, y) in MARK_POSITIONS_MM.items()
        for row, line in enumerate(_modules(number))
        for column, black in enumerate(line)
        if black
    )
    left, top, width, height = FIELD_MM
    middle, below = FRAME_MM[0] / 2, top + height + 8
    line = f"M{middle - 25} {below - 1.5}v3m0 -1.5h50m0 -1.5v3"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{FRAME_MM[0]:g}mm" height="{FRAME_MM[1]:g}mm" '
        f'viewBox="0 0 {FRAME_MM[0]:g} {FRAME_MM[1]:g}">'
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{FIELD_GREY}"/>'
        f'<path d="{line}" fill="none" stroke="#000" stroke-width="0.2"/>{marks}</svg>'
    )


def _mark_corners() -> Floats:
    """The sixteen corners in the frame, marks in order, each clockwise from its top left."""
    square = np.array([[0, 0], [MARK_MM, 0], [MARK_MM, MARK_MM], [0, MARK_MM]])
    return np.concatenate([square + MARK_POSITIONS_MM[number] for number in sorted(MARK_POSITIONS_MM)])


def _seen_corners(picture: Pixels) -> dict[int, Floats]:
    """The four corners of each mark that is seen in the picture, to a fraction of a pixel."""
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.cornerRefinementWinSize = 5
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    corners, numbers, _ = cv2.aruco.ArucoDetector(_dictionary(), settings).detectMarkers(grey)
    if numbers is None:
        return {}
    pairs = zip(numbers.ravel(), corners, strict=True)
    return {int(number): box[0].astype(float) for number, box in pairs if int(number) in MARK_POSITIONS_MM}


def _straightened(points: Floats, bend: float, centre: Floats, size: float) -> Floats:
    """Points with a radial distortion of the lens undone (one coefficient, relative to half the diagonal)."""
    relative = (points - centre) / size
    return np.asarray(centre + relative * (1 + bend * (relative**2).sum(axis=1, keepdims=True)) * size)


@dataclass(frozen=True)
class _View:
    """From pixels to the frame: a lens bend, then a homography. ``residual``: root mean square, mm."""

    homography: Floats
    bend: float
    centre: Floats
    size: float
    residual: float


def _fit_view(seen: Floats, picture: Pixels) -> _View | None:
    """The view that best explains the marks; the bend of the lens is searched, the rest is solved."""
    height, width = picture.shape[:2]
    centre, size = np.array([width / 2, height / 2]), float(np.hypot(width, height) / 2)
    expected = _mark_corners()
    best: _View | None = None
    for bend in np.linspace(-0.12, 0.12, 25):
        straight = _straightened(seen, float(bend), centre, size)
        matrix, _ = cv2.findHomography(straight, expected, 0)
        if matrix is None:
            continue
        found = cv2.perspectiveTransform(straight[None], matrix)[0]
        residual = float(np.sqrt(((found - expected) ** 2).sum(axis=1).mean()))
        if best is None or residual < best.residual:
            best = _View(matrix, float(bend), centre, size, residual)
    return best


def _flatten(picture: Pixels, view: _View, part: tuple[float, float, float, float]) -> Pixels:
    """A part of the frame (left, top, width, height in millimetres) seen straight on, 20 pixels a millimetre."""
    left, top, width, height = part
    columns, rows = np.meshgrid(np.arange(width * _DETAIL) + 0.5, np.arange(height * _DETAIL) + 0.5)
    targets = np.stack([columns.ravel() / _DETAIL + left, rows.ravel() / _DETAIL + top], axis=1)
    straight = cv2.perspectiveTransform(targets[None], np.linalg.inv(view.homography))[0]
    bent = straight
    for _ in range(3):  # the inverse of the bend, by fixed point
        squared = (((bent - view.centre) / view.size) ** 2).sum(axis=1, keepdims=True)
        bent = view.centre + (straight - view.centre) / (1 + view.bend * squared)
    maps = bent.reshape(*rows.shape, 2).astype(np.float32)
    flat = cv2.remap(picture, maps[..., 0], maps[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _detail(seen: Floats) -> float:
    """Pixels a millimetre along the sides of the smallest mark."""
    sides = np.linalg.norm(seen.reshape(4, 4, 2) - np.roll(seen.reshape(4, 4, 2), 1, axis=1), axis=2)
    return float(sides.mean(axis=1).min() / MARK_MM)


def _softness(picture: Pixels, view: _View) -> float:
    """Over how many millimetres the outer edges of the first mark fade: its contrast by its steepest step."""
    x, y = MARK_POSITIONS_MM[0]
    middle = MARK_MM / 2
    spans = []
    for part, axis in (((x - 2, y + middle - 3, 4, 6), 1), ((x + middle - 3, y - 2, 6, 4), 0)):
        edge = cv2.cvtColor(_flatten(picture, view, part), cv2.COLOR_RGB2GRAY).astype(float).mean(axis=1 - axis)
        contrast, steepest = float(edge.max() - edge.min()), float(np.abs(np.diff(edge)).max())
        spans.append(contrast / max(steepest, 1e-6) / _DETAIL)
    return max(spans)


def _code(picture: Pixels, view: _View) -> str:
    """The barcode between the upper marks; empty when there is none, or not exactly one."""
    read = zxingcpp.read_barcodes(
        _flatten(picture, view, CODE_MM), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128)
    )
    return read[0].text if len(read) == 1 else ""


def _with_face(reading: PrintReading) -> PrintReading:
    """The face of the flattened print, in true millimetres of the paper."""
    report = check_photo(reading.flattened, finished=True)
    measured = report.check("head_height") if report.drawing is not None else None
    if measured is None or measured.value is None or reading.height_mm is None or reading.width_mm is None:
        return replace(reading, report=report)
    true = reading.height_mm / PRINT_MM[1]  # the report reckons the picture 45 mm high
    axis = report.measures.get("axis_mm")
    return replace(
        reading,
        report=report,
        head_mm=measured.value * true,
        head_low_mm=(measured.low or measured.value) * true,
        head_high_mm=(measured.high or measured.value) * true,
        axis_mm=None if axis is None else axis * true,
    )


def _blurred(picture: Pixels) -> bool:
    """Whether a picture without any mark has no fine detail anywhere: a camera that did not focus."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    spread = float(small.std())
    return spread > 8 and float(np.abs(cv2.Laplacian(small, cv2.CV_32F)).max()) < spread


def _view(picture: Pixels) -> _View | PrintReading:
    """How the sheet lies in the picture, or what stops the measure."""
    marks = _seen_corners(picture)
    if len(marks) < len(MARK_POSITIONS_MM):
        unseen = "blurred" if _blurred(picture) else "sheet_not_seen"
        return PrintReading("marks_missing" if marks else unseen)
    seen = np.concatenate([marks[number] for number in sorted(marks)])
    if _detail(seen) < _LEAST_DETAIL:
        return PrintReading("too_far")
    view = _fit_view(seen, picture)
    if view is None or view.residual > _MOST_RESIDUAL:
        return PrintReading("not_flat", residual_mm=view.residual if view else None)
    if _softness(picture, view) > _MOST_SOFTNESS:
        return PrintReading("blurred", residual_mm=view.residual)
    return view


def _is_dark(field: Pixels) -> bool:
    """Whether the rim of the grey field is much darker than it was printed."""
    return float(np.median(np.concatenate([field[:_DETAIL].ravel(), field[-_DETAIL:].ravel()]))) < _LEAST_LIGHT


def measure_print(
    content: bytes, *, line_mm: float = LINE_MM, progress: Callable[[str, float], None] | None = None
) -> PrintReading:
    """Measure the print in a telephone's picture of the sheet (a JPEG out of ``sanitise``; other kinds are made so).

    ``line_mm``: what the line of 50 mm really measures on the printed sheet; everything is measured at that scale.
    Raises UploadRefused when ``content`` is no picture; every other trouble is a ``problem`` with words for it.
    """
    tell = progress or (lambda stage, share: None)
    picture = open_pixels(content)
    tell("marks", 0.1)
    view = _view(picture)
    if isinstance(view, PrintReading):
        return view
    code = _code(picture, view)
    tell("print", 0.4)
    field = _flatten(picture, view, FIELD_MM)
    found = find_print(field, _DETAIL)
    if found is None:
        return PrintReading("too_dark" if _is_dark(field) else "no_print", residual_mm=view.residual, code=code)
    scale = line_mm / LINE_MM
    width, height, flattened = found[0] * scale, found[1] * scale, found[2]
    size_ok = abs(width - PRINT_MM[0]) <= _SIZE_TOLERANCE and abs(height - PRINT_MM[1]) <= _SIZE_TOLERANCE
    tell("face", 0.7)
    reading = PrintReading("", width, height, view.residual, size_ok=size_ok, flattened=flattened, code=code)
    return _with_face(reading)
