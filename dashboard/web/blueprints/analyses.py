"""Listing, submitting and reading analyses."""

from bson import ObjectId
from flask import Blueprint, abort, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.documents.analysis import Analysis, AnalysisReceipt
from dashboard.documents.base import Row
from dashboard.domain.permissions import Permission
from dashboard.web import submissions
from dashboard.web.access import permission_required
from dashboard.web.deadline import reads_a_long_body
from dashboard.web.hypermedia import go_to, render, wants_json

bp = Blueprint("analyses", __name__)


def visible_or_404(analysis_id: str) -> Row:
    """The analysis, or 404 when it does not exist or is not this user's to see."""
    row = Analysis.visible(analysis_id, current_user)
    if row is None:
        abort(404)
    return row


@bp.get("/")
@permission_required(Permission.READ_OWN_ANALYSES)
def home() -> ResponseReturnValue:
    """Send whoever comes to the front door to their queue."""
    return go_to(url_for(".index"))


@bp.get("/analyses")
@permission_required(Permission.READ_OWN_ANALYSES)
def index() -> ResponseReturnValue:
    """List analyses, newest first."""
    return render("analyses/index.html", "analyses/_table.html")


@bp.get("/analyses/new")
@permission_required(Permission.SUBMIT_MESSAGES)
def new() -> ResponseReturnValue:
    """Offer the forms for submitting messages."""
    return render("analyses/new.html", "analyses/_submitted.html", receipt=None)


@bp.post("/analyses")
@permission_required(Permission.SUBMIT_MESSAGES)
@reads_a_long_body
def create() -> ResponseReturnValue:
    """Submit messages; one alone is shown at once, several are listed."""
    receipt = submissions.receive()
    if wants_json():
        return jsonify(_as_json(receipt)), receipt.status
    if only := receipt.only:
        return go_to(url_for(".show", analysis_id=only.analysis_id))
    page = render("analyses/new.html", "analyses/_submitted.html", receipt=receipt)
    return page, 200 if receipt.accepted else receipt.status


@bp.get("/analyses/<analysis_id>")
@permission_required(Permission.READ_OWN_ANALYSES)
def show(analysis_id: str) -> ResponseReturnValue:
    """Show one analysis. While it waits, the fragment asks for itself again."""
    row = visible_or_404(analysis_id)
    receipt = AnalysisReceipt.of(ObjectId(analysis_id), row["run"])
    return render(
        "analyses/show.html", "analyses/_receipt.html", row=row, receipt=receipt
    )


def _as_json(receipt: submissions.Receipt) -> dict[str, object]:
    return {
        "accepted": [
            {
                "id": outcome.accepted.analysis_id,
                "name": outcome.name,
                "is_new": outcome.accepted.is_new,
                "url": url_for(".show", analysis_id=outcome.accepted.analysis_id),
            }
            for outcome in receipt.accepted
            if outcome.accepted
        ],
        "refused": [
            {"name": outcome.name, "reason": outcome.reason}
            for outcome in receipt.refused
        ],
    }
