"""Trying settings out in the background, and judging by those that were saved."""

from bson import ObjectId

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.organisation import Field
from dashboard.services import organisation, previews
from dashboard.services.audit import Actor
from dashboard.services.jobs import Job
from tests import factories
from tests.tasks.test_exports import tasks

WHO = Actor("ada", "1")
SAID = {**dict.fromkeys(Field, ()), Field.EXECUTIVES: ("Managing Director",)}


def test_the_task_works_out_a_preview(app, database):
    preview = str(previews.begin(SAID, WHO, version=0))

    with app.app_context():
        tasks(app)[Job.PREVIEW].apply(args=[preview], throw=True)

    assert stored()["previews"].find_one({})["state"] == "done"


def test_the_sweep_goes_on_with_one_that_stands_still(app, database, monkeypatch):
    preview, asked = str(previews.begin(SAID, WHO, version=0)), []
    monkeypatch.setattr(previews.queue, "enqueue", lambda *told: asked.append(told))
    silent = {"$set": {"touched_at": now() - previews.SILENT_AFTER * 2}}
    stored()["previews"].update_one({}, silent)

    tasks(app)[Job.SWEEP_EXPORTS].apply(throw=True)

    assert asked == [(Job.PREVIEW, preview)]


def test_a_message_is_judged_by_what_was_saved(app, database):
    raw = factories.eml(From="Managing Director <boss@gmail.com>")
    analysis_id = ObjectId(factories.submitted(factories.account("analyst"), raw))
    organisation.change(
        SAID, app.extensions["engine_context"], Actor("ada", "1"), version=0
    )

    job = stored()["analysis_jobs"].find_one({"analysis_id": analysis_id})
    with app.app_context():
        tasks(app)[Job.EXAMINE].apply(args=[str(job["_id"])], throw=True)

    receipt = stored()["analysis_receipts"].find_one({"analysis_id": analysis_id})
    found = receipt["record"]["assessment"]["findings"]
    assert "display-name-executive" in {each["rule"] for each in found}
    assert receipt["record"]["context"]["version"] == 1
