"""Writing exports in the background: the tasks are there, and are asked for."""

from bson import ObjectId

from dashboard.documents.base import BEGINNING
from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import exports
from dashboard.services.audit import Actor
from dashboard.services.exports import Format, Order
from dashboard.services.jobs import Job
from tests import factories


def tasks(app):
    celery = app.extensions["celery"]
    celery.loader.import_default_modules()
    return celery.tasks


def begun():
    factories.examined(subject="Pay now")
    order = Order("analyses", Format.CSV, (), BEGINNING, now())
    return str(exports.begin(order, Actor("ada", "1")))


def state(export_id):
    return stored()["exports"].find_one({"_id": ObjectId(export_id)})["state"]


def test_every_job_has_a_task(app):
    assert set(Job) <= set(tasks(app))


def test_whatever_is_scheduled_is_a_task(app):
    scheduled = app.extensions["celery"].conf.beat_schedule.values()

    assert {entry["task"] for entry in scheduled} <= set(tasks(app))
    assert Job.SWEEP_EXPORTS in {entry["task"] for entry in scheduled}


def test_the_task_writes_an_export(app, database):
    export = begun()
    tasks(app)[Job.EXPORT].apply(args=[export], throw=True)

    assert state(export) == "done"


def test_the_sweep_goes_on_with_one_that_stands_still(app, database, monkeypatch):
    export, asked = begun(), []
    monkeypatch.setattr(exports.queue, "enqueue", lambda *told: asked.append(told))
    silent = {"$set": {"touched_at": now() - exports.SILENT_AFTER * 2}}
    stored()["exports"].update_one({}, silent)
    tasks(app)[Job.SWEEP_EXPORTS].apply(throw=True)

    assert asked == [(Job.EXPORT, export)]
