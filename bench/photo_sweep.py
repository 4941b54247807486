"""Does each measure follow the defect? Public-domain portraits altered by known amounts, and what is read back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from scipy.interpolate import griddata

from escale.inspection import models
from escale.inspection.photo import Verdict, check_photo
from escale.inspection.portrait.geometry import face_axes
from escale.inspection.portrait.measuring import engine
from escale.inspection.portrait.scales import scales_of
from tests.inspection.making.portraits import HEIGHT, SKIN_TONES, WIDTH, Cutout, cutout, framed, in_skin, jpeg, tone

PORTRAITS = ("collins", "hopper")
MM = HEIGHT / 45  # pixels a millimetre
Picture = np.ndarray[Any, Any]


@dataclass
class Series:
    """One alteration of one portrait: known amounts, measures read, verdicts of one check."""

    name: str
    measure: str
    check: str
    known: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)

    def add(self, amount: float, picture: Picture) -> None:
        report = check_photo(jpeg(picture), finished=True)
        value = report.measures.get(self.measure)
        if value is None:
            return
        self.known.append(amount)
        self.read.append(value)
        found = {item.code: item.verdict for item in report.checks}
        letter = {Verdict.COMPLIANT: "c", Verdict.TO_CHECK: "v", Verdict.NOT_COMPLIANT: "N"}
        self.verdicts.append(letter.get(found.get(self.check, Verdict.NOT_MEASURED), "-"))

    @property
    def rho(self) -> float:
        """Spearman's rank correlation."""
        ranks = [np.argsort(np.argsort(values)) for values in (self.known, self.read)]
        return float(np.corrcoef(*ranks)[0, 1])

    @property
    def slope(self) -> float:
        return float(np.polyfit(self.known, self.read, 1)[0])

    def errors(self, zero: float) -> np.ndarray:
        """Reading less what it should be, given the reading ``zero`` of the unaltered portrait at amount 0."""
        return np.array(self.read) - np.array(self.known) - zero


def _moved(person: Cutout, matrix: np.ndarray, ground: np.ndarray) -> Picture:
    size = (WIDTH, HEIGHT)
    colours = cv2.warpAffine(person.colours, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(person.person, matrix, size)
    return Cutout(colours, share).on(ground)


def turned_head(name: str, yaw: float, pitch: float) -> Picture:
    """The head seen from another side: the mesh of the face and a ring around the head are turned in space, and
    the picture follows."""
    person, plain = cutout(name), framed(name)
    machine = engine(models.folder())
    scales = scales_of(plain)
    box = machine.networks.detect(scales.small)[0]
    unit = 1 / scales.small_scale
    box = type(box)(box.score, box.centre * unit, box.size * unit, box.key_points * unit)
    points = machine.networks.mesh(scales.levels, box).points
    face = face_axes(points)
    length = face.expected_head
    across = np.linalg.norm(machine.canonical.points[[33, 133]].mean(0) - machine.canonical.points[[263, 362]].mean(0))
    depth = machine.canonical.points[:, 2] * face.between_eyes / across
    solid = np.column_stack([points[:468, :2], depth])
    centre = face.chin + face.up * length / 2
    ring = [
        [centre[0] + q * length * 0.85 * math.cos(t), centre[1] + q * length * math.sin(t), dz * length + depth.mean()]
        for t in np.linspace(0, 2 * np.pi, 36, endpoint=False)
        for q, dz in ((0.62, -0.27), (0.8, -0.30))
    ]
    solid = np.concatenate([solid, np.array(ring)])
    pivot = np.array([*centre, depth.mean() - 0.35 * length])
    relative = (solid - pivot) * [1, -1, 1]
    about_y = cv2.Rodrigues(np.array([0.0, math.radians(yaw), 0.0]))[0]
    about_x = cv2.Rodrigues(np.array([math.radians(pitch), 0.0, 0.0]))[0]
    rotated = relative @ (about_x @ about_y).T
    distance = 9 * length
    shrink = (distance - relative[:, 2]) / (distance - rotated[:, 2])
    moved = rotated[:, :2] * shrink[:, None] * [1, -1] + pivot[:2]
    w, h = WIDTH - 1, HEIGHT - 1
    fixed = np.array([[0, 0], [w, 0], [0, h], [w, h], [w / 2, 0], [0, h / 2], [w, h / 2], [w / 2, h]], float)
    onto, source = np.concatenate([moved, fixed]), np.concatenate([solid[:, :2], fixed])
    columns, rows = np.meshgrid(np.arange(0, WIDTH, 3), np.arange(0, HEIGHT, 3))
    maps = griddata(onto, source, (columns, rows), method="linear", fill_value=0).astype(np.float32)
    map_x, map_y = (cv2.resize(maps[..., axis], (WIDTH, HEIGHT)) for axis in (0, 1))
    colours = cv2.remap(person.colours, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Cutout(colours, cv2.remap(person.person, map_x, map_y, cv2.INTER_LINEAR)).on(tone(84, -1, -3))


def _glasses(picture: Picture, name: str, opacity: float) -> Picture:
    report = check_photo(jpeg(framed(name)), finished=True)
    assert report.drawing is not None
    x, y = next(mark.at for mark in report.drawing.marks if mark.code == "eyes")
    apart = report.measures["between_eyes"] or 0.0
    out = picture.copy()
    for side in (-1, 1):
        place, lens = (round(x + side * apart / 2), round(y)), (round(apart * 0.36), round(apart * 0.26))
        cv2.ellipse(out, place, lens, 0, 0, 360, (18, 18, 20), -1)
    return np.asarray(cv2.addWeighted(out, opacity, picture, 1 - opacity, 0))


def _geometry(name: str) -> Iterator[Series]:
    person, ground = cutout(name), tone(84, -1, -3)
    zero = check_photo(jpeg(framed(name)), finished=True)
    head = zero.check("head_height").value or 34.0
    series = Series("roll, degrees", "roll", "roll")
    for degrees in (-15, -10, -6, -3, 0, 3, 6, 10, 15):
        series.add(degrees, _moved(person, cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.45), -degrees, 1), ground))
    yield series
    series = Series("head, mm", "head_mm", "head_height")
    for size in (26, 28, 30, 31, 32, 33, 34, 35):
        series.add(size, _moved(person, cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.5), 0, size / head), ground))
    yield series
    series = Series("shift, mm", "axis_mm", "centring")
    for shift in (-5, -3, -1, 0, 1, 3, 5):
        series.add(shift, np.roll(framed(name), round(shift * WIDTH / 35), axis=1))
    yield series
    for measure in ("yaw", "pitch"):
        series = Series(f"{measure}, degrees", measure, measure)
        for degrees in (-20, -12, -6, 0, 6, 12, 20):
            angles = (degrees, 0) if measure == "yaw" else (0, degrees)
            series.add(degrees, turned_head(name, *angles))
        yield series


