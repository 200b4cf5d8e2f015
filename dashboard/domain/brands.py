"""Brands deceivers borrow: where they are named, and which domains are theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import re2

from dashboard.domain.domains import ascii_host, brand_label, organisation
from dashboard.domain.phrases import plain_form
from dashboard.domain.rulesets import table

COUNTRY = 2  # letters of a country's top-level domain
MOST_LABELS = 20
MOST_TEXT = 1000  # characters of a name, subject or link text


@dataclass(frozen=True, slots=True)
class Brand:
    """A name people trust and the organisational domains of its owner."""

    key: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    is_word: bool = False  # the name is also an ordinary word

    def owns(self, host: str) -> bool:
        """Whether a host is the owner's, under a country's suffix too."""
        if any(name in self.domains for name in _names(host)):
            return True
        return _label_in_country(host) == brand_label(self.home)

    @property
    def home(self) -> str:
        return self.domains[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """A brand named in a text, and where."""

    brand: Brand
    start: int
    end: int


@cache
def known() -> tuple[Brand, ...]:
    """Every brand of the table."""
    return tuple(
        Brand(
            key,
            tuple(entry["names"]),
            tuple(entry["domains"]),
            entry.get("whole", False),
        )
        for key, entry in table("brands").items()
    )


@lru_cache(maxsize=2048)
def named_in(text: str) -> tuple[Mention, ...]:
    """Find the brands a short text names, first one first."""
    plain = plain_form(text[:MOST_TEXT])
    if len(plain) != len(text[:MOST_TEXT]):
        return _named(plain, len(text))
    return _named(plain, 0)


def mentions(plain: str) -> Iterator[tuple[Brand, int, int]]:
    """Every place where a text in plain form names a brand that is no common word."""
    together, patterns = _patterns()
    for index in sorted(together.Match(plain) or ()):
        brand, pattern = patterns[index]
        if not brand.is_word:
            yield from (
                (brand, *hit.span(1)) for hit in _alone(pattern).finditer(plain)
            )


@lru_cache(maxsize=4096)
def owner_of(host: str) -> Brand | None:
    """The brand a host belongs to, if any."""
    owners = _owners()
    named = next((owners[name] for name in _names(host) if name in owners), None)
    return named or _labels().get(_label_in_country(host))


def _names(host: str) -> list[str]:
    """A host and every domain above it."""
    labels = ascii_host(host).split(".")
    return [".".join(labels[start:]) for start in range(min(len(labels), MOST_LABELS))]


def _label_in_country(host: str) -> str:
    """The label an organisation chose, if it stands under a country's suffix."""
    home = organisation(host)
    is_country = len(home.rpartition(".")[2]) == COUNTRY
    return brand_label(home) if is_country else ""


@cache
def _owners() -> dict[str, Brand]:
    return {d: brand for brand in reversed(known()) for d in brand.domains}


@cache
def _labels() -> dict[str, Brand]:
    """The label of each brand's first domain: its owner has it in every country."""
    return {brand_label(brand.home): brand for brand in reversed(known())}


def _named(plain: str, whole: int) -> tuple[Mention, ...]:
    """Look for names; when offsets cannot be told, the whole text is the place."""
    together, patterns = _patterns()
    found = []
    for index in sorted(together.Match(plain) or ()):
        brand, pattern = patterns[index]
        hit = _alone(pattern).search(plain)
        if hit is None or (brand.is_word and not _is_alone(plain, hit.group(1))):
            continue
        start, end = (0, whole) if whole else hit.span(1)
        found.append(Mention(brand, start, end))
    return tuple(sorted(found, key=lambda mention: (mention.start, -mention.end)))


def _is_alone(plain: str, name: str) -> bool:
    spare = set(table("words")["company-words"])
    words = set(plain.replace(",", " ").replace(".", " ").split())
    return " " in name or not words - spare - {name}


@cache
def _alone(pattern: str) -> "re2._Regexp":
    return re2.compile(pattern)


@cache
def _patterns() -> tuple["re2.Set", tuple[tuple[Brand, str], ...]]:
    together, alone = re2.Set.SearchSet(), []
    for brand in known():
        names = "|".join(re2.escape(plain_form(name)) for name in brand.names)
        # A name inside a longer word, a host or an address is not that name.
        pattern = rf"(?:^|[^a-z0-9.@_-])({names})(?:$|[^a-z0-9@_-])"
        together.Add(pattern)
        alone.append((brand, pattern))
    together.Compile()
    return together, tuple(alone)
