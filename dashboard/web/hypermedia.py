"""Answering a browser with a page, and htmx with a part of one."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request

DECIDING_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_fragment() -> bool:
    """Whether htmx asked to replace part of the page it is showing.

    A boosted link and a history restore also come from htmx, but both replace the
    whole body and so need the whole page.
    """
    is_htmx, boosted, restoring = (
        request.headers.get(name) == "true" for name in DECIDING_HEADERS
    )
    return is_htmx and not (boosted or restoring)


def wants_json() -> bool:
    """Whether the asker is a program: an API path, or JSON preferred over HTML."""
    if request.path.startswith(("/api/", "/health")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def render(page: str, fragment: str, **context: Any) -> Response:
    """Render the fragment if that is all that was asked for, else the page."""
    template = fragment if wants_fragment() else page
    response = make_response(render_template(template, **context))
    response.vary.update(DECIDING_HEADERS)
    return response


def go_to(url: str) -> Response:
    """Send the browser to another page, whoever made the request."""
    if wants_fragment():
        return Response(headers={"HX-Redirect": url})
    return make_response(redirect(url, code=303))


def retarget(response: Response, selector: str) -> Response:
    """Have htmx put the answer elsewhere than it asked for."""
    response.headers["HX-Retarget"] = selector
    response.headers["HX-Reswap"] = "innerHTML"
    return response
