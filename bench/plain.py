"""A bare Flask page: the table of the list and one query, and nothing around it.

What the product's list costs is measured beside this page: no sign-in, no session, no
access rules, no headers, no navigation, no filters. `/same` shows the product's own
table, `/` one of the same columns in plain HTML. Served as `bench.plain:app`.
"""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from pymongo import MongoClient

from dashboard.config import ROOT
from dashboard.documents.analysis import LIST_FIELDS
from dashboard.web import listing, templating

FIELDS = dict.fromkeys(LIST_FIELDS, 1)
PAGE = """<!doctype html>
<html lang="en"><head><title>Analyses</title>
<link rel="stylesheet" href="/static/dashboard.css"></head><body><main>
<table><caption>Analyses, newest first</caption>
<thead><tr><th>Received</th><th>Sender</th><th>Subject</th><th>Level</th>
<th>Verdict</th><th>Top signal</th><th>Owner</th><th>Status</th></tr></thead><tbody>
{% for row in rows %}
<tr id="row-{{ row._id }}">
<td><time datetime="{{ row.received_at.isoformat() }}"
title="{{ row.received_at.strftime('%Y-%m-%d %H:%M:%S UTC') }}">
{{ row.received_at.strftime('%Y-%m-%d %H:%M') }}</time></td>
<td>{{ row.sender_name }} <small>{{ row.sender }}</small></td>
<td><a href="{{ url_for('show', analysis_id=row._id) }}">{{ row.subject }}</a></td>
<td><span class="badge level-{{ row.threat_level }}">{{ row.threat_level }}</span>
{{ '%.0f' | format((row.confidence_score or 0) * 100) }}</td>
<td>{{ row.verdict or '' }}</td>
<td>{{ row.analysis_results.top_signal or '' }}</td>
<td>{{ row.owner or 'nobody' }}</td>
<td>{{ row.status }}</td></tr>
{% endfor %}
</tbody></table></main></body></html>
"""

SAME = """<!doctype html>
<html lang="en"><head><title>Analyses</title>
<link rel="stylesheet" href="/static/dashboard.css"></head><body><main>
<table class="table"><caption>Analyses, newest first</caption>
<thead><tr><th>Level</th><th>Sender</th><th>Subject</th><th>Top signal</th>
<th>Received</th><th>Owner</th><th>Verdict</th><th>Status</th></tr></thead><tbody>
{% include "analyses/_lines.html" %}
</tbody></table></main></body></html>
"""

app = Flask(__name__, template_folder=str(ROOT / "templates"))
Babel(app)
templating.init_app(app)
own = DictLoader({"plain.html": PAGE, "same.html": SAME})
app.jinja_loader = ChoiceLoader([own, FileSystemLoader(ROOT / "templates")])
since = datetime.fromisoformat(os.environ["PLAIN_SINCE"])  # about forty rows back
client: MongoClient[dict[str, Any]] = MongoClient(
    os.environ["MONGODB_URI"], tz_aware=True
)
collection = client[os.environ["MONGODB_DATABASE"]]["email_analyses"]


@app.get("/")
def index() -> str:
    """Show the newest rows in plain HTML."""
    return render_template("plain.html", rows=newest())


@app.get("/same")
def same() -> str:
    """Show the newest rows as the product does."""
    lines = listing.lines_of(newest())
    return render_template("same.html", listing={"lines": lines}, here="/analyses")


@app.get("/analyses", endpoint="analyses.index")
@app.get("/<analysis_id>")
def show(analysis_id: str = "") -> str:
    """Give the links of the list something to point at."""
    return analysis_id


def newest() -> list[dict[str, Any]]:
    """The one query."""
    window = {"received_at": {"$gte": since, "$lte": datetime.now(UTC)}}
    order = [("received_at", -1), ("_id", -1)]
    return list(collection.find(window, FIELDS).sort(order).limit(25))
