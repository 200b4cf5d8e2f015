"""Listing, submitting and reading analyses."""

from typing import Final

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import UnprocessableEntity

from dashboard.documents.analysis import Analysis, AnalysisReceipt
from dashboard.documents.base import Row
from dashboard.documents.message import MessageView
from dashboard.domain import rulesets
from dashboard.domain.permissions import Permission
from dashboard.extensions import limiter
from dashboard.services import analyses
from dashboard.services import downloads as handouts
from dashboard.services.analyses import Changed
from dashboard.web import (
    downloads,
    indicator_views,
    listing,
    navigation,
    receipts,
    submissions,
)
from dashboard.web.access import permission_required, signed_in
from dashboard.web.deadline import reads_a_long_body
from dashboard.web.errors import said
from dashboard.web.filters import Filters
from dashboard.web.forms.analyses import RULESETS, DecisionForm, RepeatForm
from dashboard.web.hypermedia import go_to, render, wants_json
from dashboard.web.identity import actor
from dashboard.web.sentences import worded

bp = Blueprint("analyses", __name__)

MAX_RUN_DIGITS: Final = 7


def visible_or_404(analysis_id: str) -> Row:
    """The analysis, or 404 when it does not exist or is not this user's to see."""
    row = Analysis.visible(analysis_id, current_user)
    if row is None:
        abort(404)
    return row


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Send whoever comes to the front door to what waits for them."""
    return go_to(navigation.home(current_user))


@bp.get("/analyses")
@permission_required(Permission.READ_OWN_ANALYSES)
def index() -> ResponseReturnValue:
    """List analyses. A page that waits is asked for its tag alone."""
    reader = current_user._get_current_object()
    page = listing.read(Filters.read(request.args), reader)
    if page.tag and page.tag in request.if_none_match:
        return Response(status=304)
    response = render("analyses/index.html", "analyses/_table.html", listing=page)
    if page.tag:
        response.set_etag(page.tag)
    return response


@bp.get("/analyses/new")
@permission_required(Permission.SUBMIT_MESSAGES)
def new() -> ResponseReturnValue:
    """Offer the forms for submitting messages."""
    return _submit_page(submissions.Receipt())


@bp.post("/analyses")
@permission_required(Permission.SUBMIT_MESSAGES)
@limiter.limit(submissions.limit, key_func=submissions.submitter)
@reads_a_long_body
def create() -> ResponseReturnValue:
    """Submit messages; one alone is shown at once, several are listed."""
    receipt = submissions.receive(submissions.of_form("upload"))
    if wants_json():
        return jsonify(receipt.as_json()), receipt.status
    if only := receipt.only:
        return go_to(only.url)
    return _submit_page(receipt), 200 if receipt.accepted else receipt.status


@bp.get("/analyses/<analysis_id>")
@permission_required(Permission.READ_OWN_ANALYSES)
def show(analysis_id: str) -> ResponseReturnValue:
    """Show one analysis. While it waits, the fragment asks for itself again."""
    row = visible_or_404(analysis_id)
    form = DecisionForm(version=row["version"])
    return _sheet(row, form, "analyses/_receipt.html", run=_asked_run())


@bp.post("/analyses/<analysis_id>/verdict")
@permission_required(Permission.JUDGE_ANALYSES)
def judge(analysis_id: str) -> ResponseReturnValue:
    """Record what a person decided, beside what the engine says."""
    row = visible_or_404(analysis_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _sheet(row, form, "analyses/_decide.html"), 422
    try:
        analyses.judge(row, actor(), **form.decided)
    except Changed as error:
        row = visible_or_404(analysis_id)
        form.admit(worded(error), row["version"])
        return _sheet(row, form, "analyses/_decide.html"), 409
    return go_to(url_for(".show", analysis_id=analysis_id))


@bp.post("/analyses/<analysis_id>/runs")
@permission_required(Permission.RERUN_ANALYSES)
def repeat(analysis_id: str) -> ResponseReturnValue:
    """Analyse a message again, with a ruleset to choose; earlier receipts stay."""
    row, form = visible_or_404(analysis_id), RepeatForm()
    if not form.validate_on_submit():
        raise said(UnprocessableEntity(_("There is no such ruleset.")))
    analyses.repeat(row, actor(), ruleset=form.ruleset.data)
    return go_to(url_for(".show", analysis_id=analysis_id))


@bp.post("/analyses/<analysis_id>/cancel")
@permission_required(Permission.SUBMIT_MESSAGES)
def cancel(analysis_id: str) -> ResponseReturnValue:
    """Take back a message that waits."""
    analyses.cancel(visible_or_404(analysis_id), actor())
    return go_to(url_for(".show", analysis_id=analysis_id))


@bp.get("/analyses/<analysis_id>/safe")
@permission_required(Permission.READ_BODIES)
def safe(analysis_id: str) -> ResponseReturnValue:
    """The message as its reader saw it, for a frame in which nothing runs."""
    row = visible_or_404(analysis_id)
    markup = MessageView.safe_html_of(row["sha256"])
    if markup is None:
        abort(404)
    return Response(markup, headers=downloads.FRAMED)


@bp.get("/analyses/<analysis_id>/receipt.json")
@permission_required(Permission.READ_BODIES)
def download(analysis_id: str) -> ResponseReturnValue:
    """Hand out the receipt of a run, to be kept elsewhere."""
    row = visible_or_404(analysis_id)
    stored = AnalysisReceipt.of(row["_id"], _asked_run() or row["run"])
    if stored is None:
        abort(404)
    name = f"phishnet-{row['_id']}-run-{stored['run']}.json"
    return downloads.as_json(receipts.as_record(row, stored), name)


@bp.post("/analyses/<analysis_id>/message")
@permission_required(Permission.DOWNLOAD_FILES)
def download_message(analysis_id: str) -> ResponseReturnValue:
    """Hand out the message as it came, inside a password archive."""
    row = visible_or_404(analysis_id)
    archive = handouts.message(row, actor())
    return downloads.as_archive(archive, f"message-{row['sha256'][:16]}.zip")


@bp.post("/analyses/<analysis_id>/files/<sha256>")
@permission_required(Permission.DOWNLOAD_FILES)
def download_file(analysis_id: str, sha256: str) -> ResponseReturnValue:
    """Hand out an attachment, inside a password archive."""
    archive = handouts.attachment(visible_or_404(analysis_id), sha256, actor())
    if archive is None:
        abort(404)
    return downloads.as_archive(archive, f"attachment-{sha256[:16]}.zip")


def _sheet(
    row: Row, form: DecisionForm, fragment: str, *, run: int | None = None
) -> Response:
    sheet = receipts.sheet(row, run, current_user)
    if sheet is None:
        abort(404)
    stored = sheet.receipt.stored if sheet.receipt else None
    met = indicator_views.of_analysis(stored, current_user) if stored else []
    shown = {"sheet": sheet, "row": row, "form": form, "indicators": met}
    shown |= {"rulesets": RULESETS, "current": rulesets.CURRENT}
    return render("analyses/show.html", fragment, **shown)


def _asked_run() -> int | None:
    """Which run the URL asks for; 404 for what is no number of a run."""
    text = request.args.get("run")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < MAX_RUN_DIGITS):
        abort(404)
    return int(text)


def _submit_page(receipt: submissions.Receipt) -> Response:
    return render(
        "analyses/new.html",
        "analyses/_submitted.html",
        receipt=receipt,
        limits=submissions.limits(),
    )
