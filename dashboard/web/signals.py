"""What rules and checks are called on the pages."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

TITLES: Final[Mapping[str, Any]] = {
    "auth-pass-aligned": _l("Authenticated for the sender's domain"),
    "auth-fail": _l("The sender's domain did not send this"),
    "auth-results-forged": _l("Forged proof of authentication"),
    "auth-results-stacked": _l("Two opinions in one server's name"),
    "auth-absent": _l("No authentication was reported"),
    "auth-none": _l("The sender's domain protects nothing"),
    "auth-unaligned": _l("Authenticated for another domain"),
    "reply-to-mismatch": _l("Replies go to another domain"),
    "reply-to-freemail": _l("Replies go to a free-mail address"),
    "return-path-mismatch": _l("Bounces go to another domain"),
    "display-name-address": _l("The name shows another address"),
    "display-name-brand": _l("The name of a brand that did not send this"),
    "display-name-executive": _l("An executive's name on a foreign address"),
    "sender-freemail-authority": _l("An authority at a free-mail address"),
    "sender-malformed": _l("Malformed sender"),
    "sender-throwaway-ending": _l("Sender under a throw-away ending"),
    "lookalike-domain": _l("Domain drawn to look like another"),
    "confusable-domain": _l("Domain in deceptive letters"),
    "punycode-domain": _l("Domain in foreign letters"),
    "brand-in-subdomain": _l("A brand inside somebody else's domain"),
    "link-text-mismatch": _l("A link shows one address and opens another"),
    "link-shortener": _l("A shortener hides the target"),
    "link-ip-host": _l("A link to a bare IP address"),
    "link-userinfo": _l("A link begins with a false host"),
    "link-odd-port": _l("A link to an unusual port"),
    "link-data-uri": _l("A link carries its own page"),
    "link-javascript": _l("A link runs a script"),
    "link-recipient-address": _l("A link carries the recipient's address"),
    "link-brand-mismatch": _l("A brand's link leads elsewhere"),
    "link-user-content": _l("A link to pages anyone can make"),
    "link-redirect": _l("A link is passed on by another site"),
    "link-punycode": _l("A link to a domain in foreign letters"),
    "link-unrelated-single": _l("Every link leads to one foreign domain"),
    "link-many-subdomains": _l("A link with very many subdomains"),
    "link-throwaway-ending": _l("A link under a throw-away ending"),
    "attachment-double-extension": _l("Attachment with a double extension"),
    "attachment-executable": _l("Attachment that runs"),
    "attachment-disk-image": _l("Attached disk image"),
    "attachment-macro": _l("Attachment with macros"),
    "attachment-html": _l("Attached web page"),
    "attachment-html-smuggling": _l("Attached page that assembles a file"),
    "attachment-encrypted-archive": _l("Encrypted archive"),
    "attachment-nested-message": _l("Attached message"),
    "attachment-calendar": _l("Invitation from elsewhere"),
    "attachment-type-mismatch": _l("Attachment is not what it claims"),
    "attachment-rtl-name": _l("Attachment name written backwards"),
    "language-pressure": _l("Pressure"),
    "language-payment": _l("Asks for a payment"),
    "language-credential": _l("Asks to sign in or confirm an account"),
    "language-secrecy": _l("Asks for secrecy"),
    "language-gift-card": _l("Asks for gift vouchers"),
    "language-threat": _l("Threat"),
    "language-extortion": _l("Extortion"),
    "language-prize": _l("Promises a prize"),
    "language-advance-fee": _l("Promises money for a fee"),
    "language-goods": _l("Sells doubtful goods"),
    "hidden-text": _l("Hidden text"),
    "zero-width-text": _l("Invisible characters inside words"),
    "image-only": _l("Only a picture, no text"),
    "form-in-body": _l("A form inside the message"),
    "form-password": _l("Asks for a password"),
    "thread-forged": _l("Answers a message that never was"),
    "header-date-anomaly": _l("Odd date"),
    "header-missing-message-id": _l("No message id"),
    "header-duplicate": _l("A header stands twice"),
    "header-message-id-mismatch": _l("Message id from elsewhere"),
    "list-unsubscribe-ok": _l("Well-formed unsubscribe header"),
    "thread-genuine": _l("Belongs to a real thread"),
    "own-domain-authenticated": _l("Own domain, authenticated"),
    "links-all-home": _l("Every link leads home"),
    "plain-reply": _l("A plain reply"),
    "structure-breach": _l("Built against the rules"),
    "detector-failed": _l("A check failed"),
}

CHECKS: Final[Mapping[str, Any]] = {
    "authentication": _l("Authentication"),
    "link-targets": _l("Pages behind links"),
    "sender-history": _l("Sender history"),
    "image-text": _l("Text in pictures"),
    "encrypted-content": _l("Encrypted content"),
    "attachment-content": _l("Attachment content"),
    "message": _l("The message"),
}


def title(rule: str) -> str:
    """The name of a rule for people; the rule's own name if it has none yet."""
    return str(TITLES.get(rule) or _spelled(rule))


def check(name: str) -> str:
    """The name of a check for people."""
    return str(CHECKS.get(name) or _spelled(name))


def _spelled(name: str) -> str:
    return name.replace("-", " ").capitalize()
