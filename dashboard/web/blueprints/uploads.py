"""Reading how far a container is unpacked, and what became of what was in it."""

from typing import Final

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.upload import Upload
from dashboard.domain.permissions import Permission
from dashboard.web import unpacked
from dashboard.web.access import permission_required
from dashboard.web.filters import Filters
from dashboard.web.hypermedia import render

bp = Blueprint("uploads", __name__)

MAX_DIGITS: Final = 6


@bp.get("/uploads")
@permission_required(Permission.READ_OWN_ANALYSES)
def index() -> ResponseReturnValue:
    """List what was handed in as containers, newest first."""
    filters = Filters.read(request.args, unpacked.UPLOADS)
    table = unpacked.listing(filters, current_user._get_current_object())
    return render("uploads/index.html", "uploads/_table.html", table=table)


@bp.get("/uploads/<upload_id>")
@permission_required(Permission.READ_OWN_ANALYSES)
def show(upload_id: str) -> ResponseReturnValue:
    """Show one upload. While it is worked on, the page asks for itself again."""
    row = Upload.visible(upload_id, current_user)
    if row is None:
        abort(404)
    sheet = unpacked.sheet(row, _start())
    if sheet.tag and sheet.tag in request.if_none_match:
        return Response(status=304)
    response = render("uploads/show.html", "uploads/_sheet.html", sheet=sheet)
    if sheet.tag:
        response.set_etag(sheet.tag)
    return response


def _start() -> int:
    """The number of the entry the page begins with; 404 for what is no number."""
    text = request.args.get("from", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS):
        abort(404)
    return max(int(text), 1)
