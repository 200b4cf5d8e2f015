"""A form in the mail itself that sends what is typed to the attacker."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Field, Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

FORM_RULE = "form-in-body"
SECRETS_RULE = "form-password"
_TYPED = frozenset({"text", "email", "password", "tel", "number", "textarea", ""})


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report fields to type into in the body, and password fields anywhere."""
    typed = [
        entry
        for page in message.html
        if page.is_body
        for entry in page.fields
        if entry.kind.lower() in _TYPED
    ]
    if len(typed) > 1 or any(_is_personal(entry) for entry in typed):
        yield _finding(
            message, FORM_RULE, typed, Sentence("The mail itself is a form.")
        )
    secret = [
        entry
        for page in message.html
        for entry in page.fields
        if entry.kind.lower() == "password"
    ]
    if secret:
        summary = Sentence("A page in the mail asks for a password.")
        yield _finding(message, SECRETS_RULE, secret, summary)


def _is_personal(entry: Field) -> bool:
    """Whether a lone field is more than the search box of a newsletter."""
    return entry.kind.lower() in {"email", "password", "tel"}


def _finding(
    message: Message, rule: str, fields: list[Field], summary: Sentence
) -> Finding:
    evidence = (
        sighting(message, entry.place, entry.kind, "no form")
        for entry in fields[:MOST_EVIDENCE]
    )
    return Finding(rule, summary, tuple(evidence))
