"""Who may do what: roles are named sets of permissions."""

from enum import StrEnum


class Permission(StrEnum):
    """Something a person may be allowed to do. Routes name one each."""

    SUBMIT_MESSAGES = "submit messages"
    READ_OWN_ANALYSES = "read their own analyses"
    READ_ANALYSES = "read the organisation's analyses"
    READ_BODIES = "read message bodies"
    JUDGE_ANALYSES = "record verdicts"
    RERUN_ANALYSES = "analyse again"
    DOWNLOAD_FILES = "download messages and attachments"
    DELETE_ANALYSES = "delete analyses"
    READ_INDICATORS = "read threat indicators"
    EDIT_INDICATORS = "add and change threat indicators"
    EXPORT_LISTS = "export lists"
    READ_AUDIT = "read the audit trail"
    READ_HEALTH = "read detailed health"
    WRITE_RULES = "write rules"
    APPROVE_ACTIONS = "approve mass actions"
    EDIT_SETTINGS = "change what the organisation says of itself"
    MANAGE_USERS = "manage users"
    MANAGE_SESSIONS = "see and end the sessions of others"


class Role(StrEnum):
    """A named set of permissions."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    LAB = "lab"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def permissions(self) -> frozenset[Permission]:
        return GRANTED[self]


_OWN = {
    Permission.SUBMIT_MESSAGES,
    Permission.READ_OWN_ANALYSES,
    Permission.READ_BODIES,
    Permission.READ_HEALTH,
}
_ANALYST = _OWN | {
    Permission.READ_ANALYSES,
    Permission.JUDGE_ANALYSES,
    Permission.RERUN_ANALYSES,
    Permission.DOWNLOAD_FILES,
    Permission.READ_INDICATORS,
    Permission.EDIT_INDICATORS,
    Permission.EXPORT_LISTS,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset(_OWN),
    Role.ANALYST: frozenset(_ANALYST),
    Role.LAB: frozenset(_ANALYST | {Permission.WRITE_RULES}),
    Role.MANAGER: frozenset(
        _ANALYST
        | {
            Permission.APPROVE_ACTIONS,
            Permission.DELETE_ANALYSES,
            Permission.EDIT_SETTINGS,
        }
    ),
    Role.AUDITOR: frozenset(
        {Permission.READ_AUDIT, Permission.EXPORT_LISTS, Permission.READ_HEALTH}
    ),
    Role.ADMIN: frozenset(Permission),
}
