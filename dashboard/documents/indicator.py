"""Threat indicators, and the messages they were met in."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from bson import ObjectId
from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    EnumField,
    FloatField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from dashboard.documents.analysis import terms
from dashboard.documents.base import BEGINNING, Key, Page, Row, Selection
from dashboard.documents.connection import now
from dashboard.documents.pace import Pace
from dashboard.documents.user import Account
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import OBSERVED, Kind, Threat
from dashboard.domain.permissions import Permission

LIST_FIELDS: Final = (
    "indicator",
    "indicator_type",
    "threat_type",
    "threat_level",
    "confidence_score",
    "source",
    "tags",
    "updated_at",
    "last_seen",
)
# The facets a list is bounded by, those of the fewest rows first.
RAREST_FIRST: Final = ("at", "t", "tag", "source", "threat", "level", "type")
# Words that stand in most indicators: a list bounded by one reads nearly all.
COMMON_WORDS: Final = frozenset(
    {"com", "net", "org", "info", "test", "example", "www", "http", "https", "login"}
)
MAX_PLACES: Final = 6
MAX_PLACE: Final = 300
RECENT: Final = timedelta(hours=6)
PACE: Final = Pace(RECENT)
SIGHTINGS: Final = Pace(timedelta(days=1))


class Indicator(Document):
    """A URL, domain, address or hash, and what is known of it."""

    key = StringField(required=True, unique=True)  # its type and its one spelling
    indicator = StringField(required=True)  # normalised, never defanged
    indicator_type = EnumField(Kind, required=True)
    threat_type = EnumField(Threat, default=Threat.UNRATED)
    threat_level = EnumField(Level, default=Level.LOW)
    confidence_score = FloatField(default=0.0, min_value=0, max_value=1)
    description = StringField(default="")
    source = StringField(required=True)  # "analysis", or where people have it from
    tags = ListField(StringField())
    metadata = DictField()
    last_seen = DateTimeField(default=None)  # in a message, to the hour
    facets = ListField(StringField())
    version = IntField(default=1)  # raised by every change a person makes
    created_at = DateTimeField(required=True, default=now)
    updated_at = DateTimeField(required=True, default=now)

    meta = {
        "collection": "threat_intelligence",
        "auto_create_index": False,
        "indexes": [("updated_at", "id"), ("facets", "updated_at", "id")],
    }

    @classmethod
    def by_id(cls, indicator_id: str) -> Row | None:
        """The row with that id, or None."""
        if not ObjectId.is_valid(indicator_id):
            return None
        row: Row | None = cls._get_collection().find_one(
            {"_id": ObjectId(indicator_id)}
        )
        return row

    @classmethod
    def by_key(cls, key: str) -> Row | None:
        """The row of that type and spelling, or None."""
        row: Row | None = cls._get_collection().find_one({"key": str(key)})
        return row

    @classmethod
    def known_as(cls, keys: Iterable[str]) -> list[Row]:
        """Those of these that are on record, in no order."""
        wanted = sorted(set(keys))
        if not wanted:
            return []
        return list(cls._get_collection().find({"key": {"$in": wanted}}))

    @classmethod
    def listed(
        cls, selection: Selection, *, size: int, after: Key | None, at: datetime
    ) -> Page:
        """One page of a list, what changed last first."""
        return PACE.page(
            cls._get_collection(),
            selection,
            size=size,
            after=after,
            fields=LIST_FIELDS,
            now=at,
            by="updated_at",
        )


class Sighting(Document):
    """An indicator met in a message: the one row of the two."""

    key = StringField(required=True)
    analysis_id = ObjectIdField(required=True)
    user_id = StringField(required=True)  # who submitted the message
    places = ListField(StringField())  # "from", "link", ...
    at = DateTimeField(required=True)  # when the message was received

    meta = {
        "collection": "sightings",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("analysis_id", "key"), "unique": True},
            ("key", "at", "id"),
        ],
    }

    @classmethod
    def of_indicator(
        cls, key: str, reader: Account, *, size: int, after: Key | None, at: datetime
    ) -> Page:
        """One page of the messages an indicator was met in that this user may see."""
        sees_all = reader.may(Permission.READ_ANALYSES)
        return SIGHTINGS.page(
            cls._get_collection(),
            Selection({"key": key}, {} if sees_all else {"user_id": reader.id}),
            size=size,
            after=after,
            fields=("analysis_id", "places"),
            now=at,
            by="at",
        )


def select(
    facets: Iterable[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Selection:
    """Rows with all these facets, bounded by what is likely the rarest of them."""
    wanted = sorted(dict.fromkeys(facets), key=_commonness)
    bound = {"facets": wanted[0]} if wanted else {}
    rest = {"facets": {"$all": wanted[1:]}} if wanted[1:] else {}
    return Selection(bound, rest, since or BEGINNING, until)


def facets_of(row: Mapping[str, Any]) -> list[str]:
    """Everything a list can ask this row for."""
    facets = [f"type:{row['indicator_type']}", f"source:{slug(row['source'])}"]
    if row["source"] != OBSERVED:  # of an observation nobody has said how bad it is
        facets += [f"level:{row['threat_level']}", f"threat:{row['threat_type']}"]
    facets += [f"at:{place}" for place in places(row["indicator"])]
    facets += [f"tag:{tag}" for tag in row["tags"]]
    told = (row["indicator"], row["source"], *row["tags"], row["description"])
    facets += [f"t:{word}" for word in terms(" ".join(told))]
    return list(dict.fromkeys(facets))


def places(value: str) -> list[str]:
    """What an indicator is found by besides words: itself, its host and those above."""
    rest = value.partition("://")[2] or value
    host = rest.partition("/")[0].rpartition("@")[2]
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return list(dict.fromkeys([value[:MAX_PLACE], host]))
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
    named = [value[:MAX_PLACE], *above[:MAX_PLACES]]
    return list(dict.fromkeys(named))


def slug(text: str) -> str:
    """A name as a filter writes it: lower case, joined with hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if c.isalnum() or c in "._" else " " for c in folded).split()
    return "-".join(words)


def _commonness(facet: str) -> tuple[int, int]:
    """Less for what is rarer: kinds in their order, then longer words."""
    kind, _colon, value = facet.partition(":")
    is_common = kind == "t" and value in COMMON_WORDS
    return RAREST_FIRST.index(kind) + is_common, -len(value)
