"""Threat indicators for programs: the same rules as on the pages, in JSON."""

from typing import Any, Final

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.base import Row
from dashboard.documents.indicator import Indicator
from dashboard.domain.indicators import key_of
from dashboard.domain.permissions import Permission
from dashboard.services import indicators
from dashboard.services.indicators import Changed, Exists
from dashboard.web import fields
from dashboard.web.access import permission_required
from dashboard.web.forms.indicators import (
    NewIndicatorForm,
    RemovalForm,
    filled,
    form_of,
)
from dashboard.web.identity import actor
from dashboard.web.indicator_views import found, found_or_404
from dashboard.web.sentences import worded
from dashboard.web.templating import iso

bp = Blueprint("api_indicators", __name__, url_prefix="/api/v1/indicators")

TOLD: Final = (
    *("indicator", "indicator_type", "threat_type", "threat_level"),
    *("confidence_score", "description", "source", "tags", "metadata", "version"),
)
TIMES: Final = ("created_at", "updated_at", "last_seen")


@bp.get("")
@permission_required(Permission.READ_INDICATORS)
def index() -> ResponseReturnValue:
    """List indicators, what changed last first, with the filters of the page."""
    filters, page = found(request.args, current_user)
    keys = [key_of(row["indicator_type"], row["indicator"]) for row in page.rows]
    whole = {row["key"]: row for row in Indicator.known_as(keys)}
    rows = [whole[key] for key in keys if key in whole]
    next_page = filters.query(after=str(page.after)) if page.after else None
    return jsonify(indicators=[as_json(row) for row in rows], next=next_page)


@bp.post("")
@permission_required(Permission.EDIT_INDICATORS)
def create() -> ResponseReturnValue:
    """Put an indicator on record; 409 names the one that is there already."""
    form = fields.filled_in(NewIndicatorForm, {})
    try:
        added = indicators.add(form.kind, form.value, form.told, actor())
    except Exists as error:
        return _exists(error)
    answer = jsonify(as_json(found_or_404(str(added))))
    return answer, 201, {"Location": url_for(".show", indicator_id=added)}


@bp.get("/<indicator_id>")
@permission_required(Permission.READ_INDICATORS)
def show(indicator_id: str) -> ResponseReturnValue:
    """Tell what is known of an indicator."""
    return jsonify(as_json(found_or_404(indicator_id)))


@bp.patch("/<indicator_id>")
@permission_required(Permission.EDIT_INDICATORS)
def update(indicator_id: str) -> ResponseReturnValue:
    """Change the fields that are sent; 409 if `version` is not the current one."""
    row = found_or_404(indicator_id)
    form = fields.filled_in(form_of(row), filled(row))
    version, spelled = form.version.data or 0, form.spelled(row)
    try:
        indicators.change(row, form.told, actor(), version=version, spelled=spelled)
    except Exists as error:
        return _exists(error)
    except Changed as error:
        return jsonify(message=worded(error)), 409
    return jsonify(as_json(found_or_404(indicator_id)))


@bp.delete("/<indicator_id>")
@permission_required(Permission.EDIT_INDICATORS)
def delete(indicator_id: str) -> ResponseReturnValue:
    """Take an indicator off the record, with a `reason`."""
    row = found_or_404(indicator_id)
    form = fields.filled_in(RemovalForm, {"version": row["version"]})
    version, reason = form.version.data or 0, form.reason.data or ""
    try:
        indicators.remove(row, reason, actor(), version=version)
    except Changed as error:
        return jsonify(message=worded(error)), 409
    return "", 204


def as_json(row: Row) -> dict[str, Any]:
    """One indicator as it is stored: a program gets it fanged."""
    told = {name: row[name] for name in TOLD}
    times = {name: iso(row[name]) if row.get(name) else None for name in TIMES}
    return {"id": str(row["_id"]), **told, **times}


def _exists(error: Exists) -> ResponseReturnValue:
    known = str(error.indicator_id)
    where = url_for(".show", indicator_id=known)
    return jsonify(message=worded(error), id=known, url=where), 409
