"""How much somebody may hand in, and what is refused before it is read."""

from io import BytesIO

import pytest

from dashboard.documents.connection import database as stored
from dashboard.extensions import FIELD_ALLOWANCE
from dashboard.services import files as files_
from tests import factories

JSON = {"Accept": "application/json"}


class Counting(BytesIO):
    """A body that tells how much of it was read."""

    taken = 0

    def read(self, size=-1):
        found = super().read(size)
        self.taken += len(found)
        return found


@pytest.fixture
def small(app, monkeypatch):
    """Settings with limits a test can reach."""
    limits = {"MAX_MESSAGE_BYTES": 2000, "MAX_FILES": 3}
    told = app.extensions["settings"].model_copy(update=limits)
    monkeypatch.setitem(app.extensions, "settings", told)
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 20_000)
    monkeypatch.setitem(app.config, "MAX_FORM_MEMORY_SIZE", 8000)
    monkeypatch.setitem(app.config, "MAX_FORM_PARTS", 8)


def files(*messages):
    return {"messages": [(BytesIO(raw), f"{n}.eml") for n, raw in enumerate(messages)]}


def hand_in(browser, data, *, status):
    browser.post("/analyses", data=data, status=status, headers=JSON)
    return browser.response.get_json()


def kept():
    return stored()["email_analyses"].count_documents({})


class TestRequest:
    def test_that_says_it_is_too_large_is_refused_unread(self, small, analyst):
        body = Counting(b"x" * 30_000)
        answer = analyst.client.post(
            "/analyses",
            input_stream=body,
            content_length=30_000,
            content_type="multipart/form-data; boundary=b",
            headers={"X-CSRFToken": analyst.csrf()},
        )

        assert answer.status_code == 413
        assert body.taken == 0

    def test_without_a_length_is_counted_while_it_comes(self, small, analyst):
        head = b'--b\r\nContent-Disposition: form-data; name="messages"; filename="a"'
        body = Counting(head + b"\r\n\r\n" + b"x" * 300_000 + b"\r\n--b--\r\n")
        answer = analyst.client.post(
            "/analyses",
            input_stream=body,
            environ_overrides={"wsgi.input_terminated": True},
            content_type="multipart/form-data; boundary=b",
            headers={"X-CSRFToken": analyst.csrf()},
        )

        assert answer.status_code == 413
        assert body.taken <= 150_000

    def test_that_ends_before_its_length_leaves_nothing(self, small, analyst):
        answer = analyst.client.post(
            "/analyses",
            input_stream=BytesIO(b'--b\r\nContent-Disposition: form-data; name="mess'),
            content_length=5000,
            content_type="multipart/form-data; boundary=b",
            headers={"X-CSRFToken": analyst.csrf()},
        )

        assert 400 <= answer.status_code < 500
        assert kept() == 0

    def test_of_too_many_parts_is_refused(self, small, analyst):
        fields = {f"field{number}": "x" for number in range(20)}

        hand_in(analyst, {**fields, **files(b"")}, status=413)

    def test_with_an_endless_field_is_refused(self, small, analyst):
        hand_in(analyst, {"source": "x" * 12_000}, status=413)


class TestMessages:
    def test_above_the_limit_are_refused_one_by_one(self, small, analyst):
        large = factories.eml(body="x" * 3000)
        told = hand_in(analyst, files(large, factories.eml()), status=201)

        assert [len(told["accepted"]), len(told["refused"])] == [1, 1]
        assert "larger" in told["refused"][0]["reason"]

    def test_above_the_limit_alone_are_413(self, small, analyst):
        hand_in(analyst, files(factories.eml(body="x" * 3000)), status=413)

        assert kept() == 0

    def test_at_the_limit_are_taken(self, small, analyst):
        raw = factories.eml()
        exact = raw + b"x" * (2000 - len(raw))

        hand_in(analyst, files(exact), status=201)

    def test_beyond_the_number_allowed_are_refused(self, small, analyst):
        many = [factories.eml() for _ in range(4)]

        hand_in(analyst, files(*many), status=413)

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"MZ\x90\x00\x03", "a Windows program"),
            (b"\x7fELF\x02\x01", "a Linux program"),
            (b"7z\xbc\xaf", "a 7z archive"),
            (b"<html><body>", "a web page"),
            (b"Lunch on Friday?", "No header"),
            (b"", "empty"),
        ],
    )
    def test_that_are_none_are_refused_with_the_reason(self, analyst, raw, reason):
        told = hand_in(analyst, files(raw), status=422)

        assert reason in told["refused"][0]["reason"]
        assert kept() == 0

    def test_are_written_under_no_name_of_a_sender(
        self, analyst, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(files_, "SMALL", -1)
        name = f"{tmp_path}/planted.eml"
        hand_in(analyst, {"messages": (BytesIO(factories.eml()), name)}, status=201)

        assert not list(tmp_path.iterdir())
        names = stored()["fs.files"].distinct("filename")
        assert names == ["messages"]


def test_the_limits_are_those_that_are_promised(app):
    settings = app.extensions["settings"]

    assert app.config["MAX_CONTENT_LENGTH"] == settings.MAX_REQUEST_BYTES == 100 * 2**20
    assert settings.MAX_MESSAGE_BYTES == 25 * 2**20
    assert settings.MAX_FILES == 100
    pasted = settings.MAX_MESSAGE_BYTES + FIELD_ALLOWANCE
    assert app.config["MAX_FORM_MEMORY_SIZE"] == pasted
