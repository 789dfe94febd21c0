"""Text from outside, made safe for a terminal.

Articles, file names and queries may hold anything. Before any of it reaches a terminal, a widget or a
pipe it passes `visible`, which lets no control sequence through. (JSON output needs none of this: it
escapes control characters itself.)
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: C0 but tab and newline, DEL, C1, line and paragraph separators, bidirectional controls, invisible
#: formatting, tags, interlinear marks and lone surrogates. Python counts none of them as printable.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
#: What joins characters to one (zero-width joiner) or picks their looks.
_JOINERS = "\u200d\ufe0e\ufe0f"
_LINE_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(_UNSAFE)


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """Return `text` with every unsafe character replaced by one visible sign; tabs and newlines stay.

    The result has the length of `text`, so offsets stay valid.
    """
    return text if text.isprintable() else _unsafe().sub(_sign, text)


def one_line(text: str) -> str:
    """Return `text` safe and on one line: runs of line breaks and tabs become single spaces."""
    return visible(_LINE_BREAKS.sub(" ", text))


def whole_character(text: str, at: int) -> int:
    """Return the first place from `at` on where `text` may be cut without cutting off a combining mark."""
    while at < len(text) and (text[at] in _JOINERS or unicodedata.category(text[at])[0] == "M"):
        at += 1
    return at
