"""What the pages about accounts show."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from pymongo.errors import DuplicateKeyError

from dashboard.documents.base import Page, Row
from dashboard.documents.connection import now
from dashboard.documents.user import Account, State, User, row_of, select, state_of
from dashboard.domain.names import BadName
from dashboard.domain.permissions import Role
from dashboard.web import tables
from dashboard.web.filters import Filters, Vocabulary
from dashboard.web.forms.users import ROLES
from dashboard.web.sentences import worded
from dashboard.web.tables import Table
from dashboard.web.templating import path, told, visible, zone

USERS: Final = Vocabulary(
    {"role": ("role", tuple(Role)), "state": ("state", tuple(State))}
)
STATES: Final[dict[str, Any]] = {
    State.ACTIVE: lazy_gettext("Active"),
    State.INVITED: lazy_gettext("Invited"),
    State.INACTIVE: lazy_gettext("Not active"),
}
TAGS: Final = {State.ACTIVE: "", State.INVITED: "pn-tag-warn", State.INACTIVE: ""}
TAKEN: Final = lazy_gettext("That name or address is taken.")
SAME_NAME: Final = lazy_gettext(
    "Somebody else has this full name. Add what tells the two apart."
)


class Line(NamedTuple):
    """One account, as the list prints it."""

    id: str
    username: str
    full_name: str
    local: str  # of the address
    domain: str
    role: str
    state: str
    tag: str
    created_at: datetime
    last_login: datetime | None
    is_reader: bool


def found(filters: Filters, reader: Account) -> Page:
    """One page of what was asked for."""
    selection = select(filters.facets(reader), **filters.dates(zone()))
    return User.listed(selection, size=filters.size, after=filters.place, at=now())


def listing(filters: Filters, reader: Account) -> Table:
    """One page of accounts."""
    page = found(filters, reader)
    selects = (
        tables.select(filters, "role", _("Role"), _("Any role"), ROLES),
        tables.select(filters, "state", _("State"), _("Any state"), STATES),
    )
    here = path("users.index")
    return tables.table(here, filters, selects, page, lambda row: line(row, reader))


def found_or_404(user_id: str) -> Row:
    """The account, or 404 when there is none."""
    row = row_of(user_id)
    if row is None:
        abort(404)
    return row


def why(error: Exception) -> str:
    """Why an account cannot be as it was asked for."""
    if not isinstance(error, DuplicateKeyError):
        return worded(error)
    taken = (error.details or {}).get("keyPattern", {})
    return str(SAME_NAME if "full_name_key" in taken else TAKEN)


def status(error: Exception) -> int:
    """How a request ends that asked for it."""
    return 422 if isinstance(error, BadName) else 409


def line(row: Row, reader: Account) -> Line:
    """One account in words."""
    local, _at, domain = row["email"].rpartition("@")
    state = state_of(row)
    return Line(
        id=str(row["_id"]),
        username=row["username"],
        full_name=visible(row.get("full_name", "")),
        local=visible(local),
        domain=visible(domain),
        role=told(ROLES)[Role(row["role"])],
        state=told(STATES)[state],
        tag=TAGS[state],
        created_at=row["created_at"],
        last_login=row["last_login"],
        is_reader=str(row["_id"]) == reader.id,
    )