def _light(name: str) -> Iterator[Series]:
    person, plain = cutout(name), framed(name)
    _, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    side = 1 / (1 + np.exp((columns - WIDTH / 2) / (WIDTH * 0.05)))[..., None]

    def gained(gain: float) -> Picture:
        return np.clip(plain.astype(np.float32) * gain, 0, 255).astype(np.uint8)

    alterations: list[tuple[Series, tuple[float, ...], Callable[[float], Picture]]] = [
        (
            Series("background L*", "ground_l", "background_tone"),
            (25, 40, 60, 66, 75, 85, 93, 99),
            lambda x: person.on(tone(x)),
        ),
        (
            Series("background gradient, L*", "ground_spread", "background_uniform"),
            (0, 3, 6, 10, 20, 30),
            lambda x: person.on(np.clip(tone(84) + ((columns / WIDTH - 0.5) * x * 2.4)[..., None], 0, 255)),
        ),
        (
            Series("background shadow, share", "ground_shadow", "background_shadow"),
            (0, 0.05, 0.1, 0.2, 0.3, 0.45),
            lambda x: person.on(tone(84) * (1 - x * _cast(person)[..., None])),
        ),
        (
            Series("blur, pixels at 600 dpi", "blur", "sharpness"),
            (0.1, 1, 2, 3, 4, 6, 9),
            lambda x: cv2.GaussianBlur(plain, (0, 0), x),
        ),
        (Series("gain above 1", "burnt", "exposure"), (1.2, 1.5, 1.8, 2.2, 2.6), gained),
        (Series("gain below 1", "ground_l", "background_tone"), (0.2, 0.35, 0.5, 0.7, 0.85, 1), gained),
        (
            Series("dark glasses, opacity", "eye_contrast", "eyes_visible"),
            (0, 0.3, 0.5, 0.7, 0.9, 1),
            lambda x: _glasses(plain, name, x),
        ),
        (
            Series("JPEG quality", "blockiness", "compression"),
            (6, 12, 25, 50, 75, 95),
            lambda x: cv2.imdecode(np.frombuffer(jpeg(plain, int(x)), np.uint8), 1)[..., ::-1],
        ),
        (
            Series("side shadow, share", "cheek_difference", "face_shadow"),
            (0.1, 0.25, 0.4, 0.55, 0.7, 0.8),
            lambda x: Cutout(person.colours * (1 - x * side), person.person).on(tone(84, -1, -3)),
        ),
    ]
    for series, amounts, make in alterations:
        for amount in amounts:
            series.add(amount, np.ascontiguousarray(make(amount)))
        yield series


