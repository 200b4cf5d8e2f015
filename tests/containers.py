"""Mailboxes and archives, made for a test."""

import io
import zipfile

import pyzipper

ENVELOPE = b"From sender@example.org Fri Nov 20 10:00:00 2026\n"


def mbox(*messages):
    """A mailbox with these messages, as mail programs write it."""
    return b"".join(
        ENVELOPE + raw.replace(b"\nFrom ", b"\n>From ").rstrip(b"\r\n") + b"\n\n"
        for raw in messages
    )


def archive(files, method=zipfile.ZIP_DEFLATED):
    """A zip file with these names and contents."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return held.getvalue()


def locked(files, password=b"infected"):
    """A zip file nobody opens without the password."""
    held = io.BytesIO()
    options = {"compression": zipfile.ZIP_STORED, "encryption": pyzipper.WZ_AES}
    with pyzipper.AESZipFile(held, "w", **options) as made:
        made.setpassword(password)
        for name, content in files.items():
            made.writestr(name, content)
    return held.getvalue()
