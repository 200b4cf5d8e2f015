"""Every page that is measured, by name; `{receipt}` is an examined analysis."""

from typing import Final, NamedTuple

from bench import around
from bench.around import HOT, analysis_id, identity
from bench.seed import COMMON_DOMAIN, RARE_DOMAIN, RARE_WORD

LIST: Final = "/analyses"
DEEP: Final = 20  # pages before the deep one
OF_A_LIST, OF_A_PAGE = 4, 12  # database commands beside access


class Visit(NamedTuple):
    """A page: its address, how far to turn pages first, what it may ask."""

    path: str
    deep: int = 0
    commands: int = OF_A_LIST


LISTS: Final = {
    "analyses": Visit(LIST),
    "level:critical": Visit(f"{LIST}?level=critical"),
    "level:safe": Visit(f"{LIST}?level=safe"),
    "status:failed": Visit(f"{LIST}?status=failed"),
    "from a common domain": Visit(f"{LIST}?from={COMMON_DOMAIN}"),
    "from a rare domain": Visit(f"{LIST}?from={RARE_DOMAIN}"),
    "since:-7d": Visit(f"{LIST}?since=-7d"),
    "a common word": Visit(f"{LIST}?q=invoice"),
    "a rare word": Visit(f"{LIST}?q={RARE_WORD}"),
    "two words, one level": Visit(f"{LIST}?q=invoice+october&level=safe"),
    "words never together": Visit(f"{LIST}?q=invoice+parcel"),
    "page 21": Visit(LIST, DEEP),
    "page 3, level:safe": Visit(f"{LIST}?level=safe", 2),
    "oldest first": Visit(f"{LIST}?order=oldest"),
    "oldest first, level:safe": Visit(f"{LIST}?order=oldest&level=safe"),
    "oldest first, page 21": Visit(f"{LIST}?order=oldest", DEEP),
    "oldest first, two words": Visit(f"{LIST}?order=oldest&q=invoice+october"),
    "indicators": Visit("/indicators"),
    "indicators, type": Visit("/indicators?type=url"),
    "indicators, level": Visit("/indicators?level=critical"),
    "indicators, source": Visit("/indicators?source=partner-feed"),
    "indicators, tag": Visit("/indicators?tag=campaign"),
    "indicators, two words": Visit("/indicators?q=campaign+partner"),
    "indicators, a host": Visit("/indicators?q=host7.example.net"),
    "indicators, page 21": Visit("/indicators", DEEP),
    "users": Visit("/users"),
    "users, role": Visit("/users?role=viewer"),
    "users, a word": Visit("/users?q=person7"),
    "sessions, all": Visit("/sessions/all"),
    "sessions, ended": Visit("/sessions/all?state=ended"),
    "trail": Visit("/audit"),
    "trail, who": Visit("/audit?who=person7"),
    "trail, action": Visit("/audit?action=analysis:judge"),
    "trail, type": Visit("/audit?type=session"),
    "trail, object": Visit(f"/audit?object={analysis_id(100)}"),
    "trail, address": Visit("/audit?ip=192.0.2.14"),
    "trail, request": Visit(f"/audit?request=req_{100:016x}"),
    "trail, since:-7d": Visit("/audit?since=-7d"),
    "trail, action and who": Visit("/audit?action=analysis:judge&who=person7"),
    "trail, a common word": Visit("/audit?q=users"),
    "trail, a rare word": Visit(f"/audit?q={around.RARE_WORD}"),
    "trail, two common words": Visit("/audit?q=get+users"),
    "trail, never together": Visit("/audit?q=worker+users"),
    "trail, page 21": Visit("/audit", DEEP),
    "uploads": Visit("/uploads"),
}
PAGES: Final = {
    "overview": Visit("/overview", commands=OF_A_PAGE),
    "receipt": Visit(f"{LIST}/{{receipt}}", commands=OF_A_PAGE),
    "submit": Visit(f"{LIST}/new"),
    "indicator, sightings": Visit(f"/indicators/{HOT}"),
    "upload": Visit(f"/uploads/{identity('upload', 0)}"),
    "user": Visit(f"/users/{identity('user', 7)}"),
    "sessions, own": Visit("/sessions"),
    "event": Visit(f"/audit/{identity('event', 100)}"),
    "exports": Visit("/exports"),
    "profile": Visit("/profile"),
    "health": Visit("/health/detailed", commands=OF_A_PAGE),
}
