"""Places on the mesh of 478 points (MediaPipe's numbering). Left and right are the subject's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Eye:
    outer: int
    inner: int
    iris: int
    lids: tuple[tuple[int, int], ...]  # upper, lower
    ring: tuple[int, ...]


RIGHT_EYE = Eye(
    33, 133, 468, ((160, 144), (159, 145), (158, 153)),
    (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
)  # fmt: skip
LEFT_EYE = Eye(
    263, 362, 473, ((385, 380), (386, 374), (387, 373)),
    (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382),
)  # fmt: skip
EYES = (RIGHT_EYE, LEFT_EYE)
CHIN = (152, 148, 377, 176, 400, 149, 378)
LIPS = ((13, 14), (82, 87), (312, 317), (81, 178), (311, 402))  # inner lips: upper, lower
RIGHT_CHEEK, LEFT_CHEEK, NOSE, FOREHEAD = (50, 101, 118), (280, 330, 347), (4, 5, 195), (151, 9, 108, 337)

# The 146 points the expression network takes, and the 52 shares it gives, in order.
EXPRESSION_INPUT = (
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80,
    81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153,
    154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251,
    263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318,
    321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
)  # fmt: skip
EXPRESSIONS = tuple(
    "_neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff cheekSquintLeft "
    "cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft eyeLookDownRight eyeLookInLeft eyeLookInRight "
    "eyeLookOutLeft eyeLookOutRight eyeLookUpLeft eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight "
    "jawForward jawLeft jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight "
    "mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight mouthPucker "
    "mouthRight mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight "
    "mouthStretchLeft mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight".split()
)
