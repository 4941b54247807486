"""Safe uploads: what comes back is pixels and nothing else; what is refused is refused in plain words."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from escale.inspection.refusals import CODES, refusal
from escale.inspection.uploads import Limits, UploadRefused, sanitise

pillow_heif.register_heif_opener()


def picture(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def deep_grey() -> Image.Image:
    """The same gradient with sixteen bits a point."""
    shades = picture(mode="L")
    return Image.frombytes("I;16", shades.size, b"".join(bytes((0, shade)) for shade in shades.tobytes()))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842)) -> pikepdf.Pdf:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
    made.pages[0].Contents = made.make_stream(b"0 0 1 rg 100 100 200 200 re f")
    return made


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def refused(content: bytes, *, filename: str = "photo.jpg", **options: Any) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        sanitise(content, filename=filename, **options)
    assert caught.value.code in CODES
    assert caught.value.fr != caught.value.en
    return caught.value


def test_a_telephone_picture_comes_back_upright_and_without_its_place():
    exif = Image.Exif()
    exif[274] = 6
    exif[271] = "Brand of telephone"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    original = encoded(picture(), "JPEG", exif=exif, quality=80, comment=b"a comment")

    safe = sanitise(original, filename="IMG_0001.JPG")

    made = Image.open(io.BytesIO(safe.content))
    assert (safe.width, safe.height) == made.size == (240, 320)
    assert not made.getexif()
    assert "comment" not in made.info
    assert b"Brand" not in safe.content
    assert b"comment" not in safe.content
    assert safe.source.jpeg_quality == 80
    assert safe.warnings == ("metadata_removed",)


@pytest.mark.parametrize(
    ("kind", "mode", "warnings"),
    [("PNG", "RGBA", ("transparency_removed",)), ("HEIF", "RGB", ()), ("JPEG", "CMYK", ()), ("PNG", "I;16", ())],
)
def test_every_accepted_kind_becomes_a_plain_jpeg(kind: str, mode: str, warnings: tuple[str, ...]):
    image = deep_grey() if mode == "I;16" else picture(mode=mode)
    safe = sanitise(encoded(image, kind), filename="file")
    made = Image.open(io.BytesIO(safe.content))
    assert safe.media_type == "image/jpeg"
    assert made.mode == "RGB"
    assert safe.pages == (safe.content,)
    assert safe.warnings == warnings
    shades = [made.convert("L").getpixel((160, row)) for row in (20, 120, 220)]
    assert shades[0] < 40
    assert 100 < shades[1] < 155
    assert shades[2] > 215


def test_bytes_appended_to_a_picture_are_gone():
    safe = sanitise(encoded(picture(), "JPEG") + b"<script>alert(1)</script>PK\x03\x04", filename="a.jpg")
    assert b"script" not in safe.content
    assert b"PK\x03\x04" not in safe.content


def test_a_pdf_is_flattened_and_its_active_content_reported():
    document = pdf(2)
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.attachments["x.exe"] = b"MZ"
    safe = sanitise(saved(document), filename="scan.pdf")

    assert safe.media_type == "application/pdf"
    assert len(safe.pages) == 2
    assert {"active_content:javascript", "active_content:attachment"} <= set(safe.warnings)
    flat = pikepdf.open(io.BytesIO(safe.content))
    assert len(flat.pages) == 2
    assert len(flat.attachments) == 0
    assert "/OpenAction" not in flat.Root
    assert b"/JavaScript" not in safe.content
    blue = Image.open(io.BytesIO(safe.pages[0])).getpixel((round(200 * 200 / 72), round((842 - 200) * 200 / 72)))
    assert blue[2] > 240
    assert blue[0] < 15


def test_an_owner_password_is_lifted_but_a_user_password_is_refused():
    locked = saved(pdf(), encryption=pikepdf.Encryption(user="", owner="owner"))
    assert "restrictions_removed" in sanitise(locked, filename="a.pdf").warnings
    assert refused(saved(pdf(), encryption=pikepdf.Encryption(user="secret", owner="o"))).code == "password"


def test_a_picture_larger_than_needed_is_reduced():
    safe = sanitise(encoded(picture(5000, 1000), "JPEG"), filename="a.jpg")
    assert (safe.width, safe.height) == (4000, 800)
    assert "reduced" in safe.warnings


def test_a_name_that_lies_is_reported():
    assert "extension_mismatch" in sanitise(encoded(picture(), "PNG"), filename="scan.pdf").warnings


def test_refusals_say_what_was_found_and_what_is_allowed():
    assert refused(b"").code == "empty"
    heavy = refused(encoded(picture(), "PNG") + b"\0" * 2_000_000, limits=Limits(max_bytes=1024 * 1024))
    assert heavy.code == "too_heavy"
    assert "2,0 Mo" in heavy.fr
    assert "2.0 MB" in heavy.en
    gif = refused(encoded(picture(), "GIF"))
    assert gif.code == "unknown_type"
    assert "GIF" in gif.fr
    many = refused(saved(pdf(12)))
    assert many.code == "too_many_pages"
    assert "12 pages" in many.fr
    assert "10" in many.fr
    assert refused(saved(pdf(size=(14400, 14400)))).code == "page_too_large"
    assert refused(encoded(picture(), "JPEG")[:900]).code == "damaged"
    assert refused(b"%PDF-1.7\n" + bytes(range(256)) * 20).code == "damaged"
    assert refused(encoded(picture(8, 8), "PNG")).code == "too_small"
    animated = encoded(picture(), "PNG", save_all=True, append_images=[picture(mode="L")])
    assert refused(animated).code == "animated"
    large = refused(encoded(picture(4000, 3000), "PNG"), limits=Limits(max_pixels=5_000_000))
    assert large.code == "too_many_pixels"
    assert "4000 × 3000" in large.fr


def test_every_refusal_has_both_languages():
    facts = dict.fromkeys(("size", "limit", "found", "width", "height", "pages"), 1)
    for code in CODES:
        made = refusal(code, **facts)
        assert made.text("fr") == made.fr
        assert made.text("en-gb") == made.en
        assert made.fr != made.en


def test_where_a_picture_is_expected_a_pdf_is_told_so_whatever_else_is_wrong_with_it():
    assert refused(saved(pdf(12)), only_picture=True).code == "not_an_image"
