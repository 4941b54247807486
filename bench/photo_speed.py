"""One portrait checked on one core, against the bare runs of the networks it needs (S7); and the memory it takes."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np

from escale.inspection import models
from escale.inspection.photo import check_photo
from escale.inspection.pixels import open_pixels
from escale.inspection.portrait.measuring import engine
from escale.inspection.portrait.networks import Networks
from escale.inspection.uploads import sanitise
from tests.inspection.making.portraits import framed, jpeg, original


def _count_runs(machine: Networks, work: Callable[[], object]) -> list[tuple[object, np.ndarray]]:
    """Every network run that one check makes, with its input, in order."""
    made: list[tuple[object, np.ndarray]] = []
    networks = (machine._detector, machine._mesh, machine._expression, machine._mask)
    for network in networks:
        network.run = lambda batch, network=network: (
            made.append((network, batch.copy())),
            type(network).run(network, batch),
        )  # type: ignore[method-assign]  # a spy for one call
    work()
    for network in networks:
        del network.run  # type: ignore[method-assign]  # the spy leaves
    return made


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run(rounds: int = 60) -> None:
    """Interleaved rounds, so that whatever else runs on the machine weighs on both sides alike."""
    cv2.setNumThreads(1)
    machine = engine(models.folder())
    for label, pixels, finished in (
        ("35 × 45 mm at 600 dpi", framed("collins"), True),
        ("telephone, 3000 × 4000, to be framed", cv2.resize(original("hopper"), (3000, 3516)), False),
    ):
        content = jpeg(pixels)
        decoded = open_pixels(content)
        whole: list[float] = []
        measured: list[float] = []
        bare: list[float] = []
        runs = _count_runs(machine.networks, lambda d=decoded, f=finished: machine.measure(d, finished=f))

        def inference(runs: list[tuple[object, np.ndarray]] = runs) -> None:
            for network, batch in runs:
                network.run(batch)  # type: ignore[attr-defined]  # a network

        for _ in range(rounds):
            bare.append(_timed(inference))
            measured.append(_timed(lambda d=decoded, f=finished: machine.measure(d, finished=f)))
            whole.append(_timed(lambda c=content, f=finished: check_photo(c, finished=f)))
        mid = [1000 * statistics.median(values) for values in (bare, measured, whole)]
        print(f"{label}: {len(runs)} network runs, bare {mid[0]:.1f} ms; measured and judged {mid[1]:.1f} ms "
              f"= {mid[1] / mid[0]:.2f} ×; with decoding the JPEG {mid[2]:.1f} ms = {mid[2] / mid[0]:.2f} × (bar: 1.5 ×)")  # fmt: skip
    content = jpeg(framed("collins"))
    start = time.perf_counter()
    sanitise(content, filename="photo.jpg")
    print(f"made anew in the confined child: {1000 * (time.perf_counter() - start):.0f} ms")
    print(f"memory of this process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
