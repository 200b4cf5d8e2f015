"""Asking the same of one message again costs nothing."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Final, TypeVar, TypeVarTuple

from dashboard.domain.message import Message

Ts = TypeVarTuple("Ts")
T = TypeVar("T")
_UNASKED: Final = object()


def remembered(
    ask: Callable[[Message, *Ts], T],
) -> Callable[[Message, *Ts], T]:
    """Keep the answers of a function that asks something of a message, in it.

    What else it is asked with must be hashable; what it answers must not change.
    """

    def asked(message: Message, *args: *Ts) -> T:
        question = (ask, *args) if args else ask
        answer: T = message.answers.get(question, _UNASKED)
        if answer is _UNASKED:
            answer = message.answers[question] = ask(message, *args)
        return answer

    return update_wrapper(asked, ask)
