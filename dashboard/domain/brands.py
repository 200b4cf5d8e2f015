"""Brands deceivers borrow: where they are named, and which domains are theirs."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from string import capwords

from dashboard.domain.context import Protected
from dashboard.domain.domains import ascii_host, brand_label, organisation
from dashboard.domain.phrases import plain_form
from dashboard.domain.rulesets import table

SHORTEST_WORD = 4  # letters
FEWEST_VOWELS = 2  # of such a word
COUNTRY = 2  # letters of a country's top-level domain
MOST_LABELS = 20
MOST_TEXT = 1000  # characters of a name, subject or link text
LONGEST_RUN = 40
# Letters and digits of a name without anything between them; other scripts than the
# Latin one are written without, and looked up letter by letter.
_RUN = re.compile(r"[a-z0-9]{1,40}|[^\W_]")
_LAST_RUN = re.compile(r"(?:[a-z0-9]{1,40}|[^\W_])\Z")
# A name inside a longer word, a host or an address is not that name.
_GOES_ON = re.compile(r"[a-z0-9@_-]")
_GOES_ON_BEFORE = re.compile(r"[a-z0-9.@_-]")


@dataclass(frozen=True, slots=True)
class Brand:
    """A name people trust and the organisational domains of its owner."""

    key: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    is_word: bool = False  # the name is also an ordinary word
    is_ours: bool = False  # the organisation named it, with all of its domains

    def owns(self, host: str) -> bool:
        """Whether a host is the owner's, under a country's suffix too.

        The organisation knows where its own names are at home: there, and nowhere
        else.
        """
        if any(name in self.domains for name in _names(host)):
            return True
        return not self.is_ours and _label_in_country(host) == brand_label(self.home)

    @property
    def title(self) -> str:
        """The name as sentences write it."""
        return self.names[0] if self.is_ours else self.names[0].title()

    @property
    def home(self) -> str:
        return self.domains[0]

    @property
    def shown(self) -> str:
        """Its name for people: short ones that nobody could speak are letters."""
        name = self.names[0]
        vowels = sum(letter in "aeiouy" for letter in name)
        is_letters = len(name) < SHORTEST_WORD or (
            len(name) == SHORTEST_WORD and vowels < FEWEST_VOWELS
        )
        if is_letters:
            return name.upper()
        return "-".join(map(capwords, name.split("-")))


@dataclass(frozen=True, slots=True)
class Mention:
    """A brand named in a text, and where."""

    brand: Brand
    start: int
    end: int


Ours = tuple[Protected, ...]  # the names that the organisation looks after
KEPT = 8  # contexts whose names are at hand; a preview judges by two


@lru_cache(maxsize=KEPT)
def known(ours: Ours = ()) -> tuple[Brand, ...]:
    """Every brand: the names the organisation protects, then those of the table."""
    return (*map(_protected, ours), *_table())


def _protected(ours: Protected) -> Brand:
    is_word = plain_form(ours.name) in table("words")["everyday-labels"]
    return Brand(f"ours:{ours.name}", (ours.name,), ours.domains, is_word, True)


@cache
def _table() -> tuple[Brand, ...]:
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
def named_in(text: str, ours: Ours = ()) -> tuple[Mention, ...]:
    """Find the brands a short text names, first one first."""
    plain = plain_form(text[:MOST_TEXT])
    if len(plain) != len(text[:MOST_TEXT]):
        return _named(plain, len(text), ours)
    return _named(plain, 0, ours)


def begun_at(plain: str, start: int, ours: Ours = ()) -> tuple[Brand, int, int] | None:
    """The brand, no common word, whose name begins there in a text in plain form."""
    run = _RUN.match(plain, start)
    named = _begun(plain, start, run[0], ours) if run else ()
    return next((each for each in named if not each[0].is_word), None)


def ended_at(plain: str, end: int, ours: Ours = ()) -> tuple[Brand, int, int] | None:
    """The brand, no common word, whose name ends there in a text in plain form."""
    run = _LAST_RUN.search(plain, max(0, end - LONGEST_RUN), end)
    for name, brand in _by_last_run(ours).get(run[0], ()) if run else ():
        start = end - len(name)
        is_there = start >= 0 and plain.startswith(name, start)
        if is_there and not brand.is_word and _begins(plain, start):
            return brand, start, end
    return None


def _begun(
    plain: str, start: int, run: str, ours: Ours
) -> Iterator[tuple[Brand, int, int]]:
    """The brands whose names begin with a run and stand there whole."""
    for name, brand in _by_first_run(ours).get(run, ()):
        end = start + len(name)
        if plain.startswith(name, start) and not _GOES_ON.match(plain, end):
            yield brand, start, end


def _begins(plain: str, start: int) -> bool:
    return start == 0 or not _GOES_ON_BEFORE.match(plain, start - 1)


@lru_cache(maxsize=4096)
def owner_of(host: str, ours: Ours = ()) -> Brand | None:
    """The brand a host belongs to, if any."""
    owners = _owners(ours)
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


@lru_cache(maxsize=KEPT)
def _owners(ours: Ours) -> dict[str, Brand]:
    return {d: brand for brand in reversed(known(ours)) for d in brand.domains}


@cache
def _labels() -> dict[str, Brand]:
    """The label of each brand's first domain: its owner has it in every country."""
    return {brand_label(brand.home): brand for brand in reversed(_table())}


def _named(plain: str, whole: int, ours: Ours) -> tuple[Mention, ...]:
    """Look for names; when offsets cannot be told, the whole text is the place."""
    found: dict[str, Mention] = {}
    for run in _RUN.finditer(plain):
        if run[0] not in _by_first_run(ours) or not _begins(plain, run.start()):
            continue
        for brand, start, end in _begun(plain, run.start(), run[0], ours):
            is_doubtful = brand.is_word and not _is_alone(plain, plain[start:end])
            if brand.key not in found and not is_doubtful:
                place = (0, whole) if whole else (start, end)
                found[brand.key] = Mention(brand, *place)
    return tuple(
        sorted(found.values(), key=lambda mention: (mention.start, -mention.end))
    )


def _is_alone(plain: str, name: str) -> bool:
    spare = set(table("words")["company-words"])
    words = set(plain.replace(",", " ").replace(".", " ").split())
    return " " in name or not words - spare - {name}


_Runs = dict[str, tuple[tuple[str, Brand], ...]]


@lru_cache(maxsize=KEPT)
def _by_first_run(ours: Ours) -> _Runs:
    """The names that begin with each run, longest first."""
    return _by_run(_RUN.match, ours)


@lru_cache(maxsize=KEPT)
def _by_last_run(ours: Ours) -> _Runs:
    return _by_run(_LAST_RUN.search, ours)


def _by_run(find: Callable[[str], re.Match[str] | None], ours: Ours) -> _Runs:
    runs: defaultdict[str, list[tuple[str, Brand]]] = defaultdict(list)
    for brand in known(ours):
        for name in map(plain_form, brand.names):
            if run := find(name):
                runs[run[0]].append((name, brand))
    return {
        run: tuple(sorted(found, key=lambda pair: -len(pair[0])))
        for run, found in runs.items()
    }
