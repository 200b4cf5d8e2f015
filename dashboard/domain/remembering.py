"""Asking the same of one message again costs nothing."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast

from dashboard.domain.message import Message

P = ParamSpec("P")
T = TypeVar("T")


def remembered(
    ask: Callable[Concatenate[Message, P], T],
) -> Callable[Concatenate[Message, P], T]:
    """Keep the answers of a function that asks something of a message, in it.

    What else it is asked with must be hashable; what it answers must not change.
    """

    def asked(message: Message, *args: P.args, **kwargs: P.kwargs) -> T:
        question = (ask, args, *kwargs.items())
        answers = message.answers
        if question not in answers:
            answers[question] = ask(message, *args, **kwargs)
        return cast("T", answers[question])

    return cast("Callable[Concatenate[Message, P], T]", update_wrapper(asked, ask))
