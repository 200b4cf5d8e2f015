"""Dangerous files leave inside a password archive, under a name of ours, recorded."""

import io

import pytest
import pyzipper

from dashboard.documents.connection import database
from tests import factories
from tests.web.examined import SMUGGLER, actions, examined, message


@pytest.fixture
def smuggler(analyst):
    return f"/analyses/{examined(analyst.account, SMUGGLER)}"


def opened(content, password=b"infected"):
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.setpassword(password)
        return {name: archive.read(name) for name in archive.namelist()}


def form_in(page):
    return page.select_one("#p-files form")["action"]


class TestAttachment:
    def test_comes_sealed_with_the_customary_password(self, analyst, smuggler):
        analyst.post(form_in(analyst.get(smuggler)), status=200)

        held = opened(analyst.response.data)
        assert b"new Blob(" in held["Invoice-77120.html"]
        with pytest.raises(RuntimeError):
            opened(analyst.response.data, b"guess")

    def test_is_recorded_with_who_and_what(self, analyst, smuggler):
        analyst.post(form_in(analyst.get(smuggler)), status=200)

        event = database()["audit_logs"].find_one({"action": "analysis:download"})
        assert event["actor"] == analyst.account.username
        assert event["object_id"] == smuggler.rpartition("/")[2]
        assert event["metadata"]["sha256"] in form_in(analyst.get(smuggler))

    def test_is_an_inert_file_whatever_the_sender_called_it(self, analyst):
        raw = message(SMUGGLER).replace(b"Invoice-77120.html", b"../../evil;.svg")
        page = analyst.get(f"/analyses/{examined(analyst.account, raw)}")

        analyst.post(form_in(page), status=200)

        headers = analyst.response.headers
        assert headers["Content-Type"] == "application/zip"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        disposition = headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=attachment-")
        assert "evil" not in disposition
        assert not any("/" in name for name in opened(analyst.response.data))

    def test_of_another_message_is_no_page(self, analyst, smuggler):
        action = form_in(analyst.get(smuggler))
        other = examined(analyst.account, factories.eml())

        analyst.post(f"/analyses/{other}/{action.split('/', 3)[3]}", status=404)

        assert "analysis:download" not in actions()

    def test_needs_the_permission(self, viewer):
        url = f"/analyses/{examined(viewer.account, SMUGGLER)}"

        assert not viewer.get(url).select("#p-files form")
        viewer.post(f"{url}/files/{'0' * 64}", status=403)
        viewer.post(f"{url}/message", status=403)

    def test_is_not_given_to_a_link(self, analyst, smuggler):
        analyst.get(form_in(analyst.get(smuggler)), status=405)


class TestMessage:
    def test_comes_as_it_was_sent_and_sealed(self, analyst, smuggler):
        analyst.post(f"{smuggler}/message", status=200)

        assert opened(analyst.response.data) == {"message.eml": message(SMUGGLER)}
        assert actions()[-1] == "analysis:download"
        disposition = analyst.response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename=message-")

    def test_that_waits_can_be_had_too(self, analyst):
        url = f"/analyses/{factories.submitted(analyst.account, message(SMUGGLER))}"

        analyst.post(f"{url}/message", status=200)
