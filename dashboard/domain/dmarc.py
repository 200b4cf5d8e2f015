"""What a domain asks to be done with mail that is not authentic (RFC 7489)."""

from typing import Final

from dashboard.domain import tags
from dashboard.domain.domains import ascii_host, organisation
from dashboard.domain.lookups import policy_names
from dashboard.domain.message import Message
from dashboard.domain.signatures import Answers
from dashboard.domain.verification import Action, Outcome, Policy

_NEXT: Final = {Action.REJECT: Action.QUARANTINE}


def policy(message: Message, answers: Answers) -> Policy:
    """The policy for the visible sender: the domain's own, else its organisation's."""
    domain = ascii_host(message.sender.domain)
    names = policy_names(message)
    if not domain:
        return Policy("", Action.NONE, is_strict=False)
    if not names:
        return Policy(domain, Action.NONE, is_strict=False, outcome=Outcome.UNASKED)
    for name in names:
        records = answers.get(name)
        if records is None:
            return Policy(
                domain, Action.NONE, is_strict=False, outcome=Outcome.UNANSWERED
            )
        if found := _of_records(records, name.removeprefix("_dmarc."), domain):
            return found
    return Policy("", Action.NONE, is_strict=False)


def _of_records(
    records: tuple[bytes, ...], published: str, domain: str
) -> Policy | None:
    """The one policy among the records; several are none at all (RFC 7489, 6.6.3)."""
    lists = [tags.read(record.decode("ascii", "replace")) for record in records]
    found = [each for each in lists if each.get("v") == "DMARC1"]
    if len(found) != 1:
        return None
    told = found[0]
    is_below = domain != published and published == organisation(domain)
    asked = told.get("sp", told.get("p", "")) if is_below else told.get("p", "")
    action = _action(asked, told.get("pct", "100"))
    return Policy(published, action, told.get("adkim", "r").lower() == "s")


def _action(asked: str, share: str) -> Action:
    """What is asked for; what is asked for a share of the mail counts one less."""
    try:
        action = Action(asked.lower())
    except ValueError:
        return Action.NONE
    return action if share == "100" else _NEXT.get(action, Action.NONE)
