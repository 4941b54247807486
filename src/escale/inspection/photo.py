"""The pre-check of an identity photo: what is measured, what is judged, what stays for an agent's eye.

An indicative check: it advises the applicant before posting and points the agent at what to look at. It refuses
nothing by itself and recognises nobody; likeness, bare head, hair, age and retouching stay with the agent.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import Any

from PIL import Image

from escale.inspection import models
from escale.inspection.pixels import clean_picture, open_pixels
from escale.inspection.portrait import texts
from escale.inspection.portrait.crop import HEIGHT_MM, WIDTH_MM, CropProposal, cut
from escale.inspection.portrait.drawing import Drawing, drawing_of, overlay, picture
from escale.inspection.portrait.judge import Judgement, Measure, Verdict, judge, overall, source, table, worst_first
from escale.inspection.portrait.measuring import Progress, Subject, engine
from escale.inspection.portrait.scales import LARGEST, reduced
from escale.inspection.quantisation import jpeg_quality

__all__ = ["Check", "PhotoReport", "Verdict", "check_photo", "frame_photo", "is_framed"]

_WITHOUT_ENGINE = frozenset({"format", "compression"})
_WITHOUT_FACE = frozenset({"borders", "one_face"})
_SHAPE = 0.012  # either side of 35/45, as in the table of thresholds
_LOCK = threading.Lock()  # interpreters keep state: one photo at a time in a process


@dataclass(frozen=True)
class Check:
    """One line of the report. ``verdict`` is a :class:`Verdict`; ``value`` (``low``–``high``) is in ``unit``."""

    code: str
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    unit: str
    _judgement: Judgement
    _context: texts.Context

    def title(self, lang: str) -> str:
        return texts.title(self.code, lang)

    def reason(self, lang: str) -> str:
        """What was found, in ``fr`` or ``en``."""
        return texts.reason_and_advice(self._judgement, lang, self._context)[0]

    def advice(self, lang: str) -> str:
        """What to do about it; empty when the check is compliant."""
        return texts.reason_and_advice(self._judgement, lang, self._context)[1]

    def printed(self, lang: str) -> str:
        """The measure as a person reads it."""
        return texts.printed(self._judgement, lang)

    def verdict_words(self, lang: str) -> str:
        return texts.verdict_words(self.verdict, lang)

    def source(self, lang: str) -> str:
        """Where the rule or the number comes from."""
        return source(self.code, lang)


@dataclass(frozen=True)
class PhotoReport:
    """The result of one check.

    ``verdict``: the worst of the automatic checks. ``checks``: the worst first, see :func:`judge.worst_first`.
    ``engine``: ``on``, or ``off`` when the models are not installed (then nothing is said of the face). ``drawing``:
    the marks in millimetres, None without a face. ``crop``: where to frame the photo at 35 × 45 mm. ``table_version``
    and ``models`` say with what it was judged.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    table_version: str
    models: str
    engine: str
    finished: bool
    drawing: Drawing | None
    crop: CropProposal | None
    measures: dict[str, float | None]

    def check(self, code: str) -> Check:
        """One check by its code. Raises KeyError."""
        for item in self.checks:
            if item.code == code:
                return item
        raise KeyError(code)

    @property
    def refused_because(self) -> tuple[Check, ...]:
        return tuple(item for item in self.checks if item.verdict is Verdict.NOT_COMPLIANT)

    def verdict_words(self, lang: str) -> str:
        """The verdict in words; with the engine off, what that means."""
        return texts.engine_off(lang) if self.engine == "off" else texts.verdict_words(self.verdict, lang)

    def as_json(self, lang: str = "fr") -> dict[str, Any]:
        """Plain data for a page, a file or a record."""
        return {
            "verdict": self.verdict.value,
            "engine": self.engine,
            "table_version": self.table_version,
            "models": self.models,
            "checks": [
                {
                    "code": item.code,
                    "title": item.title(lang),
                    "verdict": item.verdict.value,
                    "value": item.value,
                    "low": item.low,
                    "high": item.high,
                    "unit": item.unit,
                    "reason": item.reason(lang),
                    "advice": item.advice(lang),
                    "source": item.source(lang),
                }
                for item in self.checks
            ],
            "drawing": self.drawing.words(lang) if self.drawing else [],
            "crop": None if self.crop is None else self.crop.as_json(),
            "measures": {
                name: None if value is None else round(float(value), 4) for name, value in self.measures.items()
            },
        }

    def picture(self, content: bytes, lang: str = "fr") -> bytes | None:
        """The photo (the same bytes that were checked) with its marks, as a PNG; None when there is no face."""
        if self.drawing is None:
            return None
        pixels, _ = reduced(open_pixels(content, largest=LARGEST))
        return picture(pixels, self.drawing, lang)

    def framed(self, content: bytes) -> bytes | None:
        """The photo (the same bytes) framed at 35 × 45 mm; None when impossible. See :func:`frame_photo`."""
        return None if self.crop is None else frame_photo(content, self.crop)

    def overlay(self, lang: str = "fr") -> str | None:
        """The marks alone as an SVG to lay over the photo; None when there is no face."""
        return overlay(self.drawing, lang) if self.drawing else None


