"""Reading the audit trail. There is no way to change or delete an event."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.audit import AuditLog
from dashboard.domain.permissions import Permission
from dashboard.services.audit import record_reading
from dashboard.web import trail
from dashboard.web.access import permission_required
from dashboard.web.filters import Filters
from dashboard.web.hypermedia import render
from dashboard.web.identity import actor

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@permission_required(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    """List events, newest first. What somebody asked for is an event itself."""
    filters = Filters.read(request.args, trail.AUDIT)
    table = trail.listing(filters, current_user)
    record_reading(actor(), of=("list", "audit"), asked=filters.query())
    return render("audit/index.html", "audit/_table.html", table=table)


@bp.get("/audit/<event_id>")
@permission_required(Permission.READ_AUDIT)
def show(event_id: str) -> ResponseReturnValue:
    """Show one event with before and after, and what the same request did."""
    row = AuditLog.found(event_id)
    if row is None:
        abort(404)
    event = trail.event(row)
    record_reading(actor(), of=("event", row["_id"]), asked="")
    return render_template("audit/show.html", event=event)
