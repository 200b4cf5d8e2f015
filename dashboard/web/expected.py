"""What an honest message shows where another one deceives, in a few words."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from dashboard.web.templating import told

VOUCHED: Final = "pass for "
EXPECTED: Final = {
    "Latin letters": lazy_gettext("Latin letters"),
    "a Message-ID": lazy_gettext("a Message-ID"),
    "a date": lazy_gettext("a date"),
    "a document": lazy_gettext("a document"),
    "a finished text": lazy_gettext("a finished text"),
    "a known gateway": lazy_gettext("a known gateway"),
    "a name": lazy_gettext("a name"),
    "a reference to the first mail": lazy_gettext("a reference to the first mail"),
    "a server on its way": lazy_gettext("a server on its way"),
    "a short name": lazy_gettext("a short name"),
    "an honest mail": lazy_gettext("an honest mail"),
    "an open archive": lazy_gettext("an open archive"),
    "documents": lazy_gettext("documents"),
    "no address": lazy_gettext("no address"),
    "no form": lazy_gettext("no form"),
    "no macros": lazy_gettext("no macros"),
    "no script": lazy_gettext("no script"),
    "no user name": lazy_gettext("no user name"),
    "once": lazy_gettext("once"),
    "one address": lazy_gettext("one address"),
    "one result": lazy_gettext("one result"),
    "text": lazy_gettext("text"),
    "text below text": lazy_gettext("text below text"),
    "the real address": lazy_gettext("the real address"),
    "the usual port": lazy_gettext("the usual port"),
    "the organisation's own domain": lazy_gettext("the organisation's own domain"),
    "visible text": lazy_gettext("visible text"),
}


def expected(text: str) -> str:
    """What was expected, in the reader's language; hosts and names stay as they are."""
    if text in EXPECTED:
        return told(EXPECTED)[text]
    if text.startswith(VOUCHED):
        return str(_("pass for %(domain)s", domain=text.removeprefix(VOUCHED)))
    return text
