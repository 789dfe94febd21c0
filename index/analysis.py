"""How text becomes words: one analyser for articles, queries and marks.

Three names run through all of byline. A *token* is a stretch of text that counts as one word, with its
offsets. Its *form* is the word as it is compared: NFKC, case folded, straight quotes, the English
possessive dropped, diacritics of Latin and Greek letters folded. Its *stem* is what the language's
Snowball stemmer (NLTK) leaves of the form; terms of the index are stems.

Rules, each shown in the table of docs/words.md: letters, digits and combining marks make a word; an
apostrophe between letters stays (`don't`), a possessive 's goes; digits keep inner `.` and `,` (`20.04`);
single letters joined by full stops are one acronym (`U.S.`, with or without its last stop); a `%` right
behind a digit is a word of its own, since it is read as one; every other
mark (`/`, `@`, `-`, `_`, ...) ends a word, so that `Daesh/ISIS` is two words at consecutive positions.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from index.errors import UsageProblem
from index.value import Value

#: Raised whenever a rule below changes which words a text gives; part of a library's fingerprint.
RULES_VERSION = 2

LANGUAGES = (
    "arabic",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "spanish",
    "swedish",
)
"""The languages that NLTK's Snowball stemmer knows (its second English one, `porter`, is left out)."""

#: Languages whose Whoosh stemmer equals NLTK's, with Whoosh's code for them.
LIGHT_LANGUAGES = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "norwegian": "no",
    "russian": "ru",
    "swedish": "sv",
}
_CODES = LIGHT_LANGUAGES | {"italian": "it", "portuguese": "pt", "spanish": "es"}

#: The sign that is a word behind a digit.
PERCENT = "%"

#: Longer tokens are cut here: a word of this length is data, and terms must stay bounded.
LONGEST_FORM = 64

_MARKS = "".join(
    f"{chr(first)}-{chr(last)}"
    for first, last in (
        (0x00AD, 0x00AD),  # soft hyphen: invisible inside a word
        (0x0300, 0x036F),
        (0x0483, 0x0487),
        (0x0591, 0x05BD),
        (0x0610, 0x061A),
        (0x064B, 0x065F),
        (0x0670, 0x0670),
        (0x0900, 0x0903),
        (0x093A, 0x093C),
        (0x093E, 0x094F),
        (0x0981, 0x0983),
        (0x09BC, 0x09CD),
        (0x0E31, 0x0E31),
        (0x0E34, 0x0E3A),
        (0x0E47, 0x0E4E),
        (0x1DC0, 0x1DFF),
        (0x200C, 0x200D),  # zero-width joiners belong to the word they stand in
        (0x20D0, 0x20FF),
        (0xFE20, 0xFE2F),
    )
)
_QUOTES = "'\u2018\u2019\u02bc\uff07"


@cache
def token_pattern(
    *, ascii_only: bool = False, with_marks: bool = True, split_at_quotes: bool = False
) -> re.Pattern[str]:
    """Return the pattern of a token in any text, or the same, quicker, for text without combining marks.

    `ascii_only` is for ASCII text, quicker still. `split_at_quotes` makes `l'homme` two words.
    """
    marks = _MARKS if with_marks and not ascii_only else ""
    quotes = "'" if ascii_only else _QUOTES
    letter = rf"(?:[^\W_]|[{marks}])" if marks else r"[^\W_]"
    letters = rf"[^\W_]*+(?:[{marks}]++[^\W_]*+)*+" if marks else r"[^\W_]*+"
    number = rf"\d++(?:[.,]\d++)++{letters}"
    acronym = rf"(?<![^\W_])[^\W\d_](?=\.)(?:\.[^\W\d_])+(?!{letter})\.?"
    possessive = rf"(?:[{quotes}][sS](?!{letter}))?"
    word = rf"[^\W_]{letters}"
    if split_at_quotes:
        pattern = rf"{number}|{acronym}|{word}"
    else:
        pattern = rf"{number}{possessive}|{acronym}{possessive}|{word}(?:[{quotes}]{word})*+"
    return re.compile(rf"{pattern}|(?<=\d){PERCENT}", re.ASCII if ascii_only else 0)


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(f"[{_MARKS}]")


_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_STRAIGHT = dict.fromkeys(map(ord, _QUOTES), "'") | {0x2044: "/"}  # ½ is 1/2, not 12
#: Latin letters that Unicode does not decompose, and the two Cyrillic spellings of one letter.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ё": "е"}
)
_NO_STEM = re.compile(r"[\d./%]")
_RUSSIAN = re.compile("[\u0430-\u044f\u0451]+")
_CACHED_TERMS = 1_000_000


class Token(Value):
    """A word of a text: its form and stem, and [start, end) in characters of that text."""

    form: str
    stem: str
    start: int
    end: int


