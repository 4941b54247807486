"""One portrait checked on one core, against the bare runs of the networks it needs (S7); and the memory it takes."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from escale.inspection import models
from escale.inspection.photo import check_photo
from escale.inspection.pixels import open_pixels
from escale.inspection.portrait.measuring import engine
from escale.inspection.portrait.networks import Networks
from escale.inspection.uploads import sanitise
from tests.inspection.making.portraits import framed, jpeg, original


class _Spy:
    """Stands before one network, keeps the inputs it is given, and passes everything on."""

    def __init__(self, network: Any, made: list[tuple[Any, Any]]) -> None:
        self._network, self._made = network, made

    def run(self, batch: Any) -> None:
        self._made.append((self._network, batch.copy()))
        self._network.run(batch)

    def run_picture(self, picture: Any, factor: float, offset: float = 0.0) -> None:
        batch = (picture.astype(np.float32) * np.float32(factor) + np.float32(offset))[None]
        self._made.append((self._network, batch))
        self._network.run_picture(picture, factor, offset)

    def output(self, name: str = "") -> Any:
        return self._network.output(name)


def _runs_of(machine: Networks, work: Callable[[], object]) -> list[tuple[Any, Any]]:
    """Every network run that one check makes, with its input, in order."""
    made: list[tuple[Any, Any]] = []
    names = ("_detector", "_mesh", "_expression", "_mask")
    real = {name: getattr(machine, name) for name in names}
    for name, network in real.items():
        setattr(machine, name, _Spy(network, made))
    work()
    for name, network in real.items():
        setattr(machine, name, network)
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
        runs = _runs_of(machine.networks, lambda d=decoded, f=finished: machine.measure(d, finished=f))

        def inference(runs: list[tuple[Any, Any]] = runs) -> None:
            for network, batch in runs:
                network.run(batch)

        for _ in range(rounds):
            bare.append(_timed(inference))
            measured.append(_timed(lambda d=decoded, f=finished: machine.measure(d, finished=f)))
            whole.append(_timed(lambda c=content, f=finished: check_photo(c, finished=f)))
        least, inside, total = (1000 * statistics.median(values) for values in (bare, measured, whole))
        print(f"{label}: {len(runs)} network runs, bare {least:.1f} ms (bar for the check: 1.5 ×)")
        print(f"  measured {inside:.1f} ms = {inside / least:.2f} ×")
        print(f"  from the JPEG on, judged: {total:.1f} ms = {total / least:.2f} ×")
    content = jpeg(framed("collins"))
    start = time.perf_counter()
    sanitise(content, filename="photo.jpg")
    print(f"made anew in the confined child: {1000 * (time.perf_counter() - start):.0f} ms")
    print(f"memory of this process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
