"""The words of a text at which a match may begin, found by their letters, without looking at the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from index.analysis import PERCENT

#: All but the letters of which small ones and capitals are the whole difference: ASCII, basic Cyrillic,
#: Hebrew and Arabic letters, kana and ideographs. In words with others the form may look quite different.
_UNSURE = r"[^\x00-\x7f\u0410-\u044f\u05d0-\u05ea\u0621-\u064a\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]"
#: Texts with so large a share of such letters are read word by word.
_MOST_UNSURE = 0.2
#: Spaces are looked for so far back.
_LONG_WAY = 1000


@cache
def unsure_letter() -> re.Pattern[str]:
    """Return the pattern of a letter that may look quite different in a form."""
    return re.compile(_UNSURE)  # two milliseconds, which text of ASCII alone does not need


class Needles:
    """Beginnings of the words that are looked for, as (folded) forms."""

    def __init__(self, forms: Iterable[str]) -> None:
        # An acronym's form ends with a full stop that its text may lack.
        shortest: list[str] = []
        for form in sorted({form.rstrip(".") for form in forms}):
            if not shortest or not form.startswith(shortest[-1]):
                shortest.append(form)
        self._anywhere = "" in shortest
        self._forms = [form for form in shortest if form.isascii() or not unsure_letter().search(form)]

    def words(self, text: str, pattern: re.Pattern[str], step: int) -> Iterator[Iterable[re.Match[str]]]:
        """Yield, for each `step` characters of `text`, the words there at which a match may begin, in order.

        `pattern` is that of the words of `text`.
        """
        low = text.lower()
        unsure = [] if text.isascii() else [match.start() for match in unsure_letter().finditer(text)]
        if self._anywhere or len(low) != len(text) or len(unsure) > _MOST_UNSURE * len(text):
            yield pattern.finditer(text)
            return
        at = done = 0
        for begin in range(0, len(text), step):
            end = begin + step
            places = _places(low, self._forms, begin, end)
            first = at
            while at < len(unsure) and unsure[at] < end:
                at += 1
            if at > first:
                places = sorted(places + unsure[first:at])
            words = _words_at(text, places, pattern, done)
            if words:
                done = words[-1].end()
                yield words


def _places(low: str, forms: Collection[str], begin: int, end: int) -> list[int]:
    """Return, ascending, where in [begin, end) of a text in small letters a word may begin with a form."""
    found: list[int] = []
    find = low.find
    for form in forms:
        last = end + len(form) - 1
        at = find(form, begin, last)
        while at >= 0:
            if not at or not low[at - 1].isalnum() or form == PERCENT:
                found.append(at)
            at = find(form, at + 1, last)
    if len(forms) > 1:
        found.sort()
    return found


def _words_at(text: str, places: Iterable[int], pattern: re.Pattern[str], done: int) -> list[re.Match[str]]:
    """Return the words in which the ascending `places` from `done` on lie, each once; none holds a space."""
    found: list[re.Match[str]] = []
    for place in places:
        if place < done:
            continue
        low = max(done, place - _LONG_WAY)
        start = max(text.rfind(" ", low, place), text.rfind("\n", low, place)) + 1
        for match in pattern.finditer(text, start or done):
            if match.end() > place:
                done = match.end() if match.start() <= place else match.start()
                if match.start() <= place:
                    found.append(match)
                break
        else:
            break
    return found


def literal_beginning(pattern: str) -> str:
    """Return the letters with which all that the pattern of a wildcard matches must begin."""
    found = re.match(r"[^\W_]*+(?![?*+{|])", pattern)
    return "" if found is None or "|" in pattern else found[0]
