"""The front page: what waits, what came in, and whether all is well."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.domain.permissions import Permission
from dashboard.web.access import permission_required
from dashboard.web.overview_views import sheet

bp = Blueprint("overview", __name__)


@bp.get("/overview")
@permission_required(Permission.READ_OWN_ANALYSES)
def index() -> ResponseReturnValue:
    """Show the state of things, as far as this reader may see it."""
    return render_template("overview/index.html", sheet=sheet(current_user))
