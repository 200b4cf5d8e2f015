"""What detectors look at: where a message has no such thing, they are not asked."""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Final

from dashboard.domain import phrases
from dashboard.domain.context import Context
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
    attachment_picture,
    attachment_type,
    body_form,
    brand_elsewhere,
    call_elsewhere,
    callback_number,
    correspondent_known,
    credential_elsewhere,
    display_name_address,
    display_name_brand,
    display_name_department,
    display_name_executive,
    file_alone,
    forged_authentication,
    freemail_authority,
    genuine_thread,
    greeting_stranger,
    hidden_text,
    image_only,
    known_indicator,
    language_advance_fee,
    language_credential,
    language_extortion,
    language_gift_card,
    language_goods,
    language_password,
    language_payment,
    language_pressure,
    language_prize,
    language_secrecy,
    language_threat,
    large_sum,
    letters_disguised,
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
    list_unsubscribe,
    name_decorated,
    nested_deceit,
    own_domain,
    personal_details,
    plain_reply,
    qr_link,
    reply_to,
    return_path,
    secret_payment,
    structure,
    thread_held,
    unsubscribe_elsewhere,
    zero_width,
)
from dashboard.domain.message import LinkKind, Message
from dashboard.domain.phrases import sources
from dashboard.domain.sightings import is_freemail, web_links
from dashboard.domain.strangers import followed, strangers

# What is looked at; a detector whose subject is empty would say nothing.
Subject = Callable[[Message, Context], Iterable[object]]


def anything(message: Message, _context: Context) -> Iterable[object]:
    """The message itself: there is always something to be seen."""
    return (message,)


def answered(message: Message, _context: Context) -> Iterable[object]:
    """The line that names the mail that is answered."""
    return message.headers.where("in-reply-to")


def breaches(message: Message, _context: Context) -> Iterable[object]:
    return message.breaches


def bounces(message: Message, _context: Context) -> Iterable[object]:
    """The mailbox that the envelope named."""
    return message.return_path.mailbox[:1]


@cache
def heard(theme: str) -> Subject:
    """The phrases of a theme."""

    def told(message: Message, _context: Context) -> Iterable[object]:
        return phrases.heard(message).get(theme, ())

    return told


def executives(_message: Message, context: Context) -> Iterable[object]:
    return context.executives


def fields(message: Message, _context: Context) -> Iterable[object]:
    """What a page lets its reader fill in."""
    return [field for page in message.html for field in page.fields]


def files(message: Message, _context: Context) -> Iterable[object]:
    return message.attachments


def drawn(message: Message, context: Context) -> Iterable[object]:
    """The texts that may be written to be read by people alone."""
    name = message.sender.name
    is_odd = not name.isascii() or name.count(" ") > 1
    return (name,) if is_odd else foreign_letters(message, context)


def foreign_letters(message: Message, _context: Context) -> Iterable[object]:
    """The sender's name and the texts, if they hold more than plain letters."""
    shown = (message.sender.name, *(text for text, _ in sources(message)))
    return [text for text in shown if not text.isascii()]


def histories(_message: Message, context: Context) -> Iterable[object]:
    """What is known of the sender from before."""
    return () if context.history is None else (context.history,)


def indicators(_message: Message, context: Context) -> Iterable[object]:
    return context.indicators or ()


def invitations(message: Message, _context: Context) -> Iterable[object]:
    return _offered(message, LinkKind.CALENDAR)


def codes(message: Message, _context: Context) -> Iterable[object]:
    return _offered(message, LinkKind.QR)


def pictures(message: Message, _context: Context) -> Iterable[object]:
    return _offered(message, LinkKind.IMAGE)


def links(message: Message, _context: Context) -> Iterable[object]:
    return message.links


def name(message: Message, _context: Context) -> Iterable[object]:
    """The name that the sender bears."""
    return message.sender.name[:1]


def nested(message: Message, _context: Context) -> Iterable[object]:
    return message.nested


def one_click(message: Message, _context: Context) -> Iterable[object]:
    """The line that offers a way off a list with one click."""
    return message.headers.where("list-unsubscribe-post")


