"""Health, as JSON for monitors: real probes only."""

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from pymongo.errors import PyMongoError

from dashboard.documents import connection
from dashboard.documents.usage import index_uses
from dashboard.documents.worker import WorkerHeartbeat
from dashboard.domain.permissions import Permission
from dashboard.extensions import csrf
from dashboard.services import queue
from dashboard.web.access import permission_required, public
from dashboard.web.templating import iso

bp = Blueprint("health", __name__)
csrf.exempt(bp)

VERSION = "0.1.0"
NOT_COUNTED = "This database server does not count how often indexes are used."
PARTS = ("Flask", "mongoengine", "pymongo", "celery", "gunicorn")


@bp.get("/health", strict_slashes=False)
@bp.get("/health/", strict_slashes=False)
@public
def index() -> ResponseReturnValue:
    """Say that the web process answers, and which version it is."""
    return jsonify(status="ok", version=VERSION, timestamp=_timestamp())


@bp.get("/health/ping")
@public
def ping() -> ResponseReturnValue:
    """Answer a load balancer without asking anybody else."""
    return "pong", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/health/live")
@public
def live() -> ResponseReturnValue:
    """Say that this process is alive. Never asks the database."""
    return jsonify(status="alive", timestamp=_timestamp())


@bp.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """Say whether requests can be served: 503 without database or while stopping."""
    if current_app.extensions.get("stopping"):
        return jsonify(status="stopping", database="unknown", worker="unknown"), 503
    if not connection.is_reachable():
        return jsonify(status="unavailable", database="down", worker="unknown"), 503
    is_working = WorkerHeartbeat.is_any_alive(connection.now())
    status = "ok" if is_working else "degraded"
    worker = "ok" if is_working else "missing"
    return jsonify(status=status, database="ok", worker=worker)


@bp.get("/health/detailed")
@permission_required(Permission.READ_HEALTH)
def detailed() -> ResponseReturnValue:
    """Show each service with what it answered and how long it took."""
    is_working = WorkerHeartbeat.is_any_alive(connection.now())
    seen = iso(WorkerHeartbeat.last_seen())
    return jsonify(
        status="ok" if is_working else "degraded",
        timestamp=_timestamp(),
        version=VERSION,
        api_version=current_app.extensions["settings"].API_VERSION,
        environment=current_app.extensions["settings"].ENVIRONMENT,
        database=_database(),
        worker={"status": "ok" if is_working else "missing", "last_seen": seen},
        broker=queue.probe(),
        versions={name: version(name) for name in PARTS},
    )


@bp.get("/health/indexes")
@permission_required(Permission.READ_HEALTH)
def indexes() -> ResponseReturnValue:
    """Show how often each index was used, and which ones only cost."""
    found = index_uses()
    is_counted = any(each.uses is not None for each in found)
    return jsonify(
        counted=is_counted,
        note="" if is_counted else NOT_COUNTED,
        unused=[f"{each.collection}.{each.name}" for each in found if each.is_unused],
        indexes=[
            {
                "collection": each.collection,
                "name": each.name,
                "fields": each.fields,
                "uses": each.uses,
                "since": iso(each.since) or None,
                "unused": each.is_unused,
            }
            for each in found
        ],
    )


@bp.get("/api/health/db")
@public
def database() -> ResponseReturnValue:
    """Show the state of the database connection; 503 while there is none."""
    found = _database()
    return jsonify(found), 200 if found["status"] == "ok" else 503


def _database() -> dict[str, Any]:
    pool = {**connection.pool_limits(), **connection.monitor.pool}
    try:
        latency = round(connection.ping(), 2)
    except PyMongoError:
        state = connection.monitor.state
        return {"status": "down", "state": state, "latency_ms": None, "pool": pool}
    state = connection.monitor.state
    return {"status": "ok", "state": state, "latency_ms": latency, "pool": pool}


def _timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
