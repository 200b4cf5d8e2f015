"""JSON that stays JSON, whatever somebody takes it for."""

from typing import Any, Final

from flask import Flask
from flask.json.provider import DefaultJSONProvider

# They stand in texts alone, where their escapes mean the same.
ESCAPED: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Provider(DefaultJSONProvider):
    """Writes no character that could begin an element of a page."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs).translate(ESCAPED)


def init_app(app: Flask) -> None:
    """Have every JSON answer written this way."""
    app.json = Provider(app)