def own_domains(_message: Message, context: Context) -> Iterable[object]:
    return context.own_domains


def pages(message: Message, _context: Context) -> Iterable[object]:
    return message.html


def private(message: Message, _context: Context) -> Iterable[object]:
    """The sender, if it is a private mailbox."""
    return (message.sender,) if is_freemail(message.sender.domain) else ()


def replies(message: Message, _context: Context) -> Iterable[object]:
    return message.reply_to


def results(message: Message, _context: Context) -> Iterable[object]:
    """What servers say about the sender."""
    return message.headers.where("authentication-results")


def text_alone(message: Message, _context: Context) -> Iterable[object]:
    """The text, where no link is to be followed."""
    return () if followed(message) else sources(message)


def web(message: Message, _context: Context) -> Iterable[object]:
    """The links that lead to a host."""
    return web_links(message)


def _offered(message: Message, kind: LinkKind) -> Iterable[object]:
    return [link for link in message.links if link.kind is kind]


_OF: Final[dict[Subject, tuple[Detector, ...]]] = {
    answered: (genuine_thread.detect, plain_reply.detect),
    bounces: (return_path.detect,),
    breaches: (structure.detect,),
    codes: (qr_link.detect,),
    drawn: (letters_disguised.detect,),
    executives: (display_name_executive.detect,),
    fields: (body_form.detect,),
    files: (
        attachment_archive.detect,
        attachment_executable.detect,
        attachment_html.detect,
        attachment_macro.detect,
        attachment_name.detect,
        attachment_nested.detect,
        attachment_password.detect,
        attachment_pdf_link.detect,
        attachment_picture.detect,
        attachment_type.detect,
        file_alone.detect,
    ),
    foreign_letters: (zero_width.detect,),
    heard("advance-fee"): (language_advance_fee.detect,),
    heard("credential"): (language_credential.detect,),
    heard("extortion"): (language_extortion.detect,),
    heard("gift-card"): (language_gift_card.detect,),
    heard("goods"): (language_goods.detect,),
    heard("password"): (language_password.detect,),
    heard("payment"): (language_payment.detect,),
    heard("pressure"): (language_pressure.detect,),
    heard("prize"): (language_prize.detect,),
    heard("secrecy"): (language_secrecy.detect, secret_payment.detect),
    heard("stranger"): (greeting_stranger.detect,),
    heard("threat"): (language_threat.detect,),
    histories: (correspondent_known.detect, thread_held.detect),
    indicators: (known_indicator.detect,),
    invitations: (attachment_calendar.detect,),
    links: (link_scheme.detect,),
    name: (
        display_name_address.detect,
        display_name_brand.detect,
        name_decorated.detect,
    ),
    nested: (nested_deceit.detect,),
    one_click: (list_unsubscribe.detect,),
    own_domains: (own_domain.detect,),
    pages: (hidden_text.detect,),
    pictures: (image_only.detect,),
    private: (freemail_authority.detect, callback_number.detect),
    replies: (reply_to.detect,),
    results: (forged_authentication.detect,),
    strangers: (
        brand_elsewhere.detect,
        call_elsewhere.detect,
        credential_elsewhere.detect,
        display_name_department.detect,
        link_machine.detect,
        unsubscribe_elsewhere.detect,
    ),
    text_alone: (large_sum.detect, personal_details.detect),
    web: (
        link_brand.detect,
        link_gateway.detect,
        link_host.detect,
        link_recipient.detect,
        link_redirect.detect,
        link_shortener.detect,
        link_text.detect,
        link_unrelated.detect,
        link_user_content.detect,
        links_home.detect,
    ),
}
SUBJECTS: Final[dict[Detector, Subject]] = {
    detector: subject for subject, detectors in _OF.items() for detector in detectors
}


@lru_cache(maxsize=8)
def with_subjects(
    detectors: tuple[Detector, ...],
) -> tuple[tuple[Detector, Subject], ...]:
    """Each detector with its subject, in the same order."""
    return tuple((each, SUBJECTS.get(each, anything)) for each in detectors)
