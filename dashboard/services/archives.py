"""Dangerous files, kept and handed out only inside archives with a password."""

import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import pyzipper

from dashboard.documents.connection import database, now
from dashboard.documents.message import MessageView
from dashboard.domain.message import Attachment
from dashboard.services import files
from dashboard.services.files import FileLost

PASSWORD: Final = "infected"  # noqa: S105 - the field's custom, printed on the page
COLLECTION: Final = "attachment_archives"
MAX_NAME: Final = 100
UNNAMED_FOR: Final = timedelta(minutes=10)  # longer than any examination
HARMLESS: Final = re.compile(r"[^\w.() -]+")


def sealed(name: str, content: bytes) -> bytes:
    """A zip archive, AES-256 with the customary password, that holds one file."""
    target = io.BytesIO()
    with pyzipper.AESZipFile(
        target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr(harmless(name), content)
    return target.getvalue()


def keep(attachments: Iterable[Attachment]) -> None:
    """Seal and store each attachment once, for later download."""
    for attachment in attachments:
        _keep(attachment)


def remove_unnamed(sha256: str) -> bool:
    """Remove an attachment that stands in no message; False: too early to tell.

    A worker keeps what is attached before it stores what names it.
    """
    sealed = database()[COLLECTION].find_one({"_id": sha256})
    if sealed is None or MessageView.holds(sha256):
        return True
    if (sealed.get("kept_at") or sealed["created_at"]) > now() - UNNAMED_FOR:
        return False
    unchanged = {"_id": sha256, "kept_at": sealed.get("kept_at")}
    if database()[COLLECTION].delete_one(unchanged).deleted_count:
        files.drop(sealed)
    return True


def load(sha256: str) -> bytes | None:
    """The archive that holds the attachment with this hash, or None."""
    row = database()[COLLECTION].find_one({"_id": str(sha256)})
    if row is None:
        return None
    try:
        return files.content_of(row)
    except FileLost:
        return None


def harmless(name: str) -> str:
    """A file name without folders, controls or tricks of direction."""
    plain = unicodedata.normalize("NFKC", name)
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C")
    plain = HARMLESS.sub("_", plain.replace("\\", "/").rpartition("/")[2]).strip(". ")
    return plain[-MAX_NAME:] or "unnamed"


def _keep(attachment: Attachment) -> None:
    sha256, at = attachment.sha256, now()
    met_again = {"$set": {"kept_at": at}}  # so that it is not removed meanwhile
    if not database()[COLLECTION].update_one({"_id": sha256}, met_again).matched_count:
        row = {"_id": sha256, "size": attachment.size, "created_at": at, "kept_at": at}
        content = sealed(attachment.name or "unnamed", attachment.content)
        files.keep(COLLECTION, row, content)
