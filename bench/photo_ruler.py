"""The print ruler on rendered scenes of known geometry."""

from __future__ import annotations

import statistics
import time

import numpy as np

from escale.inspection.photo import check_photo
from escale.inspection.ruler import measure_print
from tests.inspection.making.portraits import framed, jpeg
from tests.inspection.making.sheets import Placing, flat_sheet, seen

LIGHTS = (("daylight", 1.0), ("a dim room", 0.4))


def run(scenes: int = 40) -> None:
    """Errors of print size, face height and centring, in millimetres, and the share of scenes measured."""
    truths = {name: check_photo(jpeg(framed(name)), finished=True).measures for name in ("collins", "hopper")}
    print("scenes tilted up to 25°, turned up to 4°, seen through a bent lens")
    for words, light in LIGHTS:
        _measure(words, light, scenes // len(LIGHTS), truths)


def _measure(words: str, light: float, scenes: int, truths: dict[str, dict[str, float | None]]) -> None:
    rng = np.random.default_rng(7)
    errors: dict[str, list[float]] = {"width": [], "height": [], "face height": [], "centring": []}
    problems, times = [], []
    for number in range(scenes):
        name = ("collins", "hopper")[number % 2]
        scale = rng.uniform(0.95, 1.05)
        placing = Placing(35 * scale, 45 * scale, rng.uniform(-2, 2), rng.uniform(-2, 2), rng.uniform(-4, 4))
        picture = jpeg(seen(flat_sheet(framed(name), placing), rng, tilt=25, light=light), 90)
        start = time.perf_counter()
        reading = measure_print(picture)
        times.append(time.perf_counter() - start)
        if reading.problem:
            problems.append(reading.problem)
            continue
        errors["width"].append((reading.width_mm or 0) - placing.width)
        errors["height"].append((reading.height_mm or 0) - placing.height)
        errors["face height"].append((reading.head_mm or 0) - (truths[name]["head_mm"] or 0) * scale)
        errors["centring"].append((reading.axis_mm or 0) - (truths[name]["axis_mm"] or 0) * scale)
    print(
        f"{words}: {scenes} scenes, not measured: {problems or 'none'}, median {1000 * statistics.median(times):.0f} ms"
    )
    for length, values in errors.items():
        sizes = np.abs(values)
        print(f"  {length}: 95 % within {np.quantile(sizes, 0.95):.3f} mm, largest {sizes.max():.3f} mm (bar: 0.5 mm)")
