"""What a program sends, as the text that the forms of the pages are made of."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn, TypeVar

from flask import Response, abort, jsonify, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from dashboard.web.forms import Form

Text = MultiDict[str, str]
Filled = TypeVar("Filled", bound=Form)


class WrongFields(ValueError):
    """Fields there are not, or of another type; `faults` says of each what it is."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__("wrong fields")
        self.faults = dict(faults)


def sent() -> Text:
    """The fields of the request, from JSON or a form; raise `WrongFields`."""
    if not request.is_json:
        return request.form.copy()
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise WrongFields({"": [str(_("Send a JSON object."))]})
    faults = {name: [_fault(name)] for name, value in told.items() if _is(name, value)}
    if faults:
        raise WrongFields(faults)
    return MultiDict(dict(_READERS[name][2](value) for name, value in told.items()))


def filled_in(kind: type[Filled], known: dict[str, Any]) -> Filled:
    """The form with what is known and, over it, what was sent; 422 for faults."""
    try:
        given = sent()
    except WrongFields as error:
        refuse(error.faults)
    text: MultiDict[str, str] = MultiDict({n: str(v) for n, v in known.items()})
    for name in given:
        text[name] = given[name]
    form = kind(text)
    if request.is_json and (others := set(given) - set(form.data)):
        refuse({name: [_("This cannot be changed.")] for name in others})
    if not form.validate():
        refuse(form.errors)
    return form


def refuse(faults: Mapping[str, Any]) -> NoReturn:
    """Answer 422 with what is wrong with each field."""
    told = {name: list(map(str, said)) for name, said in faults.items()}
    answer: Response = jsonify(message=_("Some fields are not accepted."), errors=told)
    answer.status_code = 422
    abort(answer)


def _is(name: str, value: object) -> bool:
    """Whether a value is a fault."""
    return name not in _READERS or not _READERS[name][0](value)


def _fault(name: str) -> str:
    if name not in _READERS:
        return str(_("There is no such field."))
    return str(_("This has to be %(type)s.", type=_READERS[name][1]))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_tags(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(tag, str) and "," not in tag for tag in value
    )


def _is_notes(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(note, str) and len(note.splitlines()) == 1 for note in value.values()
    )


def _as(name: str) -> Callable[[Any], tuple[str, str]]:
    return lambda value: (name, str(value))


def _tags(value: list[str]) -> tuple[str, str]:
    return "tags", ", ".join(value)


def _notes(value: dict[str, str]) -> tuple[str, str]:
    return "notes", "\n".join(f"{name}: {note}" for name, note in value.items())


_TEXTS: Final = (
    *("indicator", "indicator_type", "threat_type", "threat_level"),
    *("source", "description", "reason"),
    *("username", "email", "full_name", "role"),
)
# For each field: what it may be, how that is called, and its place in a form.
_READERS: Final[dict[str, tuple[Callable[[object], bool], str, Any]]] = {
    **{name: (_is_text, "text", _as(name)) for name in _TEXTS},
    "confidence_score": (_is_number, "a number", _as("confidence_score")),
    "version": (_is_whole, "a whole number", _as("version")),
    "tags": (_is_tags, "a list of texts without commas", _tags),
    "metadata": (_is_notes, "an object of texts of one line", _notes),
}
