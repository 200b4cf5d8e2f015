"""Names made to be mistaken for others: letters that look alike, letters swapped."""

import unicodedata
from functools import lru_cache

from dashboard.domain.domains import brand_label, unicode_host

MAX_NAME = 80

# Each letter beside the ones drawn (nearly) like it. Written for this product from the
# look of the letters in common fonts; the Unicode Consortium keeps a far longer list.
_DRAWN = {
    "a": "аɑαạąáàâäãåāăȧɐ４@",
    "b": "ЬЪƅɓ",
    "c": "сϲçćčĉċƈ¢",
    "d": "ԁɗďđḍ",
    "e": "еєҽèéêëēĕėęěẹɛ3",
    "f": "ƒϝ",
    "g": "ɡցğĝģġǥ",
    "h": "һհħĥḥ",
    "i": "іıɩιìíîïīĭįịǐ¡",
    "j": "јʝϳĵ",
    "k": "κкķƙ",
    "l": "ӏǀ1ⅼļľĺŀł|ا",
    "m": "мⅿṃ",
    "n": "ոпņńñňṇŋ",
    "o": "оοσօ0òóôöõøōŏőọơ",
    "p": "рρƥþ",
    "q": "ԛգ",
    "r": "гŗřŕṛ",
    "s": "ѕʂśŝşšșṣ5$",
    "t": "тτţťŧțṭ",
    "u": "υսцùúûüũūŭůűųụưµ",
    "v": "ѵνⅴṿ",
    "w": "ѡωԝŵẁẃẅ",
    "x": "хχⅹ×",
    "y": "уүγýÿŷỳỵ",
    "z": "ᴢźżžẓ",
}
_LETTERS = str.maketrans(
    {drawn: plain for plain, all_ in _DRAWN.items() for drawn in all_}
)
_JOINED = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("nn", "m"))


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """How a name reads at a glance: two names with one skeleton look the same."""
    plain = unicodedata.normalize("NFKC", text[:MAX_NAME].lower()).translate(_LETTERS)
    bare = unicodedata.normalize("NFD", plain)
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    plain = plain.translate(_LETTERS).replace("i", "l")
    for pair, letter in _JOINED:
        plain = plain.replace(pair.replace("i", "l"), letter)
    return plain.replace("-", "")


def is_confusable(name: str, original: str) -> bool:
    """Whether a name differs from another and yet looks the same."""
    return name != original and skeleton(name) == skeleton(original)


@lru_cache(maxsize=8192)
def distance(one: str, other: str, limit: int = 2) -> int:
    """How many letters were changed, added, left out or swapped; `limit + 1` if more.

    The restricted Damerau-Levenshtein distance, within a band of the limit.
    """
    one, other = one[:MAX_NAME], other[:MAX_NAME]
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, _row(one, other, at, letter, row, before)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _row(
    one: str, other: str, at: int, letter: str, above: list[int], second: list[int]
) -> list[int]:
    row = [at]
    for column, mark in enumerate(other, 1):
        cost = min(
            above[column] + 1,
            row[column - 1] + 1,
            above[column - 1] + (letter != mark),
        )
        if (
            second
            and column > 1
            and letter == other[column - 2]
            and mark == one[at - 2]
        ):
            cost = min(cost, second[column - 2] + 1)
        row.append(cost)
    return row


def resembles(host: str, domain: str) -> str:
    """How a host imitates a domain: "confusable", "misspelt" or not at all.

    The labels their owners chose are compared, whatever suffix follows.
    """
    label, original = unicode_host(brand_label(host)), brand_label(domain)
    if not label or label == original or len(original) < 4:
        return ""
    if is_confusable(label, original):
        return "confusable"
    allowed = 1 if len(original) < 8 else 2
    return "misspelt" if distance(label, original, allowed) <= allowed else ""
