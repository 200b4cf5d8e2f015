"""One test for a claim about many things of a kind, which names each that fails it."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

Check = Callable[..., None]


def each(
    argument: str, things: Iterable[Any], name: Callable[[Any], object] = str
) -> Callable[[Check], Check]:
    """Give `check` every one of the things as `argument`; what else it takes stays.

    For claims that cost less to check than a test of their own costs to report.
    """
    every = tuple(things)

    def of(check: Check) -> Check:
        asked = inspect.signature(check)
        rest = [known for known in asked.parameters.values() if known.name != argument]

        @wraps(check)
        def of_all(*args: Any, **named: Any) -> None:
            assert every, "there is nothing to check"
            failed = [
                f"{name(thing)}: {fault}"
                for thing in every
                if (fault := fault_of(check, *args, **{argument: thing}, **named))
            ]
            assert not failed, "\n" + "\n".join(failed)

        of_all.__signature__ = asked.replace(parameters=rest)  # type: ignore[attr-defined]
        return of_all

    return of


def fault_of(check: Check, *args: Any, **named: Any) -> str:
    """Why the claim does not hold; "" when it does."""
    try:
        check(*args, **named)
    except AssertionError as error:
        return str(error) or "does not hold"
    return ""
