"""The deceit itself stands in an attached mail, where filters do not look."""

from collections.abc import Iterator

from dashboard.domain.context import Context
from dashboard.domain.detectors import (
    attachment_nested,
    brand_in_domain,
    display_name_brand,
    language_credential,
    link_brand,
    link_host,
    link_text,
    lookalike_domain,
)
from dashboard.domain.findings import Finding, Sentence
from dashboard.domain.message import Message
from dashboard.domain.sightings import MOST_EVIDENCE, sighting

RULE = "nested-deceit"
_DETECTORS = (
    display_name_brand.detect,
    lookalike_domain.detect,
    brand_in_domain.detect,
    link_text.detect,
    link_brand.detect,
    link_host.detect,
    language_credential.detect,
)


def detect(message: Message, context: Context) -> Iterator[Finding]:
    """Report the first deceit found inside an attached mail."""
    if not message.nested:
        return
    found = [
        finding
        for inner in message.nested
        for detector in _DETECTORS
        for finding in detector(inner, context)
    ]
    places = attachment_nested.places(message)
    if found and places:
        yield Finding(
            RULE,
            Sentence("In the attached mail: %(told)s", told=found[0].summary),
            tuple(
                sighting(message, place, found[0].rule, "an honest mail")
                for place in places[:MOST_EVIDENCE]
            ),
        )
