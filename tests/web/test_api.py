"""Messages handed in by a program: in three forms, once a key, refused in JSON."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.services import idempotency, uploads
from tests import factories
from tests.containers import mbox

URL = "/api/v1/messages"
RAW = {"content_type": "message/rfc822"}
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


def send(browser, *, key=None, status=201, **options):
    """What a program is told that sends this from the session of a browser."""
    headers = {"X-CSRFToken": browser.csrf()}
    if key is not None:
        headers["Idempotency-Key"] = key
    answer = browser.client.post(URL, headers=headers, **options)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def rows():
    return list(stored()["email_analyses"].find({}))


def age(**passed):
    """Let the keys be so old."""
    then = {"$set": {"created_at": now() - timedelta(**passed)}}
    stored()["idempotency_keys"].update_many({}, then)


class TestBody:
    def test_is_the_message_itself(self, analyst):
        told = send(analyst, data=factories.eml(), **RAW, query_string={"name": "a"})

        assert told["accepted"][0]["id"] == str(rows()[0]["_id"])
        assert (rows()[0]["source"], rows()[0]["file_name"]) == ("api", "a")

    def test_is_json_with_the_source_or_the_bytes(self, analyst):
        raw = factories.eml()
        first = send(analyst, json={"source": raw.decode(), "name": "a.eml"})
        again = send(analyst, json={"content": b64encode(raw).decode()})

        assert first["accepted"][0]["id"] == again["accepted"][0]["id"]
        assert again["accepted"][0]["is_new"] is False

    def test_is_a_form_with_files(self, analyst):
        files = [(BytesIO(factories.eml()), "a.eml"), (BytesIO(PROGRAM), "b.exe")]
        told = send(analyst, data={"messages": files})

        assert [each["index"] for each in told["accepted"]] == [0]
        assert "a Windows program" in told["refused"][0]["reason"]

    def test_may_be_a_container(self, analyst):
        told = send(
            analyst, data=mbox(factories.eml()), content_type="application/mbox"
        )

        assert told["accepted"][0]["url"].startswith("/uploads/")

    @pytest.mark.parametrize(
        ("options", "status"),
        [
            pytest.param({"data": PROGRAM, **RAW}, 422, id="a-program"),
            pytest.param({"data": b"", **RAW}, 422, id="nothing"),
            pytest.param(
                {"data": b"x", "content_type": "image/png"}, 415, id="picture"
            ),
            pytest.param({"json": ["source"]}, 422, id="another-shape"),
            pytest.param({"json": {"source": 1}}, 422, id="another-type"),
            pytest.param({"json": {"content": "%%%"}}, 422, id="no-base64"),
            pytest.param(
                {"data": "{", "content_type": "application/json"}, 422, id="no-json"
            ),
        ],
    )
    def test_that_is_not_accepted_is_told_so_in_json(self, analyst, options, status):
        assert send(analyst, status=status, **options)
        assert rows() == []

    def test_above_the_limit_is_too_large(self, app, analyst, monkeypatch):
        small = {"MAX_MESSAGE_BYTES": 1000}
        settings = app.extensions["settings"].model_copy(update=small)
        monkeypatch.setitem(app.extensions, "settings", settings)

        send(analyst, status=413, data=factories.eml(body="x" * 2000), **RAW)
        send(analyst, status=413, json={"source": "x" * 2000})


class TestKey:
    def test_gives_the_same_answer_to_the_same_request(self, analyst):
        raw = factories.eml()
        first, again = (send(analyst, key="k", data=raw, **RAW) for _ in range(2))

        assert first == again
        assert again["accepted"][0]["is_new"] is True

    def test_keeps_a_refusal_as_well(self, analyst):
        first, again = (
            send(analyst, key="k", data=PROGRAM, status=422, **RAW) for _ in range(2)
        )

        assert first == again

    def test_with_another_body_is_refused(self, analyst):
        send(analyst, key="k", data=factories.eml(), **RAW)
        told = send(analyst, key="k", data=factories.eml(), status=422, **RAW)

        assert "another body" in told["message"]
        assert len(rows()) == 1

    def test_belongs_to_whoever_uses_it(self, analyst, viewer):
        for browser in (analyst, viewer):
            send(browser, key="k", data=factories.eml(), **RAW)

        assert len(rows()) == 2

    def test_of_a_request_that_is_not_answered_has_to_wait(self, analyst):
        send(analyst, key="k", data=(raw := factories.eml()), **RAW)
        stored()["idempotency_keys"].update_one({}, {"$set": {"status": 0}})

        send(analyst, key="k", data=raw, status=409, **RAW)
        age(minutes=2)
        send(analyst, key="k", data=raw, status=201, **RAW)

    def test_of_a_request_that_failed_may_be_used_again(self, analyst, monkeypatch):
        monkeypatch.setattr(uploads, "take_in", fail)
        send(analyst, key="k", data=(raw := factories.eml()), status=500, **RAW)
        monkeypatch.undo()

        assert send(analyst, key="k", data=raw, **RAW)["accepted"]

    def test_is_forgotten_after_a_day(self, analyst):
        send(analyst, key="k", data=factories.eml(), **RAW)
        age(hours=25)

        assert send(analyst, key="k", data=factories.eml(), **RAW)["accepted"]
        age(hours=25)
        assert idempotency.sweep() == 1

    @pytest.mark.parametrize("key", ["", "k" * 201, "kluczę", "a\tb"])
    def test_of_no_use_is_refused(self, analyst, key):
        send(analyst, key=key, data=factories.eml(), status=422, **RAW)

        assert rows() == []


class TestAsker:
    def test_without_a_session_is_refused(self, client):
        assert client.post(URL, data=factories.eml(), **RAW).status_code == 401

    def test_without_the_token_of_the_session_is_refused(self, analyst):
        answer = analyst.client.post(URL, data=factories.eml(), **RAW)

        assert (answer.status_code, answer.mimetype) == (400, "application/json")
        assert rows() == []

    def test_who_may_not_submit_is_refused(self, auditor):
        send(auditor, data=factories.eml(), status=403, **RAW)

        assert rows() == []


def fail(*_arguments):
    raise RuntimeError
