"""A bare Flask page: the columns of the list and one query, and nothing around it.

What the product's list costs is measured beside this page: no sign-in, no session, no
access rules, no headers, no navigation. Served as `bench.plain:app`.
"""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from pymongo import MongoClient

from dashboard.documents.analysis import LIST_FIELDS

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

app = Flask(__name__)
app.jinja_loader = DictLoader({"plain.html": PAGE})
since = datetime.fromisoformat(os.environ["PLAIN_SINCE"])  # about forty rows back
client: MongoClient[dict[str, Any]] = MongoClient(
    os.environ["MONGODB_URI"], tz_aware=True
)
collection = client[os.environ["MONGODB_DATABASE"]]["email_analyses"]


@app.get("/")
def index() -> str:
    """Show the newest rows."""
    window = {"received_at": {"$gte": since, "$lte": datetime.now(UTC)}}
    newest = [("received_at", -1), ("_id", -1)]
    found = collection.find(window, FIELDS).sort(newest).limit(25)
    return render_template("plain.html", rows=list(found))


@app.get("/<analysis_id>")
def show(analysis_id: str) -> str:
    """Give the links of the list something to point at."""
    return analysis_id
