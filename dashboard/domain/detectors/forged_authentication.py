"""A sender who writes the check results of a receiving server himself."""

from collections.abc import Iterator

from dashboard.domain.authentication import Report, hops, reports
from dashboard.domain.context import Context
from dashboard.domain.domains import organisation
from dashboard.domain.findings import Evidence, Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.places import in_header
from dashboard.domain.sightings import sighting

FORGED_RULE = "auth-results-forged"
STACKED_RULE = "auth-results-stacked"


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report results no server on the way wrote, and ones that contradict."""
    told = reports(message, context)
    forged = [report for report in told if _is_forged(message, report)]
    if forged:
        yield Finding(
            FORGED_RULE,
            Sentence(
                "The mail brings its own proof of being genuine, signed"
                " %(server)s, but no such server handled it.",
                server=forged[0].server,
            ),
            tuple(_evidence(message, r, "a server on its way") for r in forged[:3]),
        )
    if len(stacked := _stacked(told)) > 1:
        yield Finding(
            STACKED_RULE,
            Sentence(
                "The mail carries contradicting check results in the name of"
                " %(server)s; only one of them can be real.",
                server=stacked[0].server,
            ),
            tuple(_evidence(message, report, "one result") for report in stacked[:3]),
        )


def _is_forged(message: Message, report: Report) -> bool:
    """Whether somebody vouches for the mail who never had it in hand."""
    if report.is_trusted or "." not in report.server:
        return False
    if all(result.value != "pass" for result in report.results):
        return False
    handlers = {organisation(host) for host in hops(message)}
    return bool(handlers) and organisation(report.server) not in handlers


def _stacked(told: tuple[Report, ...]) -> tuple[Report, ...]:
    """The reports in one server's name that disagree about one method."""
    said = {(each.server, r.method, r.value) for each in told for r in each.results}
    if len(said) == len({(server, method) for server, method, _ in said}):
        return ()
    for report in told:
        rivals = [other for other in told if _contradicts(report, other)]
        if report.server and rivals:
            return (report, *rivals)
    return ()


def _contradicts(one: Report, other: Report) -> bool:
    ours = {(r.method, _about(r.properties)): r.value for r in one.results}
    return one.server == other.server and any(
        ours.get((r.method, _about(r.properties)), r.value) != r.value
        for r in other.results
    )


def _about(properties: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(properties.items())


def _evidence(message: Message, report: Report, expected: str) -> Evidence:
    place = in_header(report.header, report.server)
    return sighting(message, place, report.server, expected)
