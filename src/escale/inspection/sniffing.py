"""What a file really is, from its first bytes alone: the name and the declared type are never believed."""

from __future__ import annotations

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_ACCEPTED = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))

# Formats often sent by mistake, named so that the refusal is exact. Order matters: longest signatures first.
_KNOWN: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"GIF8", ("c’est une image GIF", "it is a GIF picture")),
    (b"II*\x00", ("c’est une image TIFF", "it is a TIFF picture")),
    (b"MM\x00*", ("c’est une image TIFF", "it is a TIFF picture")),
    (b"BM", ("c’est une image BMP", "it is a BMP picture")),
    (b"PK\x03\x04", ("c’est une archive ou un document bureautique", "it is an archive or an office document")),
    (b"\xd0\xcf\x11\xe0", ("c’est un document bureautique ancien", "it is an old office document")),
    (b"Rar!", ("c’est une archive", "it is an archive")),
    (b"7z\xbc\xaf", ("c’est une archive", "it is an archive")),
    (b"\x1f\x8b", ("c’est une archive", "it is an archive")),
    (b"MZ", ("c’est un programme", "it is a program")),
    (b"\x7fELF", ("c’est un programme", "it is a program")),
    (b"%!PS", ("c’est un document PostScript", "it is a PostScript document")),
    (b"8BPS", ("c’est un document Photoshop", "it is a Photoshop document")),
    (b"{\\rtf", ("c’est un document texte RTF", "it is an RTF text document")),
)

_OTHER = ("son format n’est pas reconnu", "its format is not recognised")


def accepted_kind(content: bytes) -> str | None:
    """``jpeg``, ``png``, ``heif`` or ``pdf``; None for anything else.

    The signature must stand at the very first byte: a file that starts with something else is something else,
    whatever it holds further on.
    """
    for signature, kind in _ACCEPTED:
        if content.startswith(signature):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "heif"
    return None


def describe(content: bytes) -> tuple[str, str]:
    """What a refused file seems to be, in French and in English, for the words of the refusal."""
    for signature, words in _KNOWN:
        if content.startswith(signature):
            return words
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ("c’est une image WebP", "it is a WebP picture")
    if content[4:8] == b"ftyp":
        return ("c’est une vidéo ou une image d’un autre type", "it is a video or another kind of picture")
    head = content[:512].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml")):
        return ("c’est un dessin SVG ou un fichier XML", "it is an SVG drawing or an XML file")
    if head.startswith((b"<!doctype", b"<html", b"<script")):
        return ("c’est une page web", "it is a web page")
    return _OTHER
