"""Asking the same of one message again costs nothing."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast

from dashboard.domain.message import Message

P = ParamSpec("P")
T = TypeVar("T")
MOST = 2  # answers to one question: each holds its message, which may be large


class _Same:
    """A key that is equal to itself alone: comparing two messages would be slow."""

    __slots__ = ("message",)

    def __init__(self, message: Message) -> None:
        self.message = message

    def __hash__(self) -> int:
        return id(self.message)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.message is other.message


def remembered(
    ask: Callable[Concatenate[Message, P], T],
) -> Callable[Concatenate[Message, P], T]:
    """Keep the last answers of a function that asks something of a message.

    What else it is asked with must be hashable; what it answers must not change.
    """

    @lru_cache(maxsize=MOST)
    def kept(key: _Same, *args: P.args, **kwargs: P.kwargs) -> T:
        return ask(key.message, *args, **kwargs)

    def asked(message: Message, *args: P.args, **kwargs: P.kwargs) -> T:
        return kept(_Same(message), *args, **kwargs)  # type: ignore[arg-type]

    return cast("Callable[Concatenate[Message, P], T]", update_wrapper(asked, ask))
