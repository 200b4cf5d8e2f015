"""Things tests need, each with a sensible value for what the test does not name."""

import secrets
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from bson import ObjectId
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from pymongo.client_session import ClientSession

from dashboard.documents import counters
from dashboard.documents.analysis import facets_of
from dashboard.documents.connection import database, now
from dashboard.documents.session import facets_of as facets_of_session
from dashboard.documents.transactions import transact
from dashboard.documents.user import Account
from dashboard.documents.user import facets_of as facets_of_user
from dashboard.domain import passwords
from dashboard.domain.permissions import Role
from dashboard.services import analyses, sessions
from dashboard.services.analyses import Submission
from dashboard.services.audit import Actor
from dashboard.services.sessions import Lifetimes
from tests.browser import Browser

PASSWORD = "correct horse battery staple"
HASHED = passwords.hashed(PASSWORD)  # once: it takes its time on purpose
LIMIT = 25 * 1024 * 1024
# What the test client says of itself; a session goes on with the same alone.
AGENT = f"Werkzeug/{version('werkzeug')}"
LONG = Lifetimes(timedelta(hours=24), timedelta(hours=12))
_COUNT = iter(range(1, 10**9))


def account(role: str = "analyst", **fields: Any) -> Account:
    """A stored account with that role; its password is `PASSWORD`."""
    name = fields.pop("username", f"{role}-{next(_COUNT)}")
    row = {
        "_id": ObjectId(),
        "username": name,
        "email": f"{name}@example.org",
        "full_name": "",
        "hashed_password": HASHED,
        "role": Role(role).value,
        "is_active": True,
        "is_verified": True,
        "time_zone": "",
        "theme": "system",
        "language": "en",
        "density": "comfortable",
        "invited_at": None,
        "version": 1,
        "created_at": now(),
        "updated_at": now(),
        "last_login": None,
        **fields,
    }
    row["facets"] = facets_of_user(row)
    database()["users"].insert_one(row)
    return Account.from_row(row)


def signed_in(app: Flask, role: str, **fields: Any) -> Browser:
    """A browser in which a new account with that role is signed in.

    It knows the token of its forms; a browser that fills in the sign-in form learns
    its own from a page, as people do.
    """
    browser = Browser(app.test_client())
    browser.account = account(role, **fields)
    signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
    with browser.client.session_transaction() as session:
        session["sid"] = begin_session(browser.account)
        session["csrf_token"] = secrets.token_hex()
        browser.token = str(signer.dumps(session["csrf_token"]))
    return browser


def sign_in(browser: Browser, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form."""
    browser.post("/login", data={"login": username, "password": password})
    browser.token = ""  # a new session has a new one


def begin_session(owner: Account, *, agent: str = AGENT, **fields: Any) -> str:
    """Store a running session of that account; return its secret.

    Without what else a sign-in writes: most tests begin with somebody signed in.
    """
    secret = secrets.token_urlsafe(32)
    at = now()
    row = {
        "_id": ObjectId(),
        "session_id": sessions._digest(secret),
        "user_id": owner.id,
        "username": owner.username,
        "ip_address": "127.0.0.1",
        "user_agent": agent,
        "method": "password",
        "created_at": at,
        "expires_at": at + LONG.absolute,
        "last_seen": at,
        "active": True,
        "ended_at": None,
        "ended_by": "",
        "ended_why": "",
        **fields,
    }
    row["facets"] = facets_of_session(row)
    database()["persistent_sessions"].insert_one(row)
    return secret


def eml(
    subject: str = "Lunch on Friday", *, body: str = "See you.", **headers: str
) -> bytes:
    """The source of a message; header names are given with underscores."""
    fields = {
        "From": "Facilities <facilities@example.org>",
        "To": "staff@example.org",
        "Subject": subject,
        "Date": "Fri, 20 Nov 2026 10:00:00 +0000",
        "Message-ID": f"<{next(_COUNT)}@example.org>",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return ("\r\n".join([*lines, "", body]) + "\r\n").encode()


def submitted(owner: Account, raw: bytes | None = None, **fields: Any) -> str:
    """A submitted message that waits; returns the id of its analysis."""
    who = Actor(owner.username, owner.id)
    submission = Submission(raw or eml(), fields.pop("source", "upload"), **fields)
    return analyses.submit(submission, who, max_bytes=LIMIT).analysis_id


def later(**delta: float) -> Any:
    """A time after now."""
    return now() + timedelta(**delta)


def examined(by: Account | None = None, /, **fields: Any) -> str:
    """A message as a worker leaves it, with fields of its own; returns its id."""
    at = fields.pop("received_at", None) or now()
    row = {
        "_id": ObjectId(),
        "user_id": by.id if by else "somebody",
        "origin_key": f"made:{next(_COUNT)}",
        "source": "upload",
        "sha256": "0" * 64,
        "size": 1000,
        "file_name": "message.eml",
        "gmail_message_id": None,
        "subject": "Lunch on Friday",
        "sender": "facilities@example.org",
        "sender_name": "Facilities",
        "recipient": "staff@example.org",
        "received_at": at,
        "status": "done",
        "threat_level": "safe",
        "verdict": "clean",
        "confidence_score": 0.02,
        "analysis_results": {"links": 0, "attachments": 0, "top_rule": ""},
        "detected_threats": [],
        "analyzer_version": "2026.11.3",
        "run": 1,
        "failure": "",
        "decision": {},
        "owner": "",
        "version": 1,
        "revision": 1,
        "created_at": at,
        "updated_at": at,
        **fields,
    }
    row["facets"] = facets_of(row)

    def store(session: ClientSession) -> None:
        database()["email_analyses"].insert_one(row, session=session)
        counters.change(at, come=row["facets"], received=1, session=session)

    transact(store)
    return str(row["_id"])
