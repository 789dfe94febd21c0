"""Ways of writing one word that a library has: British and American spellings, compounds, acronyms.

They count as one word: an article is found by any of them, and the word is as frequent as all of them
together. What is English about this is for English libraries only. Names are left as they were typed, and
so is what stands in quotation marks.
"""

from __future__ import annotations

import re

from index.analysis import PERCENT, Analyzer
from index.reading import LibraryReader
from index.value import Value
from search.company import Company
from search.spellings import other_spellings

_PREFIXES = """anti bio co counter cross cyber de eco euro ex extra geo infra inter intra macro mega micro mid
    mini multi neo non pan post pre pro pseudo quasi re self semi socio sub super tele trans tri ultra uni
    vice"""
#: Beginnings that are written apart, with a hyphen or together with what follows, in forms.
PREFIXES = frozenset(_PREFIXES.split())
_SHORTEST = 3
#: Ways of writing per cent as one word.
_PERCENT = (PERCENT, "percent", "pct")
#: An acronym that is a word without its stops (`US`, `us`) is looked up in so many articles.
_LOOKED_UP = 16
_KEPT = 4096
_ACRONYM = re.compile(r"(?:[^\W\d_]\.){2,}")
_CAPITALS, _LETTERS = re.compile("[A-Z]{2,6}"), re.compile("[a-z]{2,6}")


class Same(Value):
    """Another way of writing a word: one stem, or those of words side by side; `form` is for reading."""

    stems: tuple[str, ...]
    form: str


class Variants:
    """Finds the ways of writing words that one generation of a library has."""

    def __init__(
        self, reader: LibraryReader, analyzer: Analyzer, company: Company, stop_words: frozenset[str]
    ) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._company = company
        self._stop_words = stop_words
        self._known: dict[tuple[str, bool, bool], tuple[Same, ...]] = {}
        self._capital: dict[str, bool] = {}

    def of(self, form: str, typed: str, name: bool = False) -> tuple[Same, ...]:
        """Return how else a word is written, not as it is itself; `typed` is what stood in the query.

        A `name` is an acronym at most.
        """
        capitals = not typed.islower() and _CAPITALS.fullmatch(typed) is not None
        key = (form, capitals, name)
        known = self._known.get(key)
        if known is None:
            found = [*self._acronyms(form, capitals)]
            if not name:
                found += [*self._spellings(form), *self._apart(form)]
            own = (self._analyzer.stem(form),) if found else ()
            known = tuple({same.stems: same for same in found if same.stems != own}.values())
            if len(self._known) >= _KEPT:
                self._known = {}  # a new one: threads may be in the old one now
            self._known[key] = known
        return known

    def together(self, first: str, second: str) -> tuple[Same, ...]:
        """Return how two words side by side are written as one, or otherwise; empty if they are not."""
        if second == PERCENT:
            own = self._analyzer.stem(first)
            return tuple(Same((own, *one.stems), f"{first} {one.form}") for one in self.of(second, second))
        if len(first) < 2 or len(second) < 2 or {first, second} & self._stop_words:
            return ()
        whole = first + second
        if not whole.isalpha() or len(whole) < 2 * _SHORTEST:
            return ()
        found = [Same((self._analyzer.stem(whole),), whole)] if self._reader.form_count(whole) else []
        return tuple(found + [same for same in self._spellings(whole) if len(same.stems) == 1])

    def split(self, form: str) -> Same | None:
        """Return the two words that were run together in a form that is no word, if they often are."""
        best, found = 0.0, None
        if not form.isalpha():
            return None
        for at in range(_SHORTEST, len(form) - _SHORTEST + 1):
            parts = form[:at], form[at:]
            if all(self._reader.form_count(part) for part in parts):
                stems = (self._analyzer.stem(parts[0]), self._analyzer.stem(parts[1]))
                lift = self._company.lift(*stems)
                if self._company.are_compound(*stems) and lift >= best:
                    best, found = lift, Same(stems, " ".join(parts))
        return found

    def _spellings(self, form: str) -> list[Same]:
        if not self._analyzer.english:
            return []
        found = []
        for other, sure in other_spellings(form):
            stem = self._analyzer.stem(other)
            if self._reader.article_count(stem) and (sure or self._reader.form_count(other)):
                found.append(Same((stem,), other))
        if form in _PERCENT:
            found += self._per_cent()
        return found

    def _per_cent(self) -> list[Same]:
        """Return the ways of writing per cent that the library has."""
        found = [
            Same((self._analyzer.stem(form),), form) for form in _PERCENT if self._reader.form_count(form)
        ]
        if self._company.are_compound("per", "cent"):
            found.append(Same(("per", "cent"), "per cent"))
        return found

    def _apart(self, form: str) -> list[Same]:
        """Return a word with a prefix as two words."""
        if not self._analyzer.english or len(form) < 2 + _SHORTEST or not form.isalpha():
            return []
        found = []
        for end in range(2, min(len(form) - _SHORTEST, 7) + 1):
            prefix, rest = form[:end], form[end:]
            if prefix in PREFIXES and self._reader.form_count(prefix) and self._reader.form_count(rest):
                stems = (self._analyzer.stem(prefix), self._analyzer.stem(rest))
                if self._company.are_compound(*stems):
                    found.append(Same(stems, f"{prefix} {rest}"))
        return found

    def _acronyms(self, form: str, capitals: bool) -> list[Same]:
        """Return an acronym with stops as one without, and the other way round."""
        if _ACRONYM.fullmatch(form):
            plain = form.replace(".", "")
            if self._reader.form_count(plain) and self.is_acronym(plain):
                return [Same((self._analyzer.stem(plain),), plain)]
        elif _LETTERS.fullmatch(form):
            stops = ".".join(form) + "."
            if self._reader.has_acronym(stops) and (capitals or self.is_acronym(form)):
                return [Same((stops,), stops)]
        return []

    def is_pronoun(self, form: str, typed: str) -> bool:
        """Return whether an acronym as typed (`US`) is mostly another word in the library (`us`)."""
        return _CAPITALS.fullmatch(typed) is not None and not self.is_acronym(form)

    def is_acronym(self, form: str) -> bool:
        """Return whether a word such as `us` is mostly written `US`, judged by a few of its articles."""
        known = self._capital.get(form)
        if known is None:
            docs = self._reader.postings("text", self._analyzer.stem(form)).docs
            step = -(-len(docs) // _LOOKED_UP) or 1
            capital = small = 0
            for doc in docs[::step].tolist():
                article = self._reader.article(doc)
                words = re.findall(rf"(?<!\w){form}(?!\w)", f"{article.title} {article.text}", re.IGNORECASE)
                capital += sum(word.isupper() for word in words)
                small += len(words)
            known = self._capital[form] = 2 * capital > small
        return known
