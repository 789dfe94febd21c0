"""The title of a text: its first line if that looks like one, else its first words."""

from __future__ import annotations

import re
from string import digits

from index.readers.dates import is_date_line

LONGEST_TITLE = 180
MOST_WORDS = 28
DERIVED_CHARS = 80
DERIVED_WORDS = 12
_LINES_LOOKED_AT = 4

_LETTER = re.compile(r"[^\W\d_]")
_CLOSING = " \"'\u201d\u2019\u00bb)]*_"
_ENDS_WITH_ACRONYM = re.compile(r"(?:\b[^\W\d_]\.){2,}$")
#: Lines of a page that stand above titles without being one: kickers, notes of the publishing system.
_FURNITURE = re.compile(
    r"(?:beta\s+v\.?\s*[\d.]+.*|advertisement|sponsored"
    r"|(?:\u00a9|\(c\)|copyright\b).*|https?://\S+|skip to .*"
    r"|(?:(?:first|last)\s+)?(?:updated|published|posted)\s*:.*"
    r"|reading time\b.*|\d+ min(?:ute)?s? read"
    r"|(?:exclusive|opinion|analysis|breaking(?:\s+news)?|comment|editorial|explainer|live|news|watch)\W*)",
    re.IGNORECASE,
)
#: How such a line begins, where it begins with two characters of ASCII.
_FURNITURE_STARTS = frozenset(
    (
        "be", "ad", "sp", "(c", "co", "ht", "sk", "fi", "la", "up", "pu", "po",
        "re", "ex", "op", "an", "br", "ed", "li", "ne", "wa",
        *(f"{digit}{char}" for digit in digits for char in f"{digits} "),
    )
)  # fmt: skip
#: The same of lines that are known by what stands in them.
_FURNITURE_WITHIN = re.compile(
    r"\b(?:powered by|automated translation)\b|\b(?:minutes?|hours?|days?) ago\Z", re.IGNORECASE
)


def split_title(text: str, *, dated: bool = True) -> tuple[str, str, bool]:
    """Return (title, body, derived) of a tidy text; `dated` is false if `may_be_dated` said so of it.

    A first line that is short, has no final stop and a blank line (or nothing) after it is the title and
    leaves the body. Date lines, kickers and system notes before it stay in the body. Without such a line
    the title is derived: the first words, cut with "\\u2026"; the body is then the whole text.
    """
    start = 0
    for _ in range(_LINES_LOOKED_AT):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST_TITLE or text[end : end + 2] not in ("\n\n", ""):
            break
        line = text[start:end].strip()
        if not (_is_furniture(line) or ((dated or start) and is_date_line(line))):
            if not looks_like_title(line):
                break
            after = text[end:].lstrip("\n")
            before = text[:start].rstrip() if start else ""
            return one_line(line), f"{before}\n\n{after}".strip() if before else after, False
        start = end
        while text.startswith("\n", start):
            start += 1
    return first_words(text[start:] or text), text, True


def _is_furniture(line: str) -> bool:
    low = line.casefold()
    start = low[:2]
    if (start in _FURNITURE_STARTS or not start.isascii()) and _FURNITURE.fullmatch(line):
        return True
    may_be = "powered by" in low or "automated tr" in low or " ago" in low
    return may_be and _FURNITURE_WITHIN.search(line) is not None


def looks_like_title(line: str) -> bool:
    """Return whether a line that stands alone reads as a title: some letters, few words, no final stop."""
    if not line or len(line) > LONGEST_TITLE or line.count(" ") >= MOST_WORDS:
        return False
    if not (line[0].isalpha() or _LETTER.search(line)):
        return False
    if line[-1].isalpha():
        return True
    bare = line.rstrip(_CLOSING)
    if bare.endswith("."):
        return bare.endswith("...") or _ENDS_WITH_ACRONYM.search(bare) is not None
    return not bare.endswith((",", ";", ":", "\u3002", "\u0964"))


def first_words(text: str) -> str:
    """Return the first words of `text` on one line: at most 12 and 80 characters, "\\u2026" where cut."""
    start = text[: 20 * DERIVED_CHARS]
    words = start.split(None, DERIVED_WORDS)[:DERIVED_WORDS]
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if len(longer) > DERIVED_CHARS:
            break
        line = longer
    if not line:
        line = words[0][:DERIVED_CHARS] if words else ""
    if len(line) >= len(one_line(start)):
        return line
    return line.rstrip(" ,;:-\u2013\u2014.") + "\u2026"


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())
