"""Every kind of document can be made, found, changed, listed, counted and deleted."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from bson import ObjectId
from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    EnumField,
    FloatField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
    UUIDField,
)

from dashboard.documents.analysis import Analysis, select
from dashboard.documents.audit import AuditLog
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.documents.indicator import Indicator
from dashboard.documents.job import AnalysisJob
from dashboard.documents.schema import DOCUMENTS
from dashboard.documents.user import row_named, row_of
from tests import factories

CHANGED = datetime(2026, 11, 1, tzinfo=UTC)
VALUES = (
    (EnumField, lambda field: next(iter(field._enum_cls))),
    (StringField, lambda field: (field.choices or ["something"])[0]),
    (DateTimeField, lambda _field: now()),
    (BooleanField, lambda _field: True),
    (IntField, lambda _field: 1),
    (FloatField, lambda _field: 0.5),
    (ObjectIdField, lambda _field: ObjectId()),
    (BinaryField, lambda _field: b"bytes"),
    (UUIDField, lambda _field: uuid4()),
    (ListField, lambda _field: []),
    (DictField, lambda _field: {"key": "value"}),
)
EVERY = [pytest.param(each, id=each.__name__) for each in DOCUMENTS]
CHANGEABLE = [each for each in EVERY if each.values[0] is not AuditLog]


def value_of(field: Any) -> Any:
    return next(make(field) for kind, make in VALUES if isinstance(field, kind))


def made(document: Any) -> Any:
    """A stored document with a value in every field."""
    fields = {
        name: value_of(field)
        for name, field in document._fields.items()
        if name != "id"
    }
    return document(**fields).save()


def changeable(document: Any) -> tuple[str, Any]:
    """A field that is no key, with a value it does not hold yet."""
    kinds = {DateTimeField: CHANGED, IntField: 7, StringField: "another"}
    return next(
        (name, value)
        for kind, value in kinds.items()
        for name, field in document._fields.items()
        if type(field) is kind and not field.primary_key and not field.choices
    )


@pytest.mark.parametrize("document", EVERY)
def test_what_was_made_is_found_listed_and_counted(app, database, document):
    one = made(document)

    assert document.objects.get(pk=one.pk).to_mongo() == one.to_mongo()
    assert [found.to_mongo() for found in document.objects] == [one.to_mongo()]
    assert document.objects.count() == 1
    assert document.objects(pk=one.pk).first() is not None
    assert document.objects(pk__nin=[one.pk]).first() is None


@pytest.mark.parametrize("document", CHANGEABLE)
def test_it_can_be_changed_and_deleted(app, database, document):
    one = made(document)
    name, value = changeable(document)

    assert document.objects(pk=one.pk).update_one(**{f"set__{name}": value}) == 1
    assert getattr(document.objects.get(pk=one.pk), name) == value
    one.delete()
    assert document.objects.count() == 0


def test_an_event_of_the_trail_can_not(app, database):
    one = made(AuditLog)

    with pytest.raises(PermissionError):
        AuditLog.objects(pk=one.pk).update_one(set__actor="nobody")
    with pytest.raises(PermissionError):
        one.delete()
    assert AuditLog.objects.get(pk=one.pk).actor == "something"


def test_accounts_are_found_by_name_address_and_id(app, database):
    account = factories.account(username="ada")

    for row in (row_named("ada"), row_named("ada@example.org"), row_of(account.id)):
        assert row is not None
        assert str(row["_id"]) == account.id
    assert row_named("eve") is None


def test_analyses_are_found_by_reader_and_by_facet(app, database):
    owner = factories.account("viewer")
    mine, other = factories.examined(owner), factories.examined(threat_level="high")

    assert Analysis.visible(mine, owner) is not None
    assert Analysis.visible(other, owner) is None
    high = select(["level:high"])
    page = Analysis.listed(high, size=5, after=None, at=now())
    assert [str(row["_id"]) for row in page.rows] == [other]


def test_indicators_jobs_and_events_are_found_by_what_names_them(app, database):
    indicator, job, event = made(Indicator), made(AnalysisJob), made(AuditLog)
    stored()["audit_logs"].delete_many({"_id": {"$ne": event.pk}})

    assert Indicator.by_key("something")["_id"] == indicator.pk
    assert AnalysisJob.of(job.analysis_id, 1)["_id"] == job.pk
    assert AuditLog.found(str(event.pk))["_id"] == event.pk
    assert AuditLog.found("nonsense") is None
