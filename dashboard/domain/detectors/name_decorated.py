"""A sender's name made of signs and pictures, to catch the eye and name nobody."""

import re
import unicodedata
from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import of_name

RULE = "name-decorated"
MOST_TEXT = 200  # characters of a name
FEWEST_PICTURES = 2  # a shop may put one beside its name
# Hashtags, nicknames with one line in them and divided titles are ordinary.
_MARKS = frozenset("_*~|^#\\")
_SIGNS = re.compile(r"^[_*~|^\\]|^#.*[#*_~]$|[*#~|^\\]{2}|[*#~|^\\_]{3}")
_PICTURES = frozenset({"So", "Co", "Cn"})
_ALARMS = frozenset("⚠❗❕‼⛔🚫🚨❌✅✔⏳⌛🔔🔴📢💰🏆🎰")  # no shop needs them
_PLAIN = frozenset("★☆✦✧✩✪✫✯✶✸✿❀❁◆◇●○■□♪♫☼☀☘❖•")  # one on each side frames a shop
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_JOINED = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]?\u200d.")  # drawn as one picture
_TRADE = frozenset("®™©℠°№")
_LOST = frozenset("?\ufffd")  # what stands where a mail program could not read a name
# Stars and notes are ordinary beside names in these scripts.
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report a name without a letter, between signs or beside pictures of alarm."""
    name = message.sender.name.strip()[:MOST_TEXT]
    if not name:
        return
    if not any(map(str.isalnum, name)):
        if _LOST.issuperset(name.replace(" ", "")):
            return
        said = Sentence("The sender's name is “%(name)s”: not a single letter.")
    elif _is_signed(name) or _is_pictured(name):
        said = Sentence("The sender's name “%(name)s” is decorated with signs.")
    else:
        return
    shown = of_name(message, message.sender, expected="a name")
    yield Finding(RULE, said.filled(name=name[:40]), (shown,))


def _is_signed(name: str) -> bool:
    return not _MARKS.isdisjoint(name) and _SIGNS.search(name) is not None


def _is_pictured(name: str) -> bool:
    if name.isascii() or _EASTERN.search(name):
        return False
    if not _ALARMS.isdisjoint(name):
        return True
    drawn = _JOINED.sub("", _FLAG.sub("⚑", name))
    pictures = [c for c in drawn if unicodedata.category(c) in _PICTURES]
    shown = [c for c in pictures if c not in _TRADE]
    is_framed = shown == [name[0], name[-1]] and _PLAIN.issuperset(shown)
    return len(shown) >= FEWEST_PICTURES and not is_framed
