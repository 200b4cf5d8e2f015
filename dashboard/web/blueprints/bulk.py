"""Doing something to several analyses at once, and deleting one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from dashboard.domain.permissions import Permission
from dashboard.extensions import limiter
from dashboard.services import bulk
from dashboard.services.bulk import Outcome
from dashboard.web import exports
from dashboard.web.access import permission_required
from dashboard.web.choosing import answer, back, chosen, lines, sheet
from dashboard.web.forms.analyses import DeletionForm, VerdictForm
from dashboard.web.identity import actor

bp = Blueprint("bulk", __name__)


@bp.post("/analyses/chosen/runs")
@permission_required(Permission.RERUN_ANALYSES)
def repeat() -> ResponseReturnValue:
    """Analyse the chosen messages again."""
    outcome = bulk.repeat(chosen(), current_user, actor())
    words = ngettext(
        "%(num)d message is being analysed again.",
        "%(num)d messages are being analysed again.",
        len(outcome.done),
    )
    return answer(outcome, words)


@bp.post("/analyses/chosen/verdict")
@permission_required(Permission.JUDGE_ANALYSES)
def judge() -> ResponseReturnValue:
    """Record the same verdict of all that were chosen."""
    given, form = chosen(), VerdictForm()
    if not form.validate_on_submit():
        shown = bulk.look(given, current_user)
        return _page("bulk/judge.html", shown, form), 422
    outcome = bulk.judge(given, current_user, actor(), **form.said)
    words = ngettext(
        "Your verdict on %(num)d message is recorded.",
        "Your verdict on %(num)d messages is recorded.",
        len(outcome.done),
    )
    return answer(outcome, words)


@bp.post("/analyses/chosen/export")
@permission_required(Permission.EXPORT_LISTS)
@limiter.limit(exports.LIMIT, key_func=exports.owner)
def export() -> ResponseReturnValue:
    """Hand out the chosen analyses as a file, unless some are not there any more."""
    outcome = bulk.look(chosen(), current_user)
    form = exports.format_asked()
    if outcome.refused:
        left = {"lines": lines(outcome), "format": form.value}
        return sheet(outcome, _("Nothing was exported yet."), **left)
    return exports.of_chosen(bulk.export(outcome.done, form, actor()), form)


@bp.post("/analyses/chosen/delete")
@permission_required(Permission.DELETE_ANALYSES)
def delete() -> ResponseReturnValue:
    """Ask for a reason; with one, delete what was chosen."""
    given, form = chosen(), DeletionForm()
    is_asked = "reason" not in request.form
    if is_asked or not form.validate_on_submit():
        shown = bulk.look(given, current_user)
        if not shown.done:
            return answer(shown, "")
        return _page("bulk/delete.html", shown, form), 200 if is_asked else 422
    reason = (form.reason.data or "").strip()
    outcome = bulk.delete(given, current_user, actor(), reason=reason)
    return answer(outcome, _deleted(len(outcome.done)))


def _deleted(count: int) -> str:
    return str(
        ngettext("%(num)d analysis is deleted.", "%(num)d analyses are deleted.", count)
    )


def _page(template: str, shown: Outcome, form: object) -> str:
    return render_template(template, lines=lines(shown), form=form, back=back())
