"""Listing threat indicators, and putting them on record."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dashboard.documents.base import Row
from dashboard.documents.indicator import Indicator
from dashboard.domain.permissions import Permission
from dashboard.services import indicators
from dashboard.services.indicators import Changed, Exists
from dashboard.web.access import permission_required
from dashboard.web.filters import MAX_QUERY
from dashboard.web.forms.indicators import (
    NewIndicatorForm,
    RecordForm,
    RemovalForm,
    filled,
    form_of,
)
from dashboard.web.hypermedia import go_to, render
from dashboard.web.identity import actor
from dashboard.web.indicator_views import (
    found_or_404,
    key_asked,
    line,
    listing,
    sheet,
)
from dashboard.web.sentences import worded

bp = Blueprint("indicators", __name__)


@bp.get("/indicators")
@permission_required(Permission.READ_INDICATORS)
def index() -> ResponseReturnValue:
    """List indicators, what changed last first."""
    table = listing(request.args, current_user)
    return render("indicators/index.html", "indicators/_table.html", table=table)


@bp.get("/indicators/new")
@permission_required(Permission.EDIT_INDICATORS)
def new() -> ResponseReturnValue:
    """Offer the form for an indicator."""
    return render_template("indicators/new.html", form=NewIndicatorForm())


@bp.post("/indicators")
@permission_required(Permission.EDIT_INDICATORS)
def create() -> ResponseReturnValue:
    """Put an indicator on record; 409 with what was typed if it is there already."""
    form = NewIndicatorForm()
    if not form.validate_on_submit():
        return render_template("indicators/new.html", form=form), 422
    try:
        added = indicators.add(form.kind, form.value, form.told, actor())
    except Exists as error:
        known = url_for(".show", indicator_id=error.indicator_id)
        return render_template("indicators/new.html", form=form, known=known), 409
    flash(_("The indicator is on record."))
    return go_to(url_for(".show", indicator_id=added))


@bp.get("/indicators/find")
@permission_required(Permission.READ_INDICATORS)
def find() -> ResponseReturnValue:
    """Lead from what a message holds to what is known of it, if it still is."""
    if row := Indicator.by_key(key_asked(request.args)):
        return go_to(url_for(".show", indicator_id=row["_id"]))
    wanted = request.args.get("value", "")[:MAX_QUERY]
    return go_to(url_for(".index", q=wanted))


@bp.get("/indicators/<indicator_id>")
@permission_required(Permission.READ_INDICATORS)
def show(indicator_id: str) -> ResponseReturnValue:
    """Show what is known of an indicator, and the messages it was met in."""
    row = found_or_404(indicator_id)
    return _page(row, RemovalForm(version=row["version"]))


@bp.get("/indicators/<indicator_id>/edit")
@permission_required(Permission.EDIT_INDICATORS)
def edit(indicator_id: str) -> ResponseReturnValue:
    """Offer the form with what is known."""
    row = found_or_404(indicator_id)
    return _form(row, form_of(row)(data=filled(row)))


@bp.post("/indicators/<indicator_id>")
@permission_required(Permission.EDIT_INDICATORS)
def update(indicator_id: str) -> ResponseReturnValue:
    """Change what is known; 409 with what was typed if somebody was faster."""
    row = found_or_404(indicator_id)
    form = form_of(row)()
    if not form.validate_on_submit():
        return _form(row, form), 422
    version, spelled = form.version.data or 0, form.spelled(row)
    try:
        indicators.change(row, form.told, actor(), version=version, spelled=spelled)
    except Exists as error:
        known = url_for(".show", indicator_id=error.indicator_id)
        return _form(row, form, known), 409
    except Changed as error:
        row = found_or_404(indicator_id)
        form.admit(worded(error), row["version"])
        return _form(row, form), 409
    flash(_("The change is recorded."))
    return go_to(url_for(".show", indicator_id=indicator_id))


@bp.post("/indicators/<indicator_id>/delete")
@permission_required(Permission.EDIT_INDICATORS)
def delete(indicator_id: str) -> ResponseReturnValue:
    """Take an indicator off the record, with a reason."""
    row = found_or_404(indicator_id)
    form = RemovalForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    version, reason = form.version.data or 0, form.reason.data or ""
    try:
        indicators.remove(row, reason, actor(), version=version)
    except Changed as error:
        row = found_or_404(indicator_id)
        form = RemovalForm(formdata=None, reason=reason, version=row["version"])
        form.form_errors = [worded(error)]
        return _page(row, form), 409
    flash(_("The indicator is off the record."))
    return go_to(url_for(".index"))


def _page(row: Row, form: RemovalForm) -> str:
    shown = sheet(row, current_user, request.args.get("after"))
    return render_template("indicators/show.html", sheet=shown, form=form)


def _form(row: Row, form: RecordForm, known: str = "") -> str:
    return render_template(
        "indicators/edit.html", row=row, form=form, line=line(row), known=known
    )
