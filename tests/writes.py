"""Every route that writes: how a write succeeds, and the events it leaves then.

A route that is added is added here as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from dashboard.documents.connection import database as stored
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat
from dashboard.domain.permissions import Role
from dashboard.services import accounts, indicators, invitations
from dashboard.services.audit import COMMAND, Event
from dashboard.services.indicators import Told
from tests import factories
from tests.browser import Browser
from tests.web.examined import SMUGGLER
from tests.web.examined import examined as read

Given = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """One write that succeeds: its events, its form, what it is for, and by whom."""

    events: list[Event]
    form: Given | Callable[[], Given] = field(default_factory=dict)
    arguments: Callable[[Browser], Given] = lambda _browser: {}
    role: str = "admin"  # "" is a stranger
    status: int = 303


def waiting(browser: Browser) -> Given:
    return {"analysis_id": factories.submitted(browser.account)}


def examined(browser: Browser) -> Given:
    return {"analysis_id": factories.examined(browser.account)}


def with_file(browser: Browser) -> Given:
    """A message that was read, and the hash of what is attached to it."""
    analysis_id = read(browser.account, SMUGGLER)
    (archive,) = stored()["attachment_archives"].find({})
    return {"analysis_id": analysis_id, "sha256": archive["_id"]}


def first_link(_browser: Browser) -> Given:
    return {"secret": accounts.new_first_link()}


def invitation(_browser: Browser) -> Given:
    made = {"username": "invited", "email": "invited@example.org"}
    _id, secret = invitations.invite(**made, role=Role.ANALYST, actor=COMMAND)
    return {"secret": secret}


def open_invitation(_browser: Browser) -> Given:
    made = {"username": "waiting", "email": "waiting@example.org"}
    user_id, _secret = invitations.invite(**made, role=Role.ANALYST, actor=COMMAND)
    return {"user_id": user_id}


def somebody(_browser: Browser) -> Given:
    return {"user_id": factories.account("viewer").id}


def somebody_signed_in(_browser: Browser) -> Given:
    other = factories.account("viewer")
    factories.begin_session(other)
    return {"user_id": other.id}


def somebody_shut_out(_browser: Browser) -> Given:
    return {"user_id": factories.account("viewer", is_active=False).id}


def somebody_never_there(_browser: Browser) -> Given:
    nobody = factories.account("viewer", is_active=False, hashed_password="")
    return {"user_id": nobody.id}


def another_session(browser: Browser) -> Given:
    factories.begin_session(browser.account)
    newest = {"user_id": browser.account.id}
    row = stored()["persistent_sessions"].find_one(newest, sort=[("_id", -1)])
    return {"session_id": str(row["_id"])}


def on_record(_browser: Browser) -> Given:
    told = Told(Threat.PHISHING, Level.HIGH, 0.8, "desk")
    added = indicators.add(Kind.DOMAIN, "evil.example", told, COMMAND)
    return {"indicator_id": str(added)}


def files() -> Given:
    return {"messages": (BytesIO(factories.eml()), "a.eml")}


def two_chosen() -> Given:
    return {"id": [f"{factories.examined()}.1" for _ in range(2)]}


def signing_in() -> Given:
    name = factories.account("analyst").username
    return {"login": name, "password": factories.PASSWORD}


FIRST = {
    "username": "first",
    "email": "first@example.org",
    "full_name": "First",
    "password": factories.PASSWORD,
}

ANOTHER = "a rather different passphrase"
REASON = {"reason": "asked by the desk", "version": 1}

SAID = {
    "threat_type": "phishing",
    "threat_level": "high",
    "confidence_score": "0.8",
    "source": "desk",
}

OURS = {"own_domains": "example.org", "executives": "Chief Executive", "version": 0}

EXPECTED = {
    "analyses.create": Write([Event.ANALYSIS_SUBMITTED], files),
    "api.create": Write([Event.ANALYSIS_SUBMITTED], files, status=201),
    "api_indicators.create": Write(
        [Event.INDICATOR_ADDED], {**SAID, "indicator": "evil.example"}, status=201
    ),
    "api_indicators.update": Write(
        [Event.INDICATOR_CHANGED], {"threat_level": "critical"}, on_record, status=200
    ),
    "api_indicators.delete": Write(
        [Event.INDICATOR_REMOVED], REASON, on_record, status=204
    ),
    "api_users.create": Write(
        [Event.INVITED],
        {"username": "new", "email": "new@example.org", "role": "analyst"},
        status=201,
    ),
    "api_users.update": Write(
        [Event.ROLE_CHANGED], {"role": "analyst", **REASON}, somebody, status=200
    ),
    "api_users.deactivate": Write(
        [Event.SESSION_ENDED, Event.ACCOUNT_DEACTIVATED],
        REASON,
        somebody_signed_in,
        status=200,
    ),
    "api_users.reactivate": Write(
        [Event.ACCOUNT_REACTIVATED], REASON, somebody_shut_out, status=200
    ),
    "api_users.delete": Write(
        [Event.ACCOUNT_DELETED], REASON, somebody_never_there, status=204
    ),
    "analyses.cancel": Write([Event.ANALYSIS_CANCELLED], arguments=waiting),
    "analyses.judge": Write(
        [Event.ANALYSIS_JUDGED], {"verdict": "unsure", "version": 1}, examined
    ),
    "analyses.repeat": Write([Event.ANALYSIS_REPEATED], arguments=examined),
    "analyses.download_message": Write(
        [Event.FILE_DOWNLOADED], arguments=waiting, status=200
    ),
    "analyses.download_file": Write(
        [Event.FILE_DOWNLOADED], arguments=with_file, status=200
    ),
    "bulk.repeat": Write([Event.ANALYSIS_REPEATED] * 2, two_chosen),
    "bulk.judge": Write(
        [Event.ANALYSIS_JUDGED] * 2, lambda: {**two_chosen(), "verdict": "unsure"}
    ),
    "bulk.export": Write([Event.EXPORT_CREATED], two_chosen, status=200),
    "bulk.delete": Write(
        [Event.ANALYSIS_DELETED] * 2, lambda: {**two_chosen(), **REASON}
    ),
    "auth.create": Write([Event.SIGN_IN], signing_in, role=""),
    "auth.create_first": Write(
        [Event.ACCOUNT_CREATED, Event.SIGN_IN], FIRST, first_link, role=""
    ),
    "auth.create_invited": Write(
        [Event.INVITATION_ACCEPTED, Event.SIGN_IN],
        {"full_name": "Invited", "password": factories.PASSWORD},
        invitation,
        role="",
    ),
    "auth.delete": Write([Event.SIGN_OUT]),
    "auth.theme": Write([Event.ACCOUNT_CHANGED], {"theme": "dark"}),
    "exports.create": Write(
        [Event.EXPORT_CREATED],
        {"format": "csv"},
        lambda _browser: {"listed": "analyses"},
        status=200,
    ),
    "indicators.create": Write(
        [Event.INDICATOR_ADDED], {**SAID, "indicator": "evil.example"}
    ),
    "indicators.update": Write(
        [Event.INDICATOR_CHANGED],
        {**SAID, "indicator": "evil.example", "threat_level": "critical", "version": 1},
        on_record,
    ),
    "indicators.delete": Write([Event.INDICATOR_REMOVED], REASON, on_record),
    "profile.update": Write(
        [Event.ACCOUNT_CHANGED],
        {
            "full_name": "New name",
            "time_zone": "Europe/Berlin",
            "language": "en",
            "theme": "dark",
            "density": "compact",
        },
    ),
    "profile.change_password": Write(
        [Event.SESSION_ENDED, Event.PASSWORD_CHANGED],
        {"known": factories.PASSWORD, "wanted": ANOTHER, "again": ANOTHER},
        another_session,
    ),
    "sessions.revoke": Write([Event.SESSION_ENDED], arguments=another_session),
    "sessions.revoke_others": Write([Event.SESSION_ENDED], arguments=another_session),
    "settings.update": Write([Event.ORGANISATION_CHANGED], OURS),
    "settings.preview": Write([Event.PREVIEW_CREATED], OURS),
    "users.create": Write(
        [Event.INVITED],
        {"username": "new", "email": "new@example.org", "role": "analyst"},
        status=201,
    ),
    "users.update": Write(
        [Event.ROLE_CHANGED],
        {"email": "a@example.org", "full_name": "A", "role": "analyst", **REASON},
        somebody,
    ),
    "users.deactivate": Write(
        [Event.SESSION_ENDED, Event.ACCOUNT_DEACTIVATED], REASON, somebody_signed_in
    ),
    "users.reactivate": Write([Event.ACCOUNT_REACTIVATED], REASON, somebody_shut_out),
    "users.delete": Write([Event.ACCOUNT_DELETED], REASON, somebody_never_there),
    "users.invite": Write([Event.INVITED], arguments=open_invitation, status=201),
    "users.revoke": Write([Event.SESSION_ENDED], arguments=somebody_signed_in),
}
