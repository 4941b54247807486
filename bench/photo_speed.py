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
from escale.inspection.portrait.scales import LARGEST
from escale.inspection.uploads import sanitise
from tests.inspection.making.portraits import framed, jpeg, original

BAR = 1.5  # times the bare networks


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


def _watched(machine: Networks, watcher: type[_Spy] | type[_Clocked], work: Callable[[], object]) -> list[Any]:
    """What the watcher of each network notes while ``work`` is done."""
    noted: list[Any] = []
    names = ("_detector", "_mesh", "_expression", "_mask")
    real = {name: getattr(machine, name) for name in names}
    for name, network in real.items():
        setattr(machine, name, watcher(network, noted))
    work()
    for name, network in real.items():
        setattr(machine, name, network)
    return noted


class _Clocked:
    """Stands before one network and adds up the time it takes within the check."""

    def __init__(self, network: Any, spent: list[float]) -> None:
        self._network, self._spent = network, spent

    def run(self, batch: Any) -> None:
        self._spent.append(_timed(lambda: self._network.run(batch)))

    def run_picture(self, picture: Any, factor: float, offset: float = 0.0) -> None:
        self._spent.append(_timed(lambda: self._network.run_picture(picture, factor, offset)))

    def output(self, name: str = "") -> Any:
        return self._network.output(name)


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def run(rounds: int = 40) -> list[str]:
    """Interleaved rounds, so that whatever else runs on the machine weighs on both sides alike.

    Gives the bars missed.
    """
    missed = []
    cv2.setNumThreads(1)
    machine = engine(models.folder())
    for label, pixels, finished in (
        ("35 × 45 mm at 600 dpi", framed("collins"), True),
        ("telephone, 3000 × 4000, to be framed", cv2.resize(original("hopper"), (3000, 3516)), False),
    ):
        content = jpeg(pixels)
        decoded = open_pixels(content, largest=LARGEST)  # as the check opens it
        whole: list[float] = []
        measured: list[float] = []
        bare: list[float] = []

        def check(decoded: Any = decoded, finished: bool = finished) -> object:
            return machine.measure(decoded, finished=finished)

        runs = _watched(machine.networks, _Spy, check)

        def inference(runs: list[tuple[Any, Any]] = runs) -> None:
            for network, batch in runs:
                network.run(batch)

        for _ in range(rounds):
            bare.append(_timed(inference))
            measured.append(_timed(check))
            whole.append(_timed(lambda c=content, f=finished: check_photo(c, finished=f)))
        print(f"{label}: {len(runs)} network runs, bare {1000 * statistics.median(bare):.1f} ms (bar: {BAR} ×)")
        for words, values in (("measured", measured), ("from the JPEG on, judged", whole)):
            ratios = [value / least for value, least in zip(values, bare, strict=True)]
            quick = min(values) / min(bare)
            if words == "measured" and statistics.median(ratios) > BAR:
                missed.append(f"speed, {label}: {statistics.median(ratios):.2f} × the bare networks (bar: {BAR} ×)")
            print(
                f"  {words}: {1000 * statistics.median(values):.1f} ms, median of the rounds' ratios "
                f"{statistics.median(ratios):.2f} ×, quickest over quickest {quick:.2f} ×"
            )
        inside = [sum(_watched(machine.networks, _Clocked, check)) for _ in range(rounds)]
        share = statistics.median(measured) / statistics.median(inside)
        print(f"  in the networks while measuring: {1000 * statistics.median(inside):.1f} ms, {share:.2f} ×")
    content = jpeg(framed("collins"))
    start = time.perf_counter()
    sanitise(content, filename="photo.jpg")
    print(f"made anew in the confined child: {1000 * (time.perf_counter() - start):.0f} ms")
    print(f"memory of this process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return missed
