"""What the print ruler's measures mean for a paper photo: three-valued verdicts, each with its interval and source.

Pure. A measure whose whole interval is within the limits is compliant; wholly outside, not compliant; else an agent
looks. What a telephone cannot tell of a print (background, likeness, retouching) is not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass

from escale.inspection.portrait.judge import Verdict
from escale.inspection.ruler import PRINT_MM, PrintReading

ERROR_MM = 0.5
"""Either side of a length: the goal of the ruler, over what rendered scenes show (docs/photo.md)."""
SIZE_TOLERANCE_MM = 1.0
FACE_MM = (32.0, 36.0)
OFF_AXIS_MM = (1.75, 3.0)

SOURCES = {
    "width": "service-public F10619 (35 mm)",
    "height": "service-public F10619 (45 mm)",
    "face": "service-public F10619 (32–36 mm)",
    "axis": "ISO/IEC 19794-5",
}


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One measure judged, in millimetres; ``value`` is None when it could not be measured."""

    code: str
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None

    @property
    def source(self) -> str:
        return SOURCES[self.code]


def _within(low: float, high: float, limits: tuple[float, float]) -> Verdict:
    if limits[0] <= low and high <= limits[1]:
        return Verdict.COMPLIANT
    return Verdict.NOT_COMPLIANT if high < limits[0] or low > limits[1] else Verdict.TO_CHECK


def _length(code: str, value: float, right: float) -> PrintLine:
    low, high = value - ERROR_MM, value + ERROR_MM
    verdict = _within(low, high, (right - SIZE_TOLERANCE_MM, right + SIZE_TOLERANCE_MM))
    return PrintLine(code, verdict, value, low, high)


def _axis(off: float) -> PrintLine:
    low, high = max(0.0, off - ERROR_MM), off + ERROR_MM
    if high <= OFF_AXIS_MM[0]:
        verdict = Verdict.COMPLIANT
    else:
        verdict = Verdict.NOT_COMPLIANT if low > OFF_AXIS_MM[1] else Verdict.TO_CHECK
    return PrintLine("axis", verdict, off, low, high)


def judge_print(reading: PrintReading) -> tuple[PrintLine, ...]:
    """The four lines of a print: width, height, face, centring. Empty when nothing could be measured."""
    if reading.width_mm is None or reading.height_mm is None:
        return ()
    lines = [_length("width", reading.width_mm, PRINT_MM[0]), _length("height", reading.height_mm, PRINT_MM[1])]
    if reading.head_mm is None or reading.head_low_mm is None or reading.head_high_mm is None:
        lines.append(PrintLine("face", Verdict.NOT_MEASURED, None, None, None))
    else:
        low, high = reading.head_low_mm, reading.head_high_mm
        lines.append(PrintLine("face", _within(low, high, FACE_MM), reading.head_mm, low, high))
    if reading.axis_mm is None:
        lines.append(PrintLine("axis", Verdict.NOT_MEASURED, None, None, None))
    else:
        lines.append(_axis(abs(reading.axis_mm)))
    return tuple(lines)


def overall(lines: tuple[PrintLine, ...]) -> Verdict:
    """The worst of the lines; one that could not be measured keeps the whole from being called compliant."""
    found = {line.verdict for line in lines}
    if Verdict.NOT_COMPLIANT in found:
        return Verdict.NOT_COMPLIANT
    return Verdict.COMPLIANT if found == {Verdict.COMPLIANT} else Verdict.TO_CHECK