def fold(word: str) -> str:
    """Return `word` without the diacritics of Latin and Greek letters; other scripts keep theirs."""
    if word.isascii():
        return word
    out: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.combining(char) == 0:
            base = char
        elif base and (ord(base) < 0x0400 or 0x1E00 <= ord(base) < 0x2000):
            continue
        out.append(char)
    return unicodedata.normalize("NFC", "".join(out)).translate(_UNDECOMPOSED)


def _tidy(raw: str) -> str:
    """Return `raw` as one comparable word with its diacritics: NFKC, case folded, quotes straight."""
    if raw.isascii():
        return raw.lower()[:LONGEST_FORM].rstrip("'")
    word = unicodedata.normalize("NFKC", raw.translate(_INVISIBLE)).casefold()
    word = unicodedata.normalize("NFKC", word).translate(_STRAIGHT)
    if not word.isalnum():
        word = "".join(c for c in word if c.isalnum() or c in "'.,/" or unicodedata.category(c)[0] == "M")
    return word[:LONGEST_FORM].strip("'")


class Analyzer:
    """The analyser of one language.

    `stemmer` maps a tidy word to its stem; by default it is NLTK's, loaded at the first word that needs
    it. Instances are safe to share between threads: the caches only ever gain equal values.
    """

    def __init__(self, language: str = "english", stemmer: Callable[[str], str] | None = None) -> None:
        if language not in LANGUAGES:
            raise UsageProblem(f"unknown language {language!r}", f"one of {', '.join(LANGUAGES)}")
        self.language = language
        self.english = language == "english"
        self._splits = language in ("french", "italian")
        self._stemmer = stemmer
        self._terms: dict[str, tuple[str, str]] = {}
        self._stems: dict[str, str] = {}

    @property
    def stems(self) -> dict[str, str]:
        """The stems known so far, tidy word to stem; the dictionary itself, not a copy."""
        return self._stems

    def learn(self, stems: Mapping[str, str]) -> None:
        """Take over stems kept from an earlier build by the same rules and language."""
        self._stems.update(stems)

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the words of `text` in order; a word's position is its number, counted from 0."""
        if text.isascii() and text.isalpha():
            yield Token(*self.term(text), 0, len(text))
            return
        for match in self.pattern(text).finditer(text):
            form, stem = self.term(match[0])
            if form:
                yield Token(form, stem, match.start(), match.end())

    def pattern(self, text: str) -> re.Pattern[str]:
        """Return the pattern of the words of `text`; what it finds in parts of it are words too."""
        if text.isascii():
            return token_pattern(ascii_only=True, split_at_quotes=self._splits)
        with_marks = _mark().search(text) is not None
        return token_pattern(with_marks=with_marks, split_at_quotes=self._splits)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where the words of `text` stand, unanalysed (see `term`): for those who want few of them.

        A match whose term is ("", "") is no word.
        """
        return self.pattern(text).finditer(text)

    def terms(self, text: str) -> list[tuple[str, str]]:
        """Return the (form, stem) pairs of `text` in order, without offsets."""
        return [term for term in map(self.term, self.pattern(text).findall(text)) if term[0]]

    def term(self, raw: str) -> tuple[str, str]:
        """Return the (form, stem) of one token's text; ("", "") if nothing of it can be compared."""
        known = self._terms.get(raw)
        if known is None:
            if len(self._terms) >= _CACHED_TERMS:
                self._terms.clear()
            known = self._terms[raw] = self._analyse(raw)
        return known

    def stem(self, word: str) -> str:
        """Return the stem of a tidy word or form; words with digits or stops are their own stems."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._stem(word)
        return known

    def stems_of(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each of some words of ASCII letters in lower case, no longer than a form."""
        found = list(map(self._stems.get, words))
        known = [stem for stem in found if stem is not None]
        if len(known) == len(found):
            return known
        stemmer = self._loaded_stemmer()
        new = [word for word, stem in zip(words, found, strict=True) if stem is None]
        self._stems.update(zip(new, map(sys.intern, map(fold, map(stemmer, new))), strict=True))
        self._stems.update((word, word) for word in new if not self._stems[word])
        return [self._stems[word] for word in words]

    def _loaded_stemmer(self) -> Callable[[str], str]:
        if self._stemmer is None:
            self._stemmer = quick_stemmer(self.language)
        return self._stemmer

    def _analyse(self, raw: str) -> tuple[str, str]:
        word = _tidy(raw)
        if self.english or word.endswith(".'s"):
            word = fold(word.removesuffix("'s"))
        if "." in word:  # one acronym, however it was ended; a number ends with its last digit
            word = word.rstrip(".") + ("" if word[0].isdigit() else ".")
        return sys.intern(fold(word)), self.stem(word)

    def _stem(self, word: str) -> str:
        if not word or _NO_STEM.search(word):
            return fold(word)
        return sys.intern(fold(self._loaded_stemmer()(word)) or fold(word))


