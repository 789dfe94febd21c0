"""The English stems of NLTK, most of them read off a word's end.

NLTK's stemmer tries every rule of every step on each word, which takes some 18 µs. Of most words one can see
at once which rules apply; these are decided here. About all others NLTK is asked, which also has the last
word on whether this is done at all (`agrees`). Tests compare both on real and random words.

*R1* is what follows the first consonant behind a vowel, *R2* the same within R1. A `y` at the beginning or
behind a vowel is a consonant, written `Y` here. A function for a step returns None where NLTK is to be asked.

Source: M. Porter, "The English (Porter2) stemming algorithm" (2002), as NLTK has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

#: What steps 2 and 3 look for, shortened to what tells it from other ends.
_STEPS_2_3 = (
    "ation", "tional", "ness", "alism", "izer", "ator", "alize", "icate", "ative", "ical", "ful",
    "li", "iti", "nci", "ogi",
)  # fmt: skip
#: The ends that step 4 removes in R2.
_STEP_4 = re.compile("(?:e?ment|[ae]nce|[ai]ble|[ae]nt|ism|ate|ous|ive|ize|ion|al|er|ic)\\Z")
#: What any step looks for, by the last letter; a word that ends otherwise is its own stem.
_RULES = {
    "s": ("s",), "y": ("y",), "e": ("e",), "d": ("ed",), "g": ("ing",), "l": ("al", "ful", "ll"),
    "r": ("er", "ator"), "c": ("ic",), "n": ("ion",), "t": ("ant", "ent"), "m": ("ism",),
    "i": ("li", "iti", "nci", "ogi"),
}  # fmt: skip
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
#: For words that begin so, R1 is not where it is in others.
_OWN_REGIONS = ("gener", "commun", "arsen")

_regions = re.compile("([^aeiouy]*[aeiouy]+[^aeiouy])([^aeiouy]*[aeiouy]+[^aeiouy])?").match
_vowel = re.compile("[aeiouy]").search
_is_short = re.compile(r"(?:[^aeiouy][aeiouy][^aeiouywxY]|\A[aeiouy][^aeiouy])\Z").search
_mark_y = re.compile("(?<![^aeiou])y").sub
#: Ends with an `e` that no short syllable precedes.
_after_long = re.compile(r"(?:[aeiouywxY]|[^aeiouy].|[aeiouy]..)e\Z").search

#: Words of each kind.
PROBES = (
    "market markets news glass census gas vocabulary enjoy play played stopping reading hoped agreed dies "
    "hope horse house increase cow raised reasoned computer national relational ability quickly nations "
    "ladies studied rely generals commune arsenes added boxes falling sized fluently ponies apologies bled "
    "sing proposal controller instalment actively separated troubled yyy decidedly famous fallible"
)


class EnglishStemmer:
    """Maps words in lower case to the stems that `oracle`, NLTK's stemmer, gives.

    `exceptions` are the words whose stems NLTK has in a list.
    """

    def __init__(self, oracle: Callable[[str], str], exceptions: Collection[str]) -> None:
        self._oracle = oracle
        self._exceptions = exceptions

    def agrees(self) -> bool:
        """Return whether NLTK's stems of `PROBES` are those that are read off; another release may differ."""
        return all(self(word) == self._oracle(word) for word in PROBES.split())

    def __call__(self, word: str) -> str:
        """Return the stem of a word."""
        known = self._read_off(word) if word.isascii() and word.isalpha() else None
        return self._oracle(word) if known is None else known

    def _read_off(self, word: str) -> str | None:
        ends = _RULES.get(word[-1])
        if ends is None or not word.endswith(ends):
            return word  # no rule applies
        if len(word) < 4 or word in self._exceptions or word.startswith(_OWN_REGIONS):
            return None
        if "y" not in word:
            return _from_1a(word)
        if "yy" in word:
            return None
        known = _from_1a(_mark_y("Y", word))
        return None if known is None else known.replace("Y", "y")


def _from_1a(word: str) -> str | None:
    if word[-1] == "s" and word[-2] not in "su":
        if word.endswith("ies"):
            return _from_2(word[:-2]) if len(word) > 4 else None
        if word.endswith("sses") or not _vowel(word, 0, len(word) - 2):
            return None
        return _from_1b(word[:-1])
    if word.endswith("ied"):
        return _from_2(word[:-2]) if len(word) > 4 else None
    return _from_1b(word)


def _from_1b(word: str) -> str | None:
    if word.endswith(("eed", "edly", "ingly")):
        return None
    if not word.endswith(("ed", "ing")):
        return _from_1c(word)
    part = word[:-2] if word[-1] == "d" else word[:-3]
    if not _vowel(part):
        return word
    regions = _regions(part)
    if part.endswith(("at", "bl", "iz")):  # where R2 has not begun, NLTK lets it begin with the new `e`
        return _from_2(part + "e") if regions and regions[2] else None
    if part.endswith(_DOUBLE):
        return _from_1c(part[:-1])
    if (not regions or regions.end(1) == len(part)) and _is_short(part):
        return part + "e"  # with nothing in R1, nothing more happens to it
    return _from_1c(part)


def _from_1c(word: str) -> str | None:
    return _from_2(f"{word[:-1]}i") if len(word) > 2 and word[-1] == "y" else _from_2(word)


def _from_2(word: str) -> str | None:
    if not word.endswith(_STEPS_2_3):
        return _from_4(word)
    if not word.endswith("li") or word.endswith(("bli", "alli", "entli", "ousli", "fulli", "lessli")):
        return None
    regions = _regions(word)
    if not regions or regions.end(1) > len(word) - 2 or word[-3] not in "cdeghkmnrt":
        return word
    return None if word.endswith(_STEPS_2_3, 0, len(word) - 2) else _from_4(word[:-2])


def _from_4(word: str) -> str:
    found = _STEP_4.search(word)
    if not found and word[-1] not in "el":
        return word
    regions = _regions(word)
    if not regions:
        return word
    r1, r2 = regions.end(1), regions.end(2) if regions[2] else len(word)
    if found and found.start() >= r2 and (found[0] != "ion" or word[-4] in "st"):
        word = word[: found.start()]
    if word[-1] == "l":
        return word[:-1] if r2 < len(word) and word[-2] == "l" else word
    if word[-1] == "e" and (r2 < len(word) or (r1 < len(word) > 3 and _after_long(word))):
        return word[:-1]
    return word
