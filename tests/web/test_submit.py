"""Handing in messages: by page, by program, and without being signed in."""

from io import BytesIO

import pytest

from dashboard.documents.connection import database as stored
from dashboard.web import sentences
from tests import factories

JSON = {"Accept": "application/json"}
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


class Unread(BytesIO):
    """A body that notices when somebody reads it."""

    taken = 0

    def read(self, size=-1):
        found = super().read(size)
        self.taken += len(found)
        return found


def files(*messages, name="{}.eml"):
    named = [(BytesIO(raw), name.format(n)) for n, raw in enumerate(messages)]
    return {"messages": named}


def outcomes(page):
    return [" ".join(row.text.split()) for row in page.select("#outcomes li")]


def rows():
    return list(stored()["email_analyses"].find({}))


class TestPage:
    def test_states_the_limits_before_anybody_meets_them(self, analyst):
        told = analyst.get("/analyses/new").select_one("#drop").text

        assert "100 files" in told
        assert "100 MB" in told
        assert "25 MB a message" in told

    def test_works_as_plain_forms(self, analyst):
        page = analyst.get("/analyses/new")
        forms = page.select('main form[method="post"]')

        assert [form["action"] for form in forms] == ["/analyses", "/analyses"]
        assert page.select_one("#messages").has_attr("multiple")
        assert all(form.select_one("[name=csrf_token]") for form in forms)

    def test_shows_one_message_at_once(self, analyst):
        analyst.post("/analyses", data=files(factories.eml()))

        identity = rows()[0]["_id"]
        assert analyst.response.location == f"/analyses/{identity}"

    def test_lists_what_became_of_several(self, analyst):
        first = factories.eml()
        data = files(first, PROGRAM, first)
        page = analyst.post("/analyses", data=data, status=200)

        assert outcomes(page) == [
            "0.eml Accepted",
            "1.eml This is a Windows program, not an e-mail message.",
            "2.eml Accepted before",
        ]
        assert page.select_one("#outcomes a")["href"] == f"/analyses/{rows()[0]['_id']}"

    def test_says_why_a_program_named_as_a_message_is_refused(self, analyst):
        data = files(PROGRAM, name="invoice.eml")
        page = analyst.post("/analyses", data=data, status=422)

        assert "a Windows program" in outcomes(page)[0]
        assert rows() == []

    def test_says_that_nothing_was_chosen(self, analyst):
        page = analyst.post("/analyses", status=422)

        assert "Choose a message" in outcomes(page)[0]

    def test_takes_the_pasted_source(self, analyst):
        source = factories.eml("Żurek am Freitag").decode()
        analyst.post("/analyses", data={"source": source})

        row = rows()[0]
        assert (row["source"], row["file_name"]) == ("paste", "Pasted source")

    def test_shows_the_name_of_a_file_as_text(self, analyst):
        data = files(PROGRAM, PROGRAM, name="\u202e<b>{}.eml")
        page = analyst.post("/analyses", data=data, status=422)

        assert not page.select("#outcomes b")
        assert outcomes(page)[0].startswith("[U+202E]<b>0.eml")

    def test_is_not_for_an_auditor(self, auditor):
        auditor.get("/analyses/new", status=403)
        auditor.post("/analyses", data=files(factories.eml()), status=403)

        assert rows() == []


class TestProgram:
    def test_reads_what_became_of_each_in_its_place(self, analyst):
        data = files(PROGRAM, factories.eml())
        analyst.post("/analyses", data=data, status=201, headers=JSON)
        told, identity = analyst.response.get_json(), str(rows()[0]["_id"])

        assert told["accepted"] == [
            {
                "index": 1,
                "name": "1.eml",
                "id": identity,
                "is_new": True,
                "url": f"/analyses/{identity}",
            }
        ]
        assert [each["index"] for each in told["refused"]] == [0]

    def test_reads_why_nothing_was_taken(self, analyst):
        analyst.post("/analyses", data=files(PROGRAM), status=422, headers=JSON)

        assert analyst.response.get_json()["accepted"] == []

    def test_learns_that_a_repeated_message_is_there_already(self, analyst):
        raw = factories.eml()
        for is_new in (True, False):
            analyst.post("/analyses", data=files(raw), status=201, headers=JSON)
            told = analyst.response.get_json()["accepted"][0]
            assert told["is_new"] is is_new
        assert len(rows()) == 1


class TestLimit:
    @pytest.fixture(autouse=True)
    def _few(self, app, monkeypatch):
        few = app.extensions["settings"].model_copy(update={"UPLOAD_LIMIT": "2/hour"})
        monkeypatch.setitem(app.extensions, "settings", few)

    def test_counts_the_submissions_of_one_user(self, app, analyst, viewer):
        for status in (201, 201, 429):
            data = files(factories.eml())
            analyst.post("/analyses", data=data, status=status, headers=JSON)

        assert analyst.response.headers["Retry-After"]
        viewer.post("/analyses", data=files(factories.eml()), status=201, headers=JSON)

    def test_says_so_in_the_trail_and_not_as_a_sign_in(self, analyst):
        for _ in range(3):
            analyst.client.post(
                "/analyses",
                data={"csrf_token": analyst.csrf(), **files(factories.eml())},
            )
        actions = stored()["audit_logs"].distinct("action")

        assert "access:refused" in actions
        assert "session:sign-in:limited" not in actions


def test_the_reason_of_a_refusal_can_be_translated(analyst, monkeypatch):
    monkeypatch.setattr(sentences, "translated", str.upper)
    page = analyst.post("/analyses", status=422, data=files(PROGRAM))

    assert "THIS IS A WINDOWS PROGRAM, NOT AN E-MAIL MESSAGE." in page.text


class TestStranger:
    @pytest.mark.parametrize("accept", ["text/html", "application/json"])
    def test_is_turned_away_before_the_body_is_read(self, stranger, accept):
        body = Unread(b"x" * 50_000)
        answer = stranger.client.post(
            "/analyses",
            input_stream=body,
            content_length=50_000,
            content_type="multipart/form-data; boundary=b",
            headers={"Accept": accept},
        )

        assert answer.status_code in {303, 401}
        assert body.taken == 0
        assert rows() == []

    def test_signed_in_still_needs_the_token_of_a_page(self, analyst):
        answer = analyst.client.post("/analyses", data=files(factories.eml()))

        assert answer.status_code == 400
        assert rows() == []


def test_an_accepted_message_is_in_the_trail_and_the_queue(analyst):
    analyst.post("/analyses", data=files(factories.eml()))

    row = rows()[0]
    event = stored()["audit_logs"].find_one({"action": "analysis:submit"})
    job = stored()["analysis_jobs"].find_one({"analysis_id": row["_id"]})
    assert event["user_id"] == analyst.account.id
    assert event["metadata"]["sha256"] == row["sha256"]
    assert (row["status"], job["state"]) == ("pending", "queued")
