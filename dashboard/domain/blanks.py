"""Blanks that a program which writes mails in bulk was to fill in."""

import re
from typing import Final

_NAMES = r"(?:first|last|full|user)?[ _-]?name|e-?mail|recipient|to_?email"
_PLACES = r"user|domain|link|url|date|random|company|number|code|subject"
# With the fixed sign each begins with, which most texts do not hold.
BLANKS: Final = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        (
            "{",
            r"\{(?:\{ ?[\w.]{2,30} ?\}\}|\$?(?i:"
            + _NAMES
            + "|"
            + _PLACES
            + r")\w{0,12}\})",
        ),
        ("[", r"\[(?:\[[A-Za-z_-]{2,30}\]\]|(?i:" + _NAMES + r")[\w-]{0,12}\])"),
        ("%", r"%(?:%[\w-]{2,30}%%|(?i:" + _NAMES + r")\w{0,8}%)"),
        ("<%", r"<%[=-]? ?(?i:@?" + _NAMES + r")[\w.]{0,20} ?%>"),
        ("{", r"\{(?i:hello|hi|hey|dear|greetings|kindly)(?:\|[\w' ]{2,20}){1,6}\}"),
        ("#", r"#(?:#[A-Z_]{3,30}##|(?:E?MAIL|(?:FIRST)?NAME|DOMAIN|LINK)#)"),
        (
            "\nContent-T",
            r"\nContent-T(?:ype|ransfer-Encoding): [a-z0-9/-]{3,30}(?=[;\r\n])",
        ),
    )
)
