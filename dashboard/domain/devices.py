"""What somebody signed in with, read from what their browser says of itself."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_AGENT: Final = 400


class Kind(StrEnum):
    """What sort of thing it is."""

    DESKTOP = "desktop"
    PHONE = "phone"
    TABLET = "tablet"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser or program, and what it runs on; empty where it does not say."""

    browser: str
    system: str
    kind: Kind


# In this order: each names itself beside those it descends from.
BROWSERS: Final = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|OPT|Opera)/")),
    ("Vivaldi", re.compile(r"\bVivaldi/")),
    ("Yandex Browser", re.compile(r"\bYaBrowser/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("DuckDuckGo", re.compile(r"\b(?:DuckDuckGo|Ddg)/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chromium", re.compile(r"\bChromium/")),
    ("Chrome", re.compile(r"\b(?:HeadlessChrome|Chrome|CriOS)/")),
    ("Safari", re.compile(r"\bVersion/\S+ (?:Mobile/\S+ )?Safari/")),
    ("Internet Explorer", re.compile(r"\b(?:MSIE |Trident/)")),
)
SYSTEMS: Final = (
    ("iPad", Kind.TABLET, re.compile(r"\biPad\b")),
    ("iPhone", Kind.PHONE, re.compile(r"\b(?:iPhone|iPod)\b")),
    ("Android", Kind.PHONE, re.compile(r"\bAndroid\b.*\bMobile\b")),
    ("Android", Kind.TABLET, re.compile(r"\bAndroid\b")),
    ("Windows", Kind.DESKTOP, re.compile(r"\bWindows NT\b")),
    ("ChromeOS", Kind.DESKTOP, re.compile(r"\bCrOS\b")),
    ("macOS", Kind.DESKTOP, re.compile(r"\bMacintosh\b")),
    ("Linux", Kind.DESKTOP, re.compile(r"\bLinux\b")),
    ("BSD", Kind.DESKTOP, re.compile(r"\b(?:Free|Open|Net)BSD\b")),
)
PROGRAM: Final = re.compile(r"([A-Za-z][\w.+ -]{0,39})/")


def device(user_agent: str) -> Device:
    """What a browser says it is. Anybody can claim anything; it is shown, no more."""
    claimed = user_agent[:MAX_AGENT]
    browser = next((name for name, mark in BROWSERS if mark.search(claimed)), "")
    if not browser:
        named = PROGRAM.match(claimed)
        is_page_reader = claimed.startswith("Mozilla/")
        return Device(
            named[1].strip() if named and not is_page_reader else "", "", Kind.PROGRAM
        )
    for system, kind, mark in SYSTEMS:
        if mark.search(claimed):
            return Device(browser, system, kind)
    return Device(browser, "", Kind.DESKTOP)
