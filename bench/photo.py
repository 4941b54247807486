"""The figures of the photo and document checks.

``python bench/photo.py [--long] [sweep skin speed ruler mrz stills 2d-doc uploads]``. The exit status is 1 when a bar
is missed. ``--long``: three times the stills, at the same sizes, shares and lines.
"""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the makers of samples live with the tests

from bench import photo_documents, photo_ruler, photo_speed, photo_sweep, photo_uploads
from escale.inspection import models, recogniser

SECTIONS = {
    "speed": (photo_speed.run, True),
    "sweep": (photo_sweep.run, True),
    "skin": (photo_sweep.skin, True),
    "ruler": (photo_ruler.run, True),
    "mrz": (photo_documents.mrz, False),
    "stills": (photo_documents.stills, False),
    "2d-doc": (photo_documents.two_d_doc, False),
    "uploads": (photo_uploads.run, False),
}


def main(asked: list[str]) -> int:
    chosen = [name for name in asked if name != "--long"]
    unknown = set(chosen) - set(SECTIONS)
    if unknown:
        print(f"unknown sections: {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    print(f"machine: {platform.machine()}, Python {platform.python_version()}; models {models.identity()}")
    missed: list[str] = []
    for name in chosen or SECTIONS:
        run, wants_models = SECTIONS[name]
        print(f"\n== {name}", flush=True)
        if wants_models and not models.available():
            print("skipped: the models are not installed (python -m escale.inspection.models fetch)")
            continue
        if name in ("mrz", "stills") and not recogniser.available():
            print("skipped: the text recogniser is not installed")
            continue
        start = time.perf_counter()
        missed += photo_documents.stills(6) if name == "stills" and "--long" in asked else run()
        print(f"-- {time.perf_counter() - start:.0f} s")
    print("\nevery bar is kept" if not missed else "\nBARS MISSED:\n- " + "\n- ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
