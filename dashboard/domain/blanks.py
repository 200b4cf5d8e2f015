"""Blanks that a program which writes mails in bulk was to fill in."""

import re
from typing import Final

_NAMES = r"(?:first|last|full|user)?[ _-]?name|e-?mail|recipient|to_?email"
_PLACES = r"user|domain|link|url|date|random|company|number|code|subject"
# Each begins with a fixed sign, which is found without trying every character.
BLANKS: Final = (
    re.compile(
        r"\{(?:\{ ?[\w.]{2,30} ?\}\}|\$?(?i:" + _NAMES + "|" + _PLACES + r")\w{0,12}\})"
    ),
    re.compile(r"\[(?:\[[A-Za-z_-]{2,30}\]\]|(?i:" + _NAMES + r")[\w-]{0,12}\])"),
    re.compile(r"%(?:%[\w-]{2,30}%%|(?i:" + _NAMES + r")\w{0,8}%)"),
    re.compile(r"<%[=-]? ?(?i:@?" + _NAMES + r")[\w.]{0,20} ?%>"),
    re.compile(r"\{(?i:hello|hi|hey|dear|greetings|kindly)(?:\|[\w' ]{2,20}){1,6}\}"),
    re.compile(r"#(?:#[A-Z_]{3,30}##|(?:E?MAIL|(?:FIRST)?NAME|DOMAIN|LINK)#)"),
    re.compile(r"\nContent-T(?:ype|ransfer-Encoding): [a-z0-9/-]{3,30}(?=[;\r\n])"),
)
