"""Hosts made to pass for a well-known company's, or for the reader's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations

from dashboard.domain import brands
from dashboard.domain.brands import Ours
from dashboard.domain.domains import brand_label, organisation, unicode_host
from dashboard.domain.lookalike import resembles, skeleton
from dashboard.domain.rulesets import table

CONFUSABLE, MISSPELT, EMBEDDED = "confusable", "misspelt", "embedded"
SHORTEST = 4  # letters of a label that can be imitated letter for letter
SHORTEST_MISSPELT = 6  # below, words differ from each other by one letter
SHORTEST_TWICE = 10  # from here two letters may differ


@dataclass(frozen=True, slots=True)
class Imitation:
    """What a host imitates, and how."""

    host: str
    original: str  # the imitated domain
    how: str


@lru_cache(maxsize=4096)
def imitated(
    host: str, own_domains: tuple[str, ...] = (), ours: Ours = ()
) -> Imitation | None:
    """Say which brand's or own domain a host is drawn or spelt like."""
    owner = brands.owner_of(host, ours)
    if owner is not None and owner.is_ours:
        return None
    for own in own_domains:
        how = "" if organisation(host) == organisation(own) else resembles(host, own)
        if how:
            return Imitation(host, own, how)
    return _like_a_brand(host, ours)


@lru_cache(maxsize=4096)
def embedded(host: str, ours: Ours = ()) -> Imitation | None:
    """Say which brand's name stands in a host that is not the brand's."""
    if brands.owner_of(host, ours) is not None:
        return None
    if organisation(host) in _landlords():
        return None
    pieces = unicode_host(host).replace("-", ".").split(".")
    labels = _labels(ours)
    for piece in pieces[:-1]:
        domain = labels.get(piece)
        if domain and piece not in _everyday() and len(piece) >= SHORTEST:
            return Imitation(host, domain, EMBEDDED)
    return None


@lru_cache(maxsize=4096)
def _like_a_brand(host: str, ours: Ours) -> Imitation | None:
    if "." not in host or brands.owner_of(host, ours) is not None:
        return None
    label = unicode_host(brand_label(host))
    if label in _labels(ours) or organisation(host) in _houses():
        return None  # another brand's very own, or where anyone is a tenant
    domain = _skeletons(ours).get(skeleton(label))
    if domain and len(label) >= SHORTEST and label != brand_label(domain):
        return Imitation(host, domain, CONFUSABLE)
    for shortened in _deletions(label):
        for domain in _misspellings(ours).get(shortened, ()):
            if resembles(host, domain):
                return Imitation(host, domain, MISSPELT)
    return None


@lru_cache(maxsize=brands.KEPT)
def _labels(ours: Ours) -> dict[str, str]:
    """Each label a brand chose, with its domain."""
    return {
        brand_label(domain): domain
        for brand in sorted(brands.known(ours), key=lambda brand: brand.is_ours)
        for domain in reversed(brand.domains)
    }


@cache
def _everyday() -> frozenset[str]:
    return frozenset(table("words")["everyday-labels"])


@cache
def _houses() -> frozenset[str]:
    return frozenset(table("hosts")["open-houses"])


@cache
def _landlords() -> frozenset[str]:
    return frozenset(table("hosts")["landlords"])


@lru_cache(maxsize=brands.KEPT)
def _skeletons(ours: Ours) -> dict[str, str]:
    return {skeleton(label): domain for label, domain in _labels(ours).items()}


@lru_cache(maxsize=brands.KEPT)
def _misspellings(ours: Ours) -> dict[str, tuple[str, ...]]:
    """Every brand label with letters left out, so that few need be compared."""
    index: dict[str, tuple[str, ...]] = {}
    for label, domain in _labels(ours).items():
        if len(label) >= SHORTEST_MISSPELT:
            for shortened in _deletions(label):
                index[shortened] = (*index.get(shortened, ()), domain)
    return index


def _deletions(label: str) -> Iterator[str]:
    """A label with no, one or (in a long one) two letters left out."""
    if not SHORTEST_MISSPELT - 1 <= len(label) <= 30:
        return
    yield label
    most = 2 if len(label) >= SHORTEST_TWICE - 1 else 1
    for count in range(1, most + 1):
        for out in combinations(range(len(label)), count):
            yield "".join(c for at, c in enumerate(label) if at not in out)
