"""The words a text is found by, written the same way whoever writes them."""

import re
import unicodedata
from typing import Final

MAX_TERMS: Final = 40
MAX_TERM: Final = 40
MAX_TEXT: Final = 4000
WORD: Final = re.compile(r"[^\W_]{2,}")


def terms(text: str) -> list[str]:
    """The words a text is found by: case-folded, compatibility forms unified."""
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()
    words = (word[:MAX_TERM] for word in WORD.findall(folded))
    return list(dict.fromkeys(words))[:MAX_TERMS]
