"""Every route of the app, with addresses that can be asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from dashboard.web.access import PUBLIC, policy_of

READS = ("GET",)
WRITES = ("POST", "PUT", "PATCH", "DELETE")
DEFAULTS = {"filename": "dashboard.css", "secret": "guess"}


@dataclass(frozen=True)
class Route:
    """One method of one rule, as a walk asks for it."""

    endpoint: str
    method: str
    url: str
    policy: Any
    arguments: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.endpoint})"

    @property
    def is_public(self) -> bool:
        return self.policy == PUBLIC


def routes(
    app: Flask, methods: tuple[str, ...] = READS + WRITES, **known: str
) -> Iterator[Route]:
    """Each route with these methods; `known` fills in the arguments of rules."""
    rules = list(app.url_map.iter_rules())
    with app.test_request_context():
        built = [
            rule.build(_values(rule, known), append_unknown=False) for rule in rules
        ]
        policies = [policy_of(rule.endpoint) for rule in rules]
    for rule, made, policy in zip(rules, built, policies, strict=True):
        assert made, f"nobody can ask for {rule}"
        for method in sorted(rule.methods & set(methods)):
            arguments = frozenset(rule.arguments)
            yield Route(rule.endpoint, method, made[1], policy, arguments)


def _values(rule: Any, known: dict[str, str]) -> dict[str, str]:
    return {n: known.get(n) or DEFAULTS.get(n, "1") for n in rule.arguments}


def restricted(app: Flask, *methods: str, **known: str) -> list[Route]:
    """The routes a stranger is refused; signing out comes last."""
    wanted = methods or READS + WRITES
    found = [route for route in routes(app, wanted, **known) if not route.is_public]
    return sorted(found, key=lambda route: route.endpoint == "auth.delete")


def ask(browser: Any, route: Route, **options: Any) -> Any:
    """The answer to this browser, read to its end."""
    return browser.client.open(route.url, method=route.method, buffered=True, **options)