def _cast(person: Cutout) -> np.ndarray:
    """The silhouette thrown on the wall, a little right and down."""
    moved = np.roll(np.roll(person.person, int(0.06 * WIDTH), 1), int(0.03 * HEIGHT), 0)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), WIDTH * 0.025))


def repeatability(name: str, times: int = 20) -> dict[str, float]:
    """Standard deviation of the measures over shifts, sizes, gains, grain and compressions that change nothing."""
    rng = np.random.default_rng(4)
    read: dict[str, list[float]] = {key: [] for key in ("head_mm", "roll", "yaw", "pitch", "eye_opening")}
    for _ in range(times):
        scale = rng.uniform(0.75, 1.0)
        size = (round(WIDTH * scale), round(HEIGHT * scale))
        picture = cv2.resize(framed(name), size, interpolation=cv2.INTER_AREA).astype(np.float32)
        picture = picture * rng.uniform(0.95, 1.04) + rng.normal(0, 2, picture.shape)
        coded = jpeg(picture.clip(0, 255).astype(np.uint8), int(rng.integers(75, 96)))
        measures = check_photo(coded, finished=True).measures
        for key, values in read.items():
            values.append(measures[key] or 0.0)
    return {key: float(np.std(values)) for key, values in read.items()}


def skin() -> list[str]:
    """The same portraits in the same light with skin of other tones: which answers change; the bars missed.

    From tone 6 on no answer may get harsher; in tone 4 the light burns out, and is said so.
    """
    missed, harsher = [], {"compliant": 0, "to_check": 1, "not_compliant": 2}
    for name in PORTRAITS:
        before = {item.code: item.verdict.value for item in check_photo(jpeg(framed(name)), finished=True).checks}
        for rank in SKIN_TONES:
            report = check_photo(jpeg(in_skin(name, rank)), finished=True)
            changed = [
                f"{item.code} {before[item.code]} → {item.verdict.value}"
                for item in report.checks
                if item.verdict.value != before[item.code]
            ]
            worse = [
                item.code
                for item in report.checks
                if harsher.get(item.verdict.value, 0) > harsher.get(before[item.code], 0)
            ]
            if rank >= 6 and worse:
                missed.append(f"skin, {name}, tone {rank}: harsher on {', '.join(worse)}")
            measured = ", ".join(
                f"{key} {report.measures[key] or 0:.3g}" for key in ("face_spread", "crushed", "bridge")
            )
            print(f"{name}, tone {rank} of Monk's scale: {measured}; {'; '.join(changed) or 'same answers'}")
    return missed


def run() -> list[str]:
    """Print one line a series, the errors where truth is known, and the repeatability. Gives the bars missed."""
    heading = f"{'portrait':9s}{'alteration':28s}{'measure':18s}{'rho':>6s}{'slope':>8s}"
    print(f"{heading}  verdicts (c compliant, v to check, N not)")
    rolls, heads, evaluations, weak = [], [], 0, []
    for name in PORTRAITS:
        zero = check_photo(jpeg(framed(name)), finished=True)
        for series in [*_geometry(name), *_light(name)]:
            evaluations += len(series.known)
            line = f"{name:9s}{series.name:28s}{series.measure:18s}{series.rho:6.2f}{series.slope:8.3f}"
            print(f"{line}  {' '.join(series.verdicts)}", flush=True)
            if abs(series.rho) < 0.95:
                weak.append(f"{name} {series.name}")
            if series.measure == "roll":
                rolls += list(series.errors(zero.check("roll").value or 0))
            if series.measure == "head_mm":
                heads += list(series.errors(0))
    print(f"evaluations: {evaluations}; series below rho 0.95: {weak or 'none'}")
    print(f"roll error: mean {np.abs(rolls).mean():.3f}°, largest {np.abs(rolls).max():.3f}° (bar: mean 0.1°)")
    print(f"head error: mean {np.abs(heads).mean():.3f} mm, largest {np.abs(heads).max():.3f} mm (bar: mean 0.1 mm)")
    missed = [f"sweep, {series}: rank correlation under 0.95" for series in weak]
    for said, errors in (("roll, degrees", rolls), ("head, mm", heads)):
        if np.abs(errors).mean() > 0.1:
            missed.append(f"sweep, {said}: mean error {np.abs(errors).mean():.3f} (bar: 0.1)")
    for name in PORTRAITS:
        found = repeatability(name)
        if found["head_mm"] > 0.1:
            missed.append(f"sweep, repeatability of {name}: head {found['head_mm']:.3f} mm (bar: 0.1 mm)")
        deviations = ", ".join(f"{key} {value:.4f}" for key, value in found.items())
        print(f"repeatability of {name} (sd over 20): {deviations} (bar: head 0.1 mm)")
    return missed
