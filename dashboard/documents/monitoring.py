"""Watching the database from our side: its state, the pool, and slow commands."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from pymongo import monitoring

logger = logging.getLogger(__name__)

Listener = Any


class _Commands(monitoring.CommandListener):
    """Logs what took too long, as a shape: never the values."""

    def __init__(self) -> None:
        self.slow_ms = 100
        self._commands: dict[int, tuple[str, Mapping[str, Any]]] = {}
        self.observers: list[Callable[[str, str], None]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        name = event.command_name
        collection = event.command.get(name, "")
        target = collection if isinstance(collection, str) else ""
        self._commands[event.request_id] = (target, event.command)
        for observe in self.observers:
            observe(name, target)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._ended(event.request_id, event.command_name, event.duration_micros)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._ended(event.request_id, event.command_name, event.duration_micros)

    def _ended(self, request: int, name: str, micros: int) -> None:
        collection, command = self._commands.pop(request, ("", {}))
        if micros >= self.slow_ms * 1000:
            shape = _shape(command)
            logger.warning(
                "db.slow %s %s %s %d ms", name, collection, shape, micros // 1000
            )


class _Servers(monitoring.ServerHeartbeatListener):
    """Follows whether the database answers its heartbeat."""

    def __init__(self) -> None:
        self.state = "connecting"

    def started(self, event: monitoring.ServerHeartbeatStartedEvent) -> None:
        """Nothing is known yet."""

    def succeeded(self, event: monitoring.ServerHeartbeatSucceededEvent) -> None:
        if self.state == "reconnecting":
            logger.warning("db.reconnected")
        self.state = "connected"

    def failed(self, event: monitoring.ServerHeartbeatFailedEvent) -> None:
        if self.state == "connected":
            logger.warning("db.disconnected")
        self.state = "reconnecting" if self.state != "connecting" else "disconnected"


class _Pool(monitoring.ConnectionPoolListener):
    """Counts connections as they are made, lent and closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def _add(self, name: str, step: int = 1) -> None:
        with self._lock:
            self.counts[name] += step

    def connection_created(self, event: monitoring.ConnectionCreatedEvent) -> None:
        self._add("created")

    def connection_closed(self, event: monitoring.ConnectionClosedEvent) -> None:
        self._add("closed")

    def connection_checked_out(
        self, event: monitoring.ConnectionCheckedOutEvent
    ) -> None:
        self._add("checked_out")
        self._add("waiting", -1)

    def connection_checked_in(self, event: monitoring.ConnectionCheckedInEvent) -> None:
        self._add("checked_out", -1)

    def connection_check_out_started(
        self, event: monitoring.ConnectionCheckOutStartedEvent
    ) -> None:
        self._add("waiting")

    def connection_check_out_failed(
        self, event: monitoring.ConnectionCheckOutFailedEvent
    ) -> None:
        self._add("waiting", -1)
        self._add("refused")

    def connection_ready(self, event: monitoring.ConnectionReadyEvent) -> None:
        """Counted when it is created."""

    def pool_cleared(self, event: monitoring.PoolClearedEvent) -> None:
        self._add("cleared")

    def pool_closed(self, event: monitoring.PoolClosedEvent) -> None:
        """Nothing is left to count."""

    def pool_created(self, event: monitoring.PoolCreatedEvent) -> None:
        """Nothing to count yet."""

    def pool_ready(self, event: monitoring.PoolReadyEvent) -> None:
        """Nothing to count yet."""


class Monitor:
    """What this process has seen of its database."""

    def __init__(self) -> None:
        self._commands = _Commands()
        self._servers = _Servers()
        self._pool = _Pool()

    @property
    def listeners(self) -> list[Listener]:
        return [self._commands, self._servers, self._pool]

    @property
    def state(self) -> str:
        """One of connecting, connected, reconnecting, disconnected."""
        return self._servers.state

    @property
    def pool(self) -> dict[str, int]:
        """Connections made, closed, lent, waited for and refused so far."""
        counts = self._pool.counts
        names = ("created", "closed", "checked_out", "waiting", "refused", "cleared")
        return {name: counts[name] for name in names}

    def slow_after(self, milliseconds: int) -> None:
        """Log commands that take at least this long."""
        self._commands.slow_ms = milliseconds

    def observe(self, observer: Callable[[str, str], None]) -> Callable[[], None]:
        """Tell the observer each command and its collection; returns how to stop."""
        self._commands.observers.append(observer)
        return lambda: self._commands.observers.remove(observer)


def _shape(command: Mapping[str, Any]) -> str:
    """The names of the fields a command asks about, without their values."""
    asked = command.get("filter") or command.get("query") or {}
    if pipeline := command.get("pipeline"):
        asked = {key for stage in pipeline for key in stage.get("$match", {})}
    return ",".join(sorted(asked)) if asked else "-"
