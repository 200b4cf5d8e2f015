"""What each rule is called on pages, in a few words."""

from functools import lru_cache
from typing import Final

from flask_babel import lazy_gettext

from dashboard.web.templating import locale

TITLES: Final = {
    "auth-fail": lazy_gettext("Sender not authentic"),
    "auth-unaligned": lazy_gettext("Authenticated as another domain"),
    "auth-none": lazy_gettext("Not authenticated"),
    "auth-absent": lazy_gettext("No authentication result"),
    "auth-results-forged": lazy_gettext("Forged authentication result"),
    "auth-results-stacked": lazy_gettext("Contradicting authentication"),
    "signature-broken": lazy_gettext("Broken signature"),
    "reply-to-mismatch": lazy_gettext("Reply-To differs"),
    "reply-to-freemail": lazy_gettext("Replies go to free mail"),
    "return-path-mismatch": lazy_gettext("Return path differs"),
    "contact-freemail": lazy_gettext("Contact on free mail"),
    "display-name-address": lazy_gettext("Address as a name"),
    "display-name-brand": lazy_gettext("Name of a brand"),
    "display-name-department": lazy_gettext("Name of a department"),
    "reader-domain-borrowed": lazy_gettext("Name of our own house"),
    "display-name-executive": lazy_gettext("Name of a colleague"),
    "name-decorated": lazy_gettext("Name made of signs"),
    "sender-freemail-authority": lazy_gettext("Authority on free mail"),
    "sender-malformed": lazy_gettext("Malformed sender"),
    "sender-throwaway-ending": lazy_gettext("Throwaway sender domain"),
    "lookalike-domain": lazy_gettext("Look-alike domain"),
    "confusable-domain": lazy_gettext("Look-alike letters"),
    "punycode-domain": lazy_gettext("Punycode domain"),
    "correspondent-lookalike": lazy_gettext("Look-alike of a correspondent"),
    "sender-first-seen": lazy_gettext("First mail of a stranger"),
    "brand-in-subdomain": lazy_gettext("Brand in a subdomain"),
    "brand-elsewhere": lazy_gettext("Brand without its pages"),
    "link-text-mismatch": lazy_gettext("Link text differs"),
    "link-text-counted": lazy_gettext("Clicks are counted"),
    "link-brand-mismatch": lazy_gettext("Brand link leads elsewhere"),
    "link-gateway-lookalike": lazy_gettext("Passes for a link checker"),
    "call-elsewhere": lazy_gettext("Call to a stranger's page"),
    "link-machine-made": lazy_gettext("Link that counts"),
    "unsubscribe-elsewhere": lazy_gettext("Left at a stranger's page"),
    "link-unrelated-single": lazy_gettext("One unrelated link"),
    "link-ip-host": lazy_gettext("Link to an IP address"),
    "link-userinfo": lazy_gettext("Link hides its host"),
    "link-odd-port": lazy_gettext("Link to an odd port"),
    "link-many-subdomains": lazy_gettext("Link with many subdomains"),
    "link-data-uri": lazy_gettext("Page inside a link"),
    "link-javascript": lazy_gettext("Program inside a link"),
    "link-shortener": lazy_gettext("Shortened link"),
    "link-redirect": lazy_gettext("Link that forwards"),
    "link-user-content": lazy_gettext("Page anybody can make"),
    "link-recipient-address": lazy_gettext("Recipient in the link"),
    "link-punycode": lazy_gettext("Punycode link"),
    "link-throwaway-ending": lazy_gettext("Throwaway link domain"),
    "attachment-double-extension": lazy_gettext("Double extension"),
    "attachment-executable": lazy_gettext("Program attached"),
    "attachment-disk-image": lazy_gettext("Disk image attached"),
    "attachment-macro": lazy_gettext("Macros attached"),
    "attachment-html": lazy_gettext("HTML attachment"),
    "attachment-picture-script": lazy_gettext("Script in a picture"),
    "attachment-html-smuggling": lazy_gettext("HTML smuggling"),
    "attachment-encrypted-archive": lazy_gettext("Encrypted archive"),
    "attachment-password": lazy_gettext("Password for the attachment"),
    "attachment-pdf-link": lazy_gettext("Document leads elsewhere"),
    "file-alone": lazy_gettext("File without a word"),
    "attachment-nested-message": lazy_gettext("Message inside a message"),
    "attachment-calendar": lazy_gettext("Invitation with a link"),
    "attachment-type-mismatch": lazy_gettext("File is not what it says"),
    "attachment-rtl-name": lazy_gettext("Reversed file name"),
    "language-credential": lazy_gettext("Asks to sign in"),
    "language-password": lazy_gettext("Asks for a password"),
    "credential-elsewhere": lazy_gettext("Sign-in at a stranger's"),
    "language-payment": lazy_gettext("Asks for a payment"),
    "language-pressure": lazy_gettext("Puts pressure"),
    "language-threat": lazy_gettext("Threatens"),
    "language-secrecy": lazy_gettext("Asks for secrecy"),
    "language-gift-card": lazy_gettext("Asks for gift cards"),
    "language-extortion": lazy_gettext("Extortion"),
    "language-prize": lazy_gettext("Promises a prize"),
    "language-advance-fee": lazy_gettext("Advance fee"),
    "secret-payment": lazy_gettext("Payment in secret"),
    "known-indicator": lazy_gettext("Known indicator"),
    "yara-match": lazy_gettext("Fits a rule of your own"),
    "nested-deceit": lazy_gettext("Deceit in an attached message"),
    "language-goods": lazy_gettext("Doubtful goods"),
    "greeting-stranger": lazy_gettext("Greets nobody by name"),
    "large-sum": lazy_gettext("Speaks of a fortune"),
    "personal-details-asked": lazy_gettext("Asks for personal details"),
    "callback-number": lazy_gettext("Number to call"),
    "text-for-machines": lazy_gettext("Text for machines"),
    "hidden-text": lazy_gettext("Hidden text"),
    "zero-width-text": lazy_gettext("Invisible letters"),
    "letters-disguised": lazy_gettext("Disguised letters"),
    "qr-link": lazy_gettext("Link in a QR code"),
    "image-only": lazy_gettext("Only a picture"),
    "machinery-visible": lazy_gettext("Blanks left unfilled"),
    "form-in-body": lazy_gettext("Form in the message"),
    "form-password": lazy_gettext("Password form"),
    "thread-forged": lazy_gettext("Invented thread"),
    "header-date-anomaly": lazy_gettext("Odd date"),
    "header-missing-message-id": lazy_gettext("No message id"),
    "header-message-id-mismatch": lazy_gettext("Message id from elsewhere"),
    "header-duplicate": lazy_gettext("Header stands twice"),
    "structure-breach": lazy_gettext("Built to break readers"),
    "detector-failed": lazy_gettext("A check failed"),
    "auth-pass-aligned": lazy_gettext("Sender authentic"),
    "own-domain-authenticated": lazy_gettext("Own domain, authentic"),
    "links-all-home": lazy_gettext("Links lead to the sender"),
    "list-unsubscribe-ok": lazy_gettext("Can be unsubscribed"),
    "thread-genuine": lazy_gettext("Part of a known thread"),
    "correspondent-known": lazy_gettext("Known correspondent"),
    "thread-held": lazy_gettext("Answers a mail of ours"),
    "plain-reply": lazy_gettext("Plain reply"),
}


