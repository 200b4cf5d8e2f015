"""QR codes in pictures and on the pages of PDF documents, read within bounds."""

import io
import logging
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, StreamObject

from dashboard.domain import filetypes

MAX_BYTES: Final = 8 * 1024 * 1024  # of one file
MAX_PDF: Final = 4 * 1024 * 1024
MAX_PIXELS: Final = 8_000_000
MAX_SIDE: Final = 1600  # larger pictures are made smaller first
MIN_SIDE: Final = 21  # modules of the smallest code
MAX_PAGES: Final = 5
MAX_PICTURES: Final = 10  # on the pages of one document
MAX_CODES: Final = 8  # of one file
MAX_FILES: Final = 10  # of one message
MAX_TEXT: Final = 4000
MAX_KNOWN: Final = 1024  # files whose codes are remembered
MAX_KEPT: Final = 400  # characters of the codes of one of them

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote the file

_PICTURES: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
}
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PDF: Final = "application/pdf"
# Every picture of a document says so in its own dictionary; that may be packed among
# other objects, and a letter of a name be written by its number.
_PICTURED: Final = re.compile(rb"/Image|/ObjStm|/[A-Za-z]{0,8}#[0-9A-Fa-f]{2}")
_QUICKLY: Final = {"compress_level": 1}  # pictures are packed once more, for nobody
KINDS: Final = frozenset({*_PICTURES, _PDF})
_known: Final[dict[str, tuple[str, ...]]] = {}
_BROKEN: Final = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError),
    *(SyntaxError, TypeError, ValueError, struct.error, zlib.error, PyPdfError),
    Image.DecompressionBombError,
)


def read(content: bytes) -> tuple[str, ...]:
    """The texts of the codes in a file, in the order in which they are found.

    Raises nothing: what cannot be read, or is too large to be, holds no code. The
    same bytes always give the same answer.
    """
    detected = filetypes.detect(content)
    if detected == _PDF:
        return tuple(islice(_of_document(content), MAX_CODES))
    if detected in _PICTURES and len(content) <= MAX_BYTES:
        return tuple(islice(_of_picture(content, _PICTURES[detected]), MAX_CODES))
    return ()


def read_known(content: bytes, sha256: str) -> tuple[str, ...]:
    """What `read` finds; a logo that stands under most mail is looked at once."""
    found = _known.get(sha256)
    if found is None:
        found = read(content)
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        if sum(map(len, found)) <= MAX_KEPT:
            _known[sha256] = found
    return found


def _of_picture(content: bytes, kind: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                found = _codes(picture)
    except _BROKEN:
        return
    yield from found


def _codes(picture: Image.Image) -> list[str]:
    """Decode a picture; its size is known before a pixel of it is unpacked."""
    width, height = picture.size
    if min(width, height) < MIN_SIDE or width * height > MAX_PIXELS:
        return []
    picture.draft("L", (MAX_SIDE, MAX_SIDE))
    grey = _flat(picture)
    grey.thumbnail((MAX_SIDE, MAX_SIDE))
    found = zxingcpp.read_barcodes(grey, formats=_QR)
    return [code.text[:MAX_TEXT] for code in found if code.text]


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in grey, on white where it is transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        ground = Image.new("RGBA", shown.size, "white")
        return Image.alpha_composite(ground, shown).convert("L")
    return picture.convert("L")


def _of_document(content: bytes) -> Iterator[str]:
    if len(content) > MAX_PDF or not _PICTURED.search(content):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pictures = list(islice(_drawn(content), MAX_PICTURES))
    except _BROKEN:
        return
    for picture in pictures:
        yield from _on_page(picture)


def _drawn(content: bytes) -> Iterator[StreamObject]:
    """The pictures on the first pages of a PDF document."""
    document = PdfReader(io.BytesIO(content), strict=False)
    for page in islice(document.pages, MAX_PAGES):
        resources = page.get("/Resources", DictionaryObject()).get_object()
        objects = resources.get("/XObject", DictionaryObject()).get_object()
        for name in islice(objects, MAX_PICTURES):
            drawn = objects[name]
            if isinstance(drawn, StreamObject) and drawn.get("/Subtype") == "/Image":
                yield drawn


def _on_page(drawn: StreamObject) -> list[str]:
    try:
        width, height = int(str(drawn["/Width"])), int(str(drawn["/Height"]))
        if width * height > MAX_PIXELS or min(width, height) < MIN_SIDE:
            return []
        picture = drawn.decode_as_image(dict(_QUICKLY))
        return _codes(picture) if isinstance(picture, Image.Image) else []
    except _BROKEN:
        return []
