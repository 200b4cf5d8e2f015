"""How gunicorn serves the pages; the command line and GUNICORN_CMD_ARGS win."""

import os
from typing import Any

from dashboard.lifeline import die_with
from dashboard.web import lifecycle

HOST = os.environ.get("API_HOST", "127.0.0.1")
PORT = os.environ.get("API_PORT") or os.environ.get("BACKEND_PORT") or "8000"

bind = f"{HOST}:{PORT}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 8
timeout = 60  # a view that blocks for longer loses its process, and nobody else's
graceful_timeout = 10  # requests under way at a shutdown may finish
keepalive = 5
control_socket_disable = True  # signals suffice; nothing is to lie in the home folder


def post_fork(server: Any, worker: Any) -> None:
    die_with(server.pid)


def post_worker_init(worker: Any) -> None:
    lifecycle.start(worker.app.callable)
