"""Safe uploads: whatever a person sends comes back as freshly made pixels, or is refused in plain words.

    safe = sanitise(content, filename=name)

The original is only ever parsed in a confined child process and must never be stored nor served; ``safe.content``
and ``safe.pages`` are what may be kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from escale.inspection import sandbox
from escale.inspection.malware import Scanner
from escale.inspection.refusals import UploadRefused, refusal
from escale.inspection.sandbox import DEFAULT, Limits
from escale.inspection.sniffing import accepted_kind, describe

__all__ = ["DEFAULT", "Limits", "SafeUpload", "SourceFacts", "UploadRefused", "sanitise"]

_EXTENSIONS = {"jpeg": ("jpg", "jpeg", "jpe", "jfif"), "png": ("png",), "heif": ("heic", "heif"), "pdf": ("pdf",)}
_MAX_WARNINGS = 20


@dataclass(frozen=True)
class SourceFacts:
    """What must be remembered of the original: kind, size in pixels, and its JPEG quality (1–100) if it was one."""

    kind: str
    width: int
    height: int
    jpeg_quality: int | None


@dataclass(frozen=True)
class SafeUpload:
    """A file made anew.

    ``media_type`` is ``image/jpeg`` or ``application/pdf`` (then ``content`` is a PDF of bare page images);
    ``pages`` are JPEG pictures, at least one; ``width`` and ``height`` are the first page's, in pixels;
    ``warnings`` are stable codes (``active_content:javascript``, ``metadata_removed``, ``extension_mismatch`` …);
    ``sha256`` is that of ``content``, ``source_sha256`` that of the bytes received.
    """

    media_type: str
    content: bytes
    pages: tuple[bytes, ...]
    width: int
    height: int
    warnings: tuple[str, ...]
    sha256: str
    source_sha256: str
    source: SourceFacts

    def __repr__(self) -> str:
        return f"SafeUpload({self.media_type}, {len(self.pages)} page(s), {len(self.content)} bytes)"


def _mismatch(filename: str, kind: str) -> list[str]:
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    return ["extension_mismatch"] if extension and extension not in _EXTENSIONS[kind] else []


def sanitise(
    content: bytes,
    *,
    filename: str,
    limits: Limits = DEFAULT,
    scanner: Scanner | None = None,
    only_picture: bool = False,
) -> SafeUpload:
    """Make ``content`` anew. ``filename`` is only compared with what the file really is, never trusted or kept.

    ``only_picture``: a PDF is refused as such, before anything is said of its pages or its password.
    Raises :class:`UploadRefused`. With a ``scanner`` the original is scanned first, and refused when the scanner
    finds something or does not answer (it fails closed).
    """
    sandbox.check_weight(content, limits)
    kind = accepted_kind(content)
    if kind is None:
        raise refusal("unknown_type", found=describe(content))
    if only_picture and kind == "pdf":
        raise refusal("not_an_image")
    if scanner is not None:
        scanner.require_clean(content)
    head, blobs = sandbox.run("pdf" if kind == "pdf" else "image", content, limits)
    return _checked(head, blobs, kind, content, filename)


def _checked(head: dict[str, object], blobs: list[bytes], kind: str, content: bytes, filename: str) -> SafeUpload:
    """The child's answer, accepted only when it is exactly what an honest child would say."""
    try:
        pdf, *pages = blobs
        width, height, said = head["width"], head["height"], head["warnings"]
        source = SourceFacts(**head["source"])  # type: ignore[arg-type]  # checked just below
    except (KeyError, TypeError, ValueError) as error:
        raise refusal("inspection_failed") from error
    is_pdf = kind == "pdf"
    sound = (
        isinstance(width, int)
        and isinstance(height, int)
        and isinstance(said, list)
        and all(isinstance(code, str) and len(code) < 60 for code in said)
        and source.kind == kind
        and pages
        and all(page.startswith(b"\xff\xd8\xff") and page.endswith(b"\xff\xd9") for page in pages)
        and pdf.startswith(b"%PDF-") == is_pdf
    )
    if not sound:
        raise refusal("inspection_failed")
    made = pdf if is_pdf else pages[0]
    return SafeUpload(
        media_type="application/pdf" if is_pdf else "image/jpeg",
        content=made,
        pages=tuple(pages),
        width=int(str(width)),
        height=int(str(height)),
        warnings=tuple([*said, *_mismatch(filename, kind)][:_MAX_WARNINGS]),  # type: ignore[misc]  # checked above
        sha256=hashlib.sha256(made).hexdigest(),
        source_sha256=hashlib.sha256(content).hexdigest(),
        source=source,
    )
