"""What detectors look at: where a message has no such thing, they are not asked."""

from enum import IntEnum
from functools import lru_cache
from typing import Final

from dashboard.domain.detectors import (
    Detector,
    attachment_archive,
    attachment_calendar,
    attachment_executable,
    attachment_html,
    attachment_macro,
    attachment_name,
    attachment_nested,
    attachment_password,
    attachment_pdf_link,
    attachment_type,
    brand_elsewhere,
    call_elsewhere,
    display_name_department,
    file_alone,
    image_only,
    link_brand,
    link_gateway,
    link_host,
    link_machine,
    link_recipient,
    link_redirect,
    link_scheme,
    link_shortener,
    link_text,
    link_unrelated,
    link_user_content,
    links_home,
    nested_deceit,
    qr_link,
    unsubscribe_elsewhere,
)


class Subject(IntEnum):
    """What a message must have for a detector to be asked about it."""

    ANYTHING = 0
    LINKS = 1
    FILES = 2


OF_LINKS: Final[frozenset[Detector]] = frozenset(
    {
        attachment_calendar.detect,
        call_elsewhere.detect,
        display_name_department.detect,
        brand_elsewhere.detect,
        image_only.detect,
        link_brand.detect,
        link_gateway.detect,
        link_host.detect,
        link_machine.detect,
        link_recipient.detect,
        link_redirect.detect,
        link_scheme.detect,
        link_shortener.detect,
        link_text.detect,
        link_unrelated.detect,
        link_user_content.detect,
        links_home.detect,
        qr_link.detect,
        unsubscribe_elsewhere.detect,
    }
)
OF_FILES: Final[frozenset[Detector]] = frozenset(
    {
        attachment_archive.detect,
        attachment_executable.detect,
        attachment_html.detect,
        attachment_macro.detect,
        attachment_name.detect,
        attachment_nested.detect,
        attachment_password.detect,
        attachment_pdf_link.detect,
        attachment_type.detect,
        file_alone.detect,
        nested_deceit.detect,
    }
)


@lru_cache(maxsize=8)
def with_subjects(
    detectors: tuple[Detector, ...],
) -> tuple[tuple[Detector, Subject], ...]:
    """Each detector with its subject, in the same order."""
    return tuple((each, _subject(each)) for each in detectors)


def _subject(detector: Detector) -> Subject:
    if detector in OF_LINKS:
        return Subject.LINKS
    return Subject.FILES if detector in OF_FILES else Subject.ANYTHING
