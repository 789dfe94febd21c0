"""Where sentences begin and end in running text, found from any place in it.

A sentence ends at `.`, `!`, `?` or `…` before white space and a capital, a digit or a quotation mark, and
at line breaks, but not at those that only wrap a paragraph to a width. Titles (`Mr.`), initials (`J.`),
acronyms (`U.S.`) and the like end none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A sentence is looked for so far around a place; longer ones are no sentences.
REACH = 2000

_ENDINGS = re.compile(
    r"[.!?…\n](?:(?<=\n)\n*+"
    r"|(?<![.!?…\n][.!?…])(?<!\n)[.!?…]*+[\"'”’)\]»]*+(?=\s++[\"'“‘(\[«]*+[^\W_a-zß-öø-ÿ]))"
)
#: A line of so many characters, followed at once by another, may have been broken to fit a width.
_WRAPPED = range(40, 101)
_LONGEST_ABBREVIATION = 16
#: Whether paragraphs are indented is seen in so many characters.
_BEGINNING = 20_000
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        """mr mrs ms messrs mme mlle dr prof st ste mt ft gen adm col cmdr brig lt sgt cpl pvt capt maj sen
        rep gov pres amb rev fr hon supt atty jr sr vs inc ltd co corp bros cie assn dept univ ave blvd approx
        est al cf sept nr hr bzw""",
    )
)
#: Abbreviations only before a number: otherwise they are words, or end a sentence as well.
_BEFORE_NUMBERS = frozenset(
    re.findall(r"\w+", "no nos vol fig art ch sec p pp ca jan feb mar apr may jun jul aug oct nov dec")
)


class Prose:
    """A text whose sentences may be found from any place in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        beginning = text[:_BEGINNING]
        self._indented = "\n  " in beginning or "\n\t" in beginning

    def sentences(self, begin: int = 0) -> Iterator[tuple[int, int]]:
        """Yield [start, end) of each sentence from `begin` on, trimmed, in order; no blank ones.

        `begin` must be where a sentence may begin.
        """
        text = self.text
        start = begin
        for match in _ENDINGS.finditer(text, begin):
            at, end = match.span()
            if text[at] == "\n":
                if end - at == 1 and self._is_wrapped(end):
                    continue
            elif end - at == 1 and text[at] == "." and _is_abbreviation(text, start, end):
                continue
            yield from _trimmed(text, start, end)
            start = end
        yield from _trimmed(text, start, len(text))

    def start(self, place: int, earliest: int = 0) -> int:
        """Return where a sentence begins, at or before `place` and not before `earliest`, where one does.

        It need not be the last such place. Without any within `REACH` it is where a word begins.
        """
        text = self.text
        floor = max(earliest, place - REACH)
        at = place
        while (at := text.rfind("\n", floor, at)) >= 0:
            if (at and text[at - 1] == "\n") or not self._is_wrapped(at + 1):
                return at + 1
        if floor == earliest:
            return earliest
        space = text.find(" ", floor, place)
        return floor if space < 0 else space + 1

    def _is_wrapped(self, after: int) -> bool:
        """Return whether the line break before `after` is inside a paragraph.

        Where paragraphs are indented, every other break is. A line that was broken to a width has no room
        for the word that follows.
        """
        text = self.text
        following = text[after : after + 1]
        if not following or following.isspace():
            return False
        line = after - 1 - (text.rfind("\n", 0, after - 1) + 1)
        if following.islower() or (self._indented and line):
            return True
        if line not in _WRAPPED:
            return False
        end = text.find("\n", after, after + _WRAPPED.stop)
        width = max(line, end - after)
        word = text[after : after + width].split(None, 1)[0]
        return line + 1 + len(word) > width


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each sentence of `text`, trimmed, in order; no blank ones."""
    return Prose(text).sentences()


def is_own_line(text: str, start: int, end: int) -> bool:
    """Return whether nothing else stands in the lines of a sentence."""
    before, after = text[max(0, start - 80) : start].rstrip(" \t"), text[end : end + 80].lstrip(" \t")
    return (not before or before[-1] == "\n") and (not after or after[0] == "\n")


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Return whether the full stop before `end` belongs to an abbreviation, which ends no sentence."""
    last = text[max(start, end - 1 - _LONGEST_ABBREVIATION) : end - 1].split()
    if not last or (not text[end - 2].isalpha() and not text[end - 2].isspace()):
        return False
    word = last[-1].lstrip("(\"'“‘[«").lower()
    if word in _ABBREVIATIONS:
        return True
    if word in _BEFORE_NUMBERS:
        return text[end : end + 4].lstrip()[:1].isdigit()
    return all(len(letter) == 1 and letter.isalpha() for letter in word.split("."))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