def is_framed(width: int, height: int) -> bool:
    """Whether a picture of these pixels has the shape of a finished photo, 35 × 45 mm; a telephone's 3:4 has not."""
    return abs(width / height - WIDTH_MM / HEIGHT_MM) < _SHAPE


def frame_photo(content: bytes, proposal: CropProposal) -> bytes | None:
    """The photo that was checked, framed as proposed, a JPEG at its own resolution (600 dots an inch at the most).

    No pixel is invented, nothing is enlarged nor retouched. None when the proposal has a conflict.
    """
    made = cut(open_pixels(content), proposal)
    if made is None:
        return None
    out = io.BytesIO()
    dpi = round(min(600, proposal.dpi))
    Image.fromarray(made).save(out, "JPEG", quality=95, subsampling=0, dpi=(dpi, dpi))
    return out.getvalue()


def _facts(jpeg: bytes) -> tuple[tuple[int, int], int]:
    """Size in pixels, and the quality written in the file's own tables (95 when it was made here)."""
    image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    tables = getattr(image, "quantization", None)
    return image.size, jpeg_quality(tables[0]) if tables else 100


def _full_size_crop(subject: Subject | None) -> CropProposal | None:
    """The frame on the picture received (large ones are measured smaller)."""
    if subject is None or subject.crop is None:
        return None
    return subject.crop.at_scale(1 / subject.scale)


def _report(
    judgements: list[Judgement], measures: dict[str, Measure | None], *, finished: bool, subject: Subject | None
) -> PhotoReport:
    chroma = measures.get("ground_c")
    conflicts = subject.crop.conflicts if subject is not None and subject.crop is not None else ()
    screen = measures.get("screen")
    context = texts.Context(chroma.value if chroma else 0.0, conflicts, screen=bool(screen and screen.value))
    checks = tuple(
        Check(item.code, item.verdict, item.value, item.low, item.high, item.unit, item, context)
        for item in worst_first(judgements)
    )
    drawing = None
    if subject is not None and subject.face is not None and subject.head is not None:
        drawing = drawing_of(
            subject.face, subject.head, subject.width, subject.height, finished=finished, crop=subject.crop
        )
    return PhotoReport(
        verdict=overall(judgements) if subject is not None else _without_engine(judgements),
        checks=checks,
        table_version=table()["version"],
        models=models.identity() if subject is not None else "",
        engine="on" if subject is not None else "off",
        finished=finished,
        drawing=drawing,
        crop=_full_size_crop(subject),
        measures={name: None if measure is None else measure.value for name, measure in measures.items()},
    )


def _without_engine(judgements: list[Judgement]) -> Verdict:
    """Without the engine, nothing is ever declared compliant: an agent looks at the photo."""
    found = overall(judgements)
    return Verdict.TO_CHECK if found is Verdict.COMPLIANT else found


def check_photo(
    content: bytes, *, finished: bool, source_quality: int | None = None, progress: Progress | None = None
) -> PhotoReport:
    """Check a portrait.

    ``content``: a JPEG page out of ``sanitise`` (any other picture is made so first). ``finished``: the file is a
    framed photo of 35 × 45 mm, else a framing is proposed. ``source_quality``: the JPEG quality of the original
    (``SafeUpload.source.jpeg_quality``), lost when the file is made anew. Raises UploadRefused when it is no picture.
    """
    jpeg = clean_picture(content)
    (width, height), own_quality = _facts(jpeg)
    pixels = open_pixels(jpeg, largest=LARGEST)
    quality = min(own_quality, source_quality or 100)
    known: dict[str, Measure | None] = {"aspect": Measure(width / height), "jpeg_quality": Measure(float(quality))}
    if not models.available():
        judgements = judge(known, finished=finished, only=_WITHOUT_ENGINE)
        return _report(judgements, known, finished=finished, subject=None)
    with _LOCK:
        subject = engine(models.folder()).measure(
            pixels, finished=finished, scale=pixels.shape[0] / height, progress=progress
        )
    measures = known | subject.measures
    only = _WITHOUT_FACE if subject.face is None else None
    return _report(judge(measures, finished=finished, only=only), measures, finished=finished, subject=subject)
