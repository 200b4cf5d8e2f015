"""Asking the same of one message again costs nothing."""

from collections.abc import Callable
from functools import update_wrapper
from inspect import signature
from typing import TypeVar, TypeVarTuple

from dashboard.domain.message import Message

Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def remembered(
    ask: Callable[[Message, *Ts], T],
) -> Callable[[Message, *Ts], T]:
    """Keep the answers of a function that asks something of a message, in it.

    What else it is asked with must be hashable; what it answers must not change.
    """

    def asked(message: Message, *args: *Ts) -> T:
        answer: T
        question = (ask, *args)
        try:
            answer = message.answers[question]
        except KeyError:
            answer = message.answers[question] = ask(message, *args)
        return answer

    def asked_alone(message: Message) -> T:
        answer: T
        try:
            answer = message.answers[ask]
        except KeyError:
            answer = message.answers[ask] = ask(message)  # type: ignore[call-arg]
        return answer

    is_alone = len(signature(ask).parameters) == 1
    return update_wrapper(asked_alone if is_alone else asked, ask)  # type: ignore[return-value]
