"""What managers see of the organisation's settings, and of what others would change."""

from typing import Any, Final, NamedTuple

from flask import abort, current_app, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from dashboard.documents.analysis import Analysis, may_see
from dashboard.documents.base import Row
from dashboard.documents.connection import now
from dashboard.documents.preview import Preview
from dashboard.domain.context import Context
from dashboard.domain.organisation import Field, written
from dashboard.services import bulk, organisation, previews
from dashboard.services.organisation import Said, Settings
from dashboard.web.forms.settings import SettingsForm
from dashboard.web.listing import Line, lines_of
from dashboard.web.signals import title
from dashboard.web.templating import visible

LIMIT: Final = "20/minute"  # previews of one person
HINTS: Final[dict[Field, Any]] = {
    Field.OWN_DOMAINS: _l(
        "One a line, for example example.org. Mail from there counts as your own once"
        " the receiving server has confirmed it; look-alikes of them are reported."
    ),
    Field.EXECUTIVES: _l(
        "One a line, as mail programs show it: first and last name. Whoever bears"
        " such a name and writes from outside is reported."
    ),
    Field.PROTECTED: _l(
        "A name, a colon and every domain it is at home at, for example"
        " Harbour Trust: harbourtrust.example, ht-post.example. Count in your own"
        " name. Anybody else who uses it is reported."
    ),
    Field.TRUSTED_SERVERS: _l(
        "One a line, as the server calls itself at the start of"
        " Authentication-Results. With any named here, the results of others count"
        " for nothing."
    ),
    Field.FORWARDERS: _l(
        "Hosts, addresses or networks that pass mail on to you, for example a list"
        " server or 203.0.113.0/28. Mail they hand over is not reported for failing"
        " SPF; its signature counts alone."
    ),
}
VARIABLES: Final = {
    Field.OWN_DOMAINS: "OWN_DOMAINS",
    Field.EXECUTIVES: "EXECUTIVES",
    Field.TRUSTED_SERVERS: "TRUSTED_SERVERS",
}


class Entry(NamedTuple):
    """A field of the form, and where what it says comes from."""

    item: Any
    hint: str
    variable: str  # the server's setting of the same; empty where there is none
    is_said: bool  # on this page, and not by the server
    server: str  # what the server says instead
    rows: int


class Overtaken(NamedTuple):
    """A field somebody else changed meanwhile."""

    label: str
    added: list[str]
    removed: list[str]


class Changed(NamedTuple):
    """A message whose level would be another."""

    line: Line
    before: str
    after: str
    gained: list[str]
    lost: list[str]


class Shown(NamedTuple):
    """A preview as its owner sees it."""

    row: Row
    of: int
    is_waiting: bool  # nothing has been judged for a while
    is_in_force: bool  # what was tried out has been saved
    changed: list[Changed]
    again: list[str]  # those that can be analysed again at once
    form: SettingsForm


def servers() -> Context:
    """What the settings of the server say."""
    context: Context = current_app.extensions["engine_context"]
    return context


def owner() -> str:
    """Whom the limit counts for."""
    return f"preview:{current_user.get_id() or request.remote_addr}"


def entries_of(form: SettingsForm, settings: Settings) -> list[Entry]:
    """The fields in the order of the page."""
    default = written(servers())
    return [
        Entry(
            item=form[name.value],
            hint=str(HINTS[name]),
            variable=VARIABLES.get(name, ""),
            is_said=name in settings.said,
            server=", ".join(default[name]),
            rows=min(max((form[name.value].data or "").count("\n") + 2, 3), 12),
        )
        for name in Field
    ]


def overtaken(form: SettingsForm, settings: Settings, version: int) -> list[Overtaken]:
    """What others changed since a version, one entry a change."""
    return [
        _overtaken(form[name].label.text, told["before"] or [], told["after"] or [])
        for change in settings.since(version)
        for name, told in change["changes"].items()
        if name in form
    ]


def _overtaken(label: str, before: list[str], after: list[str]) -> Overtaken:
    added = [line for line in after if line not in before]
    return Overtaken(label, added, [line for line in before if line not in after])


def mine_or_404(preview_id: str) -> Row:
    """The preview, or 404 when it has expired or is somebody else's."""
    row = mine(preview_id)
    if row is None:
        abort(404)
    return row


def mine(preview_id: str) -> Row | None:
    """The preview, unless it has expired or is somebody else's."""
    return Preview.of(preview_id, current_user)


def tried(row: Row) -> Said:
    """The entries that a preview tries out."""
    return organisation.from_stored(row["said"])


def shown(row: Row, form: SettingsForm) -> Shown:
    """A preview with the messages that would change, as they are now."""
    settings = organisation.known()
    changed = list(_changed(row["changed"]))
    is_running = row["state"] == "running"
    silent = now() - row["touched_at"] > previews.SILENT_AFTER
    return Shown(
        row=row,
        of=len(row["chosen"]),
        is_waiting=is_running and silent,
        is_in_force=organisation.touched(tried(row), servers()) == settings.said,
        changed=changed,
        again=[each.line.choice for each in changed[: bulk.MOST]],
        form=form,
    )


def _changed(found: list[Row]) -> list[Changed]:
    rows = Analysis.of_ids(each["id"] for each in found)
    visible_rows = [row for row in rows if may_see(row, current_user)]
    lines = {line.id: line for line in lines_of(visible_rows)}
    return [
        Changed(
            lines[str(each["id"])],
            each["before"],
            each["after"],
            [visible(title(rule)) for rule in each["gained"]],
            [visible(title(rule)) for rule in each["lost"]],
        )
        for each in found
        if str(each["id"]) in lines
    ]
