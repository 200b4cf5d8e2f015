"""Taking lists along as files."""

from typing import Final

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.base import Row
from dashboard.documents.export import Export
from dashboard.domain.permissions import Permission
from dashboard.extensions import limiter
from dashboard.services import exports as service
from dashboard.services.columns import SHEETS
from dashboard.web import exports
from dashboard.web.access import permission_required, require
from dashboard.web.hypermedia import go_to, render
from dashboard.web.identity import actor

bp = Blueprint("exports", __name__)

MINE: Final = Permission.EXPORT_LISTS


@bp.post("/exports/<listed>")
@permission_required(MINE)
@limiter.limit(exports.LIMIT, key_func=exports.owner)
def create(listed: str) -> ResponseReturnValue:
    """Hand out a short list at once, and have a worker write a long one."""
    order = exports.read(listed)
    rows = service.count(order, service.DIRECT_ROWS)
    if rows > service.DIRECT_ROWS:
        export_id = service.begin(order, actor())
        return go_to(url_for(".show", export_id=export_id))
    service.note(order, rows, actor())
    return exports.at_once(order)


@bp.get("/exports")
@permission_required(MINE)
def index() -> ResponseReturnValue:
    """List the exports that were written for this person and are still kept."""
    mine = [exports.shown(row) for row in Export.every(current_user)]
    most = f"{service.DIRECT_ROWS:,}"
    return render_template("exports/index.html", exports=mine, most=most)


@bp.get("/exports/<export_id>")
@permission_required(MINE)
def show(export_id: str) -> ResponseReturnValue:
    """Show how far an export is. While it is written, the part asks for itself."""
    export = exports.shown(_mine_or_404(export_id))
    return render("exports/show.html", "exports/_progress.html", export=export)


@bp.get("/exports/<export_id>/file")
@permission_required(MINE)
def download(export_id: str) -> ResponseReturnValue:
    """Hand out a finished export."""
    row = _mine_or_404(export_id)
    require(SHEETS[row["listed"]].permission)
    if row["state"] != "done":
        abort(404)
    service.note_download(row, actor())
    return exports.finished(row)


def _mine_or_404(export_id: str) -> Row:
    """The export, or 404 when it has expired or is somebody else's."""
    row = Export.of(export_id, current_user)
    if row is None:
        abort(404)
    return row