def nltk_stemmer(language: str) -> Callable[[str], str]:
    """Return NLTK's Snowball stemmer of `language`."""
    snowball = _nltk_snowball().SnowballStemmer
    if language == "arabic":  # its stemmer keeps state from word to word: a new one for each
        return lambda word: str(snowball(language).stem(word))
    stem: Callable[[str], str] = snowball(language).stem
    return stem


def quick_stemmer(language: str) -> Callable[[str], str]:
    """Return what maps words in lower case to NLTK's stems, without asking it about most English ones."""
    asked = nltk_stemmer(language)
    exceptions = getattr(_nltk_snowball().EnglishStemmer, "_EnglishStemmer__special_words", None)
    if language != "english" or exceptions is None:
        return asked
    from index.english import EnglishStemmer  # not at the top: only who stems many words needs it

    quick = EnglishStemmer(asked, exceptions)
    return quick if quick.agrees() else asked


@cache
def _nltk_snowball() -> ModuleType:
    """Return NLTK's module of Snowball stemmers, which needs next to nothing of NLTK.

    NLTK as a whole takes a third of a second to load. So it is passed over: while the one module is loaded,
    empty packages stand in their places. Where that does not work, all of it is loaded.
    """
    name = "nltk.stem.snowball"
    found = None if "nltk" in sys.modules else find_spec("nltk")
    if found is None or not found.submodule_search_locations:
        return import_module(name)
    stand_ins = {part: ModuleType(part) for part in ("nltk", "nltk.stem", "nltk.corpus")}
    stand_ins["nltk"].__path__ = list(found.submodule_search_locations)
    stand_ins["nltk.stem"].__path__ = [f"{path}/stem" for path in found.submodule_search_locations]
    stand_ins["nltk.corpus"].__dict__["stopwords"] = None  # a stemmer that is told to pass over them asks
    sys.modules.update(stand_ins)
    try:
        return import_module(name)
    except (ImportError, AttributeError):
        pass
    finally:
        for part in [part for part in sys.modules if part == "nltk" or part.startswith("nltk.")]:
            del sys.modules[part]
    return import_module(name)


def light_stemmer(language: str) -> Callable[[str], str]:
    """Return a stemmer equal to NLTK's on any word, without loading NLTK where there is one.

    Whoosh carries Snowball stemmers of its own; those of `LIGHT_LANGUAGES` were found equal to NLTK's on
    the vocabulary of real corpora and on random words (tests/index/test_analysis.py).
    """
    if language not in LIGHT_LANGUAGES:
        return nltk_stemmer(language)
    light: Callable[[str], str] = _snowball(language)().stem
    if language != "russian":
        return light
    # NLTK reads Latin letters as transliterated Russian; Whoosh leaves them alone.
    return lambda word: light(word) if _RUSSIAN.fullmatch(word) else nltk_stemmer(language)(word)


def _snowball(language: str) -> Any:
    """Return Whoosh's stemmer of a language, of `LIGHT_LANGUAGES`; those of the others are not loaded.

    Their package loads all of them, which takes longer than a query. So it is passed over: while the one
    module is loaded, an empty package stands in its place.
    """
    package = "whoosh.lang.snowball"
    if package not in sys.modules:
        import whoosh.lang

        stand_in = ModuleType(package)
        stand_in.__path__ = [f"{path}/snowball" for path in whoosh.lang.__path__]
        sys.modules[package] = stand_in
        try:
            module = import_module(f"{package}.{language}")
        finally:
            del sys.modules[package]
    else:
        module = import_module(f"{package}.{language}")
    return getattr(module, f"{language.capitalize()}Stemmer")


def stop_words(language: str) -> frozenset[str]:
    """Return the forms of `language` that carry no content of their own; none for Arabic and Romanian."""
    from whoosh.lang.stopwords import stoplists

    listed: frozenset[str] = stoplists.get(_CODES.get(language, ""), frozenset())
    plain = frozenset(word for word in listed if word.isascii() and word.isalpha() and word.islower())
    analyzer = Analyzer(language, str)  # forms only: no stemmer is needed
    others = (analyzer.terms(word) for word in listed - plain)
    return plain | {terms[0][0] for terms in others if len(terms) == 1}


def fingerprint(language: str) -> dict[str, str]:
    """Return what a library must share with the program that adds to it: language, rules and NLTK."""
    return {"language": language, "rules": str(RULES_VERSION), "nltk": _nltk_release()}


@cache
def _nltk_release() -> str:
    found = find_spec("nltk")
    for folder in (found and found.submodule_search_locations) or ():
        try:
            return Path(folder, "VERSION").read_text("utf-8").strip()  # from where NLTK itself has it
        except (OSError, ValueError):
            pass
    from importlib.metadata import version  # takes long to load

    return version("nltk")
