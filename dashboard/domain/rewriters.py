"""Links that security gateways and large sites wrap around other links, unwrapped."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from dashboard.domain.charsets import clean as clean_text
from dashboard.domain.urls import Url, clean, split

MAX_DEPTH = 5

# Host (or the end of one after a dot), how its path begins, the parameters that carry
# the wrapped URL.
_PARAMETERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("safelinks.protection.outlook.com", "/", ("url",)),
    ("safelinks.protection.office365.us", "/", ("url",)),
    ("safelinks.protection.partner.outlook.cn", "/", ("url",)),
    ("statics.teams.cdn.office.net", "/evergreen-assets/safelinks", ("url",)),
    ("urldefense.proofpoint.com", "/v1/url", ("u",)),
    ("linkprotect.cudasvc.com", "/url", ("a",)),
    ("protect2.fireeye.com", "/", ("u",)),
    ("clicktime.symantec.com", "/", ("u",)),
    ("clicktime.cloud.postoffice.net", "/", ("u",)),
    ("urlsand.esvalabs.com", "/", ("u",)),
    ("urlsand.com", "/", ("u",)),
    ("scanmail.trustwave.com", "/", ("u",)),
    ("link.edgepilot.com", "/s/", ("u",)),
    ("translate.google.com", "/translate", ("u",)),
    ("facebook.com", "/l.php", ("u",)),
    ("linkedin.com", "/redir/redirect", ("url",)),
    ("linkedin.com", "/safety/go", ("url",)),
    ("linkedin.com", "/authwall", ("sessionRedirect",)),
    ("youtube.com", "/redirect", ("q",)),
    ("slack-redir.net", "/link", ("url",)),
    ("duckduckgo.com", "/l/", ("uddg",)),
    ("t.umblr.com", "/redirect", ("z",)),
    ("instagram.com", "/", ("u",)),
    ("googleadservices.com", "/pagead/aclk", ("adurl",)),
    ("g.doubleclick.net", "/", ("adurl", "url")),
    ("vk.com", "/away.php", ("to",)),
    ("steamcommunity.com", "/linkfilter", ("url", "u")),
    ("medium.com", "/r/", ("url",)),
    ("away.vk.com", "/", ("to",)),
)
_BY_HOST: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
for _host, _path, _names in _PARAMETERS:
    _BY_HOST.setdefault(_host, []).append((_path, _names))
_GOOGLE = re.compile(r"(?:[a-z0-9-]+\.){0,2}google\.(?:com|[a-z]{2}|com?\.[a-z]{2})\Z")
_TREND = re.compile(r"(?:[a-z0-9-]+-|(?:[a-z0-9-]+\.)?)ctp\.trendmicro\.com\Z")
_V3_RUN = re.compile(r"\*(\*.)?")
_V3_LENGTHS = {
    letter: 2 + at
    for at, letter in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
}


@lru_cache(maxsize=4096)
def unwrap(url: str) -> str:
    """The URL behind known rewriters, however often wrapped up to five times."""
    current = clean(url)
    # Whatever is wrapped stands in a parameter or is a URL within the URL.
    if "=" not in current and "http" not in current[5:] and "/amp/" not in current:
        return current
    for _ in range(MAX_DEPTH):
        inner = _once(split(current))
        if not inner or inner == current:
            break
        current = inner
    return current


def is_rewritten(url: str) -> bool:
    """Whether a URL belongs to a rewriter that can be undone."""
    return bool(_once(split(clean(url))))


def _once(url: Url) -> str:
    if not url.host:
        return ""
    for rule in _RULES:
        if found := rule(url):
            return clean(clean_text(found))
    return ""


def _by_parameter(url: Url) -> str:
    host = url.host
    while host:
        for path, names in _BY_HOST.get(host, ()):
            if url.path.startswith(path):
                return _absolute(_query(url, names))
        host = host.partition(".")[2]
    return ""


def _google(url: Url) -> str:
    if not _GOOGLE.match(url.host):
        return ""
    if url.path.startswith("/amp/"):
        page = unquote(url.path.removeprefix("/amp/"))
        return _absolute(f"https://{page[2:]}" if page[:2] == "s/" else page)
    if url.path in ("/url", "/imgres", "/aclk"):
        return _absolute(_query(url, ("q", "url", "adurl", "imgurl")))
    return ""


def _proofpoint_v2(url: Url) -> str:
    if url.host != "urldefense.proofpoint.com" or not url.path.startswith("/v2/url"):
        return ""
    wrapped = _query(url, ("u",))
    return _absolute(unquote(wrapped.replace("-", "%").replace("_", "/")))


def _proofpoint_v3(url: Url) -> str:
    if url.host not in ("urldefense.com", "urldefense.proofpoint.com", "urldefense.us"):
        return ""
    query = f"?{url.query}" if url.query else ""
    path = unquote(url.path) + query
    wrapped, mark, rest = path.removeprefix("/v3/__").rpartition("__;")
    if not mark or not path.startswith("/v3/__"):
        return ""
    removed = list(_urlsafe(rest.partition("!")[0]).decode("utf-8", "replace"))

    def put_back(run: re.Match[str]) -> str:
        count = _V3_LENGTHS.get(run[1][1], 1) if run[1] else 1
        taken, removed[:count] = removed[:count], []
        return "".join(taken)

    return _absolute(_V3_RUN.sub(put_back, wrapped))


def _bing(url: Url) -> str:
    if url.host not in ("www.bing.com", "bing.com") or url.path != "/ck/a":
        return ""
    return _absolute(_urlsafe(_query(url, ("u",))[2:]).decode("utf-8", "replace"))


def _sophos(url: Url) -> str:
    if not url.host.endswith(".protection.sophos.com"):
        return ""
    wrapped = _urlsafe(_query(url, ("u",))).decode("utf-8", "replace")
    return _absolute(wrapped) or _domain_only(_query(url, ("d",)))


def _mimecast(url: Url) -> str:
    """Mimecast keeps the URL to itself and shows its domain only."""
    if not url.host.endswith((".mimecast.com", ".mimecastprotect.com")):
        return ""
    return _domain_only(_query(url, ("domain",)))


def _cisco(url: Url) -> str:
    if url.host != "secure-web.cisco.com":
        return ""
    # The wrapped URL follows a token, encoded or as it is.
    wrapped = url.path.lstrip("/").partition("/")[2]
    if "/" not in wrapped:
        return _absolute(unquote(wrapped))
    return _absolute(f"{wrapped}?{url.query}" if url.query else wrapped)


def _trend(url: Url) -> str:
    return _absolute(_query(url, ("url",))) if _TREND.match(url.host) else ""


def _inky(url: Url) -> str:
    """Inky shows the domain of what it keeps to itself."""
    if not url.host.endswith(".inky.com") or url.path != "/link":
        return ""
    return _domain_only(_query(url, ("domain",)))


def _avanan(url: Url) -> str:
    if not url.host.endswith(("url.avanan.click", ".checkpoint.com")):
        return ""
    whole = f"{url.path}?{url.query}" if url.query else url.path
    _, mark, rest = whole.partition("/___")
    return _absolute(rest.partition("___")[0]) if mark else ""


_RULES: tuple[Callable[[Url], str], ...] = (
    _by_parameter,
    _google,
    _proofpoint_v2,
    _proofpoint_v3,
    _bing,
    _sophos,
    _mimecast,
    _cisco,
    _trend,
    _inky,
    _avanan,
)


def _query(url: Url, names: tuple[str, ...]) -> str:
    query = url.query.replace("&amp;", "&")
    given = dict(reversed(parse_qsl(query, max_num_fields=None)[:50]))
    return next((given[name] for name in names if name in given), "")


def _absolute(text: str) -> str:
    """The text if it is a URL with a host; with a scheme added where it lacks one."""
    candidate = clean(text)
    if candidate.startswith("//"):
        candidate = "https:" + candidate
    url = split(candidate)
    if url.host or url.scheme in ("javascript", "data", "mailto"):
        return candidate
    bare = split("http://" + candidate).host
    return "http://" + candidate if not url.scheme and "." in bare else ""


def _domain_only(domain: str) -> str:
    host = split("https://" + domain).host if domain else ""
    return f"https://{host}/" if "." in host else ""


def _urlsafe(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
