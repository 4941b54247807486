"""A picture made anew, pixel by pixel.

Nothing of the original survives but its pixels: no metadata, no colour profile, no trailing bytes. Raises
:class:`~escale.inspection.refusals.UploadRefused`, or whatever the decoder raises on damaged input (the server
turns that into the refusal ``damaged``).
"""

from __future__ import annotations

import io
import sys
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin

from escale.inspection.confined.server import Answer, serve
from escale.inspection.quantisation import jpeg_quality
from escale.inspection.refusals import refusal

_DECODERS = {"jpeg": ("JPEG",), "png": ("PNG",), "heif": ("HEIF",)}
_SMALLEST_SIDE = 16  # pixels: under this nothing can be seen


def prepare() -> None:
    """Set the decoders' own caps. Called once, before any byte is read.

    None on pixels: opening reads no more than the size a file declares, which :func:`remake` compares before anything
    is decoded; the decoder's own cap would refuse without telling the size.
    """
    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_CHUNK = 256 * 1024
    PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
    pillow_heif.register_heif_opener(thumbnails=False)


def _to_srgb(image: Image.Image, warned: list[str]) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            moved = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, ValueError, OSError):
            warned.append("colour_profile_ignored")
        else:
            if moved is not None:
                return moved
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        warned.append("transparency_removed")
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return image.convert("RGB")


def encode(image: Image.Image, quality: int) -> bytes:
    """A JPEG without any metadata: a new picture is made of the bare pixels first."""
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    return out.getvalue()


def remake(content: bytes, kind: str, asked: dict[str, Any]) -> tuple[Image.Image, dict[str, Any]]:
    """One still picture, upright, in sRGB, no side longer than ``max_side`` pixels; and the head of the answer."""
    max_pixels, max_side = asked["max_pixels"], asked["max_side"]
    prepare()
    image = Image.open(io.BytesIO(content), formats=_DECODERS[kind])
    width, height = image.size
    if width * height > max_pixels:
        raise refusal("too_many_pixels", width=width, height=height, limit=max_pixels // 1_000_000)
    if min(width, height) < _SMALLEST_SIDE:
        raise refusal("too_small", width=width, height=height)
    if kind != "jpeg" and getattr(image, "n_frames", 1) > 1:
        raise refusal("animated")
    warned: list[str] = []
    source: dict[str, Any] = {"kind": kind, "width": width, "height": height, "jpeg_quality": None}
    if isinstance(image, JpegImagePlugin.JpegImageFile) and image.quantization:
        source["jpeg_quality"] = jpeg_quality(image.quantization[0])
    if image.info.get("exif") or image.info.get("xmp") or image.info.get("comment"):
        warned.append("metadata_removed")
    image.load()
    upright = ImageOps.exif_transpose(image)
    flat = _to_srgb(upright, warned)
    if max(flat.size) > max_side:
        flat.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
        warned.append("reduced")
    return flat, {"width": flat.width, "height": flat.height, "warnings": warned, "source": source}


def job(content: bytes, kind: str, asked: dict[str, Any]) -> Answer:
    """Blobs: an empty one in place of a PDF, then the JPEG (quality 95, colours not subsampled)."""
    flat, head = remake(content, kind, asked)
    return head, [b"", encode(flat, 95)]


if __name__ == "__main__":
    sys.exit(serve(job))
