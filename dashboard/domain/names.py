"""Names people sign in with: one spelling for what looks or sorts the same."""

import re
import unicodedata
from typing import Final

from dashboard.domain.findings import Sentence

USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]{1,64}@[a-z0-9.-]{1,253}")


class BadName(ValueError):
    """The name is not accepted; the text says what to do."""


def folded(name: str) -> str:
    """Compatibility forms unified, case folded, surrounding and hidden space gone."""
    plain = unicodedata.normalize("NFKC", name[:400]).casefold()
    shown = (c for c in plain if unicodedata.category(c) not in ("Cf", "Cc"))
    return "".join(shown).strip()


def shown(name: str) -> str:
    """A name as it is shown: no control characters, no space around it."""
    plain = unicodedata.normalize("NFC", name[:400])
    seen = (c for c in plain if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(seen).split())


def username(name: str) -> str:
    """The stored form of a user name, or `BadName`."""
    found = folded(name)
    if not USERNAME.fullmatch(found):
        raise BadName(
            Sentence("Use 2 to 63 letters, digits, dots, dashes or underscores.")
        )
    return found


def email(address: str) -> str:
    """The stored form of an address, or `BadName`."""
    found = folded(address)
    if not EMAIL.fullmatch(found):
        raise BadName(Sentence("This is not an e-mail address."))
    return found
