"""Those who wrote to the organisation, and those it wrote to: what is kept of them."""

from collections.abc import Iterable
from typing import Final

from mongoengine import DateTimeField, DictField, Document, ListField, StringField
from pymongo.client_session import ClientSession

from dashboard.documents.base import Row
from dashboard.documents.connection import now

MOST_ROWS: Final = 100  # that one message may ask for; a handful is usual


class Correspondent(Document):
    """An address, a domain, or anybody at all, and the mail that is proof of it.

    A mail is kept by the SHA-256 of its bytes: when it came in, what the engine said
    of it and what people did.
    """

    name = StringField(primary_key=True)  # "address:…", "domain:…", "anybody"
    keys = ListField(StringField())  # its name, those like it, and "mail:<sha256>"
    seen = DictField()  # proven mail from there
    wrote = DictField()  # proven mail of the organisation to there
    created_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "correspondents",
        "auto_create_index": False,
        "indexes": ["keys"],
    }

    @classmethod
    def known_as(
        cls, keys: Iterable[str], session: ClientSession | None = None
    ) -> list[Row]:
        """Those kept under any of these keys, addresses before domains."""
        wanted = {"keys": {"$in": sorted(set(keys))}}
        found = cls._get_collection().find(wanted, session=session)
        return list(found.sort("_id", 1).limit(MOST_ROWS))