def title(rule: str) -> str:
    """The name of a rule in the reader's language; the rule itself if it has none."""
    return _title(rule, locale())


@lru_cache(maxsize=1024)
def _title(rule: str, _locale: str) -> str:
    named = TITLES.get(rule)
    return str(named) if named else rule.replace("-", " ").capitalize()


CHECKS: Final = {
    "authentication": lazy_gettext("Authentication"),
    "dns": lazy_gettext("Verification by DNS"),
    "dkim": lazy_gettext("Signature (DKIM)"),
    "arc": lazy_gettext("Seals of forwarders (ARC)"),
    "dmarc": lazy_gettext("The sender's policy (DMARC)"),
    "spf": lazy_gettext("Sending server (SPF)"),
    "yara": lazy_gettext("Your own rules (YARA)"),
    "known-indicators": lazy_gettext("Known indicators"),
    "link-targets": lazy_gettext("Pages behind links"),
    "sender-history": lazy_gettext("Sender history"),
    "image-text": lazy_gettext("Text in pictures"),
    "encrypted-content": lazy_gettext("Encrypted content"),
    "attachment-content": lazy_gettext("Attachment content"),
    "archive-content": lazy_gettext("Archive content"),
    "document-text": lazy_gettext("Text of documents"),
    "outlook-container": lazy_gettext("Outlook container"),
    "transport-headers": lazy_gettext("Headers it arrived with"),
    "rich-text": lazy_gettext("Outlook's rich text"),
    "attached-items": lazy_gettext("Attached Outlook items"),
    "framed-page": lazy_gettext("Page in the page"),
    "message": lazy_gettext("The message"),
}


def check(name: str) -> str:
    """What a check that was not made is called."""
    named = CHECKS.get(name)
    return str(named) if named else name.replace("-", " ").capitalize()
