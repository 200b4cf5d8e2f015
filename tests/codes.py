"""Pictures and documents with QR codes in them, and mail that carries these."""

import io
from base64 import encodebytes

import zxingcpp
from PIL import Image

from tests.domain.detectors.mail import USUAL


def code(text, scale=4):
    """A picture of a QR code."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = made.to_image(scale=scale)
    return Image.frombuffer("L", drawn.shape[::-1], bytes(drawn))


def saved(picture, kind="PNG", **options):
    """The bytes of a picture in a format."""
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def mail(*files, body="Please read.", **headers):
    """A message with a plain body and files, each (media type, content)."""
    told = {**USUAL, **headers, "Content-Type": "multipart/mixed; boundary=b"}
    lines = [f"{name}: {value}" for name, value in told.items()]
    head = "\r\n".join([*lines, "", "--b", "Content-Type: text/plain", "", body, ""])
    whole = head.encode()
    for kind, content in files:
        about = f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64"
        whole += f"{about}\r\n\r\n".encode() + encodebytes(content)
    return whole + b"--b--\r\n"
