"""The print ruler on rendered scenes of known geometry."""

from __future__ import annotations

import statistics
import time

import numpy as np

from escale.inspection.photo import check_photo
from escale.inspection.ruler import measure_print
from tests.inspection.making.portraits import framed, jpeg
from tests.inspection.making.sheets import Placing, flat_sheet, seen


def run(scenes: int = 40) -> None:
    """Errors of print size, face height and centring, in millimetres, and the share of scenes measured."""
    rng = np.random.default_rng(7)
    errors: dict[str, list[float]] = {"width": [], "height": [], "face height": [], "centring": []}
    problems, times = [], []
    for number in range(scenes):
        name = ("collins", "hopper")[number % 2]
        truth = check_photo(jpeg(framed(name)), finished=True).measures
        scale = rng.uniform(0.95, 1.05)
        placing = Placing(35 * scale, 45 * scale, rng.uniform(-2, 2), rng.uniform(-2, 2), rng.uniform(-4, 4))
        picture = jpeg(seen(flat_sheet(framed(name), placing), rng, tilt=25), 90)
        start = time.perf_counter()
        reading = measure_print(picture)
        times.append(time.perf_counter() - start)
        if reading.problem:
            problems.append(reading.problem)
            continue
        errors["width"].append((reading.width_mm or 0) - placing.width)
        errors["height"].append((reading.height_mm or 0) - placing.height)
        errors["face height"].append((reading.head_mm or 0) - (truth["head_mm"] or 0) * scale)
        errors["centring"].append((reading.axis_mm or 0) - (truth["axis_mm"] or 0) * scale)
    print(f"scenes: {scenes}, tilted up to 25°, turned up to 4°; not measured: {problems or 'none'}")
    for name, values in errors.items():
        sizes = np.abs(values)
        print(
            f"{name}: 95 % within {np.quantile(sizes, 0.95):.3f} mm, largest {sizes.max():.3f} mm (bar: 0.5 mm at 95 %)"
        )
    print(f"median time {1000 * statistics.median(times):.0f} ms")
