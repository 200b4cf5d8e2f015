"""What the organisation says of itself: changed, and tried out before that."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from dashboard.domain.permissions import Permission
from dashboard.extensions import limiter
from dashboard.services import organisation as service
from dashboard.services import previews
from dashboard.services.organisation import Settings
from dashboard.web import organisation
from dashboard.web.access import permission_required
from dashboard.web.forms.settings import SettingsForm, filled
from dashboard.web.hypermedia import go_to, render
from dashboard.web.identity import actor
from dashboard.web.organisation import Overtaken, mine_or_404, servers, tried
from dashboard.web.sentences import worded

bp = Blueprint("settings", __name__)


@bp.get("/settings/organisation")
@permission_required(Permission.EDIT_SETTINGS)
def edit() -> ResponseReturnValue:
    """Offer the settings as they are, or as they were tried out."""
    settings = service.known()
    if wanted := request.args.get("preview", ""):
        row = mine_or_404(wanted)
        return _page(settings, filled(tried(row), row["version"]))
    return _page(settings, filled(settings.entries(servers()), settings.version))


@bp.post("/settings/organisation")
@permission_required(Permission.EDIT_SETTINGS)
def update() -> ResponseReturnValue:
    """Save the settings; 409 with what was typed if somebody was faster."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(service.known(), form), 422
    version = form.version.data or 0
    try:
        is_new = service.change(form.wanted, servers(), actor(), version=version)
    except service.Changed as error:
        settings = service.known()
        form.admit(worded(error), settings.version)
        theirs = organisation.overtaken(form, settings, version)
        return _page(settings, form, theirs), 409
    flash(_("Saved.") if is_new else _("Nothing was different, so nothing was saved."))
    return go_to(_after())


@bp.post("/settings/organisation/previews")
@permission_required(Permission.EDIT_SETTINGS)
@limiter.limit(organisation.LIMIT, key_func=organisation.owner)
def preview() -> ResponseReturnValue:
    """Have a worker find out which messages would change."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(service.known(), form), 422
    version = form.version.data or 0
    preview_id = previews.begin(form.wanted, actor(), version=version)
    return go_to(url_for(".show", preview_id=preview_id))


@bp.get("/settings/organisation/previews/<preview_id>")
@permission_required(Permission.EDIT_SETTINGS)
def show(preview_id: str) -> ResponseReturnValue:
    """Show what would change. While it is worked out, the part asks for itself."""
    row = mine_or_404(preview_id)
    form = filled(tried(row), row["version"])
    found = organisation.shown(row, form)
    return render("settings/show.html", "settings/_progress.html", preview=found)


def _after() -> str:
    """Where a saved form leads: to the preview it came from, while there is one."""
    preview_id = request.form.get("preview", "")
    if organisation.mine(preview_id):
        return url_for(".show", preview_id=preview_id)
    return url_for(".edit")


def _page(
    settings: Settings, form: SettingsForm, theirs: list[Overtaken] | None = None
) -> str:
    return render_template(
        "settings/edit.html",
        form=form,
        settings=settings,
        entries=organisation.entries_of(form, settings),
        overtaken=theirs or [],
        most=previews.MOST,
    )
