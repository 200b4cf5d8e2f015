"""What the trail's events are called where people read them."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from dashboard.services.audit import Event

EVENTS: Final[dict[str, Any]] = {
    Event.SIGN_IN: _("Signed in"),
    Event.SIGN_IN_FAILED: _("Sign-in failed"),
    Event.SIGN_IN_LIMITED: _("Sign-in refused, too many attempts"),
    Event.SIGN_OUT: _("Signed out"),
    Event.SESSION_ENDED: _("Session ended by somebody"),
    Event.SESSION_EXPIRED: _("Session expired"),
    Event.SESSION_REFUSED: _("Session refused"),
    Event.SESSION_MOVED: _("Session used from elsewhere"),
    Event.ACCOUNT_CREATED: _("Account created"),
    Event.ACCOUNT_CHANGED: _("Account changed"),
    Event.ACCOUNT_DEACTIVATED: _("Account deactivated"),
    Event.ACCOUNT_REACTIVATED: _("Account reactivated"),
    Event.ACCOUNT_DELETED: _("Account deleted"),
    Event.ROLE_CHANGED: _("Role changed"),
    Event.PASSWORD_CHANGED: _("Password changed"),
    Event.PASSWORD_REFUSED: _("Password change refused"),
    Event.INVITED: _("Invitation made"),
    Event.INVITATION_ACCEPTED: _("Invitation accepted"),
    Event.INVITATION_WITHDRAWN: _("Invitation withdrawn"),
    Event.FIRST_LINK: _("Link for the first administrator made"),
    Event.UPLOAD_STORED: _("Container handed in"),
    Event.UPLOAD_UNPACKED: _("Container unpacked"),
    Event.UPLOAD_FAILED: _("Container could not be unpacked"),
    Event.ANALYSIS_SUBMITTED: _("Message submitted"),
    Event.ANALYSIS_FINISHED: _("Message examined"),
    Event.ANALYSIS_FAILED: _("Message could not be analysed"),
    Event.ANALYSIS_CANCELLED: _("Message taken back"),
    Event.ANALYSIS_REPEATED: _("Analysis asked for again"),
    Event.ANALYSIS_JUDGED: _("Verdict recorded"),
    Event.ANALYSIS_DELETED: _("Analysis deleted"),
    Event.ORGANISATION_CHANGED: _("Organisation settings changed"),
    Event.PREVIEW_CREATED: _("Organisation settings tried out"),
    Event.FILE_DOWNLOADED: _("File downloaded"),
    Event.INDICATOR_ADDED: _("Indicator added"),
    Event.INDICATOR_CHANGED: _("Indicator changed"),
    Event.INDICATOR_REMOVED: _("Indicator removed"),
    Event.DEMO_LOADED: _("Demonstration set loaded"),
    Event.DEMO_CLEARED: _("Demonstration set removed"),
    Event.ACCESS_REFUSED: _("Access refused"),
    Event.TRAIL_READ: _("Audit trail read"),
    Event.EXPORT_CREATED: _("List exported"),
    Event.EXPORT_FINISHED: _("Export written"),
    Event.EXPORT_DOWNLOADED: _("Export downloaded"),
}
KINDS: Final[dict[str, Any]] = {
    "session": _("Sign-in and sessions"),
    "account": _("Accounts"),
    "invitation": _("Invitations"),
    "analysis": _("Analyses"),
    "upload": _("Uploads"),
    "indicator": _("Indicators"),
    "organisation": _("Organisation settings"),
    "access": _("Refusals"),
    "export": _("Exports"),
    "trail": _("The trail itself"),
    "demo": _("Demonstration"),
}
OBJECTS: Final[dict[str, Any]] = {
    "analysis": _("analysis"),
    "account": _("account"),
    "upload": _("upload"),
    "session": _("session"),
    "indicator": _("indicator"),
    "event": _("event"),
    "export": _("export"),
    "organisation": _("settings"),
    "list": _("list"),
}
# Events after which everything is as it was.
WITHOUT_CHANGE: Final = frozenset(
    {
        *(Event.SIGN_IN_FAILED, Event.SIGN_IN_LIMITED, Event.ACCESS_REFUSED),
        *(Event.FILE_DOWNLOADED, Event.TRAIL_READ, Event.PASSWORD_REFUSED),
        *(Event.EXPORT_CREATED, Event.EXPORT_DOWNLOADED, Event.PREVIEW_CREATED),
    }
)
# Events after which their object has no page any more.
ENDS: Final = frozenset(
    {Event.ACCOUNT_DELETED, Event.ANALYSIS_DELETED, Event.INDICATOR_REMOVED}
)
