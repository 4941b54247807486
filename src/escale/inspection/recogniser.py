"""Reading one line of machine-readable characters with RapidOCR's own recognition network (PP-OCRv6, Apache-2.0).

The network file lies inside the ``rapidocr`` wheel; it is run directly, without that package's loader (which would
download what it misses). Decoding is bound to the 37 characters of the zone, so no other sign can be invented.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from escale.inspection.pixels import Pixels

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_LOOKALIKES = {"‹": "<", "〈": "<", "＜": "<", "«": "<<", "《": "<<", "(": "<", "{": "<", "≤": "<", "⟨": "<"}
_HEIGHT = 48  # pixels the network expects
_MODEL = "PP-OCRv6_rec_small.onnx"


@dataclass(frozen=True)
class Line:
    """Characters read, and for each the network's confidence from 0 to 1."""

    text: str
    confidence: tuple[float, ...]


class Recogniser:
    """One network in memory. Not shared between processes; calls are safe from several threads."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        vocabulary = ["", *characters, " "]
        meaning = {
            place: _LOOKALIKES.get(sign, sign if sign in _ALPHABET else "")
            for place, sign in enumerate(vocabulary)
            if place == 0 or sign in _ALPHABET or sign in _LOOKALIKES
        }
        self._places = np.array(sorted(meaning))
        self._signs = [meaning[place] for place in sorted(meaning)]

    def read(self, strip: Pixels) -> Line:
        """The characters of one upright line, left to right."""
        height, width = strip.shape[:2]
        wide = max(320, round(_HEIGHT * width / height))
        sized = cv2.resize(strip, (round(_HEIGHT * width / height), _HEIGHT), interpolation=cv2.INTER_CUBIC)
        batch = np.zeros((1, 3, _HEIGHT, wide), np.float32)
        batch[0, :, :, : sized.shape[1]] = (sized[:, :, ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)
        scores = self._session.run(None, {self._input: batch})[0][0]
        return self._decode(np.asarray(scores, np.float32))

    def _decode(self, scores: NDArray[np.float32]) -> Line:
        """Greedy connectionist decoding over the permitted signs: repeats merged, blanks dropped."""
        permitted = scores[:, self._places]
        best = permitted.argmax(axis=1)
        text, confidence, previous = "", [], 0
        for step, chosen in enumerate(best):
            if chosen != previous and self._signs[chosen]:
                text += self._signs[chosen]
                confidence += [float(permitted[step, chosen])] * len(self._signs[chosen])
            previous = chosen
        return Line(text, tuple(confidence))


def available() -> bool:
    """Whether the network file is installed."""
    return _model_file() is not None


def _model_file() -> Path | None:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "models" / _MODEL
    return file if file.is_file() else None


@cache
def recogniser() -> Recogniser:
    """The recogniser of this process, loaded once. Raises RuntimeError when the network is not installed."""
    file = _model_file()
    if file is None:
        raise RuntimeError("the rapidocr package and its recognition network are not installed")
    return Recogniser(file)
