"""From what was typed to a tree: the query language, free of any library.

`docs/query-language.md` is its grammar for people. Words side by side bind tightest, then AND, then OR;
operators are capitals. Any text is a query: parsing never fails.
"""

from __future__ import annotations

import re
from datetime import date

from search.nodes import AllOf, AnyOf, Group, Node, ParsedQuery, Phrase, Wildcard, Word
from search.results import Note

#: Longer queries are cut here, with a note: nobody types them, and recursion must stay bounded.
LONGEST_QUERY = 4_000

#: Text that holds nothing but words, unless one of them is an operator.
_PLAIN = re.compile(r"[\w\s.,'’!/]*")
_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT)(?!\S)")
#: What most queries with operators are, read without a parser: words that are all joined, words side by side
#: in quotation marks, the beginning of a word.
_JOINED = re.compile(r"[a-z]+(?: (?:AND|OR) [a-z]+)+")
_QUOTED = re.compile(r'"([a-z]+(?: [a-z]+)*)"')
_BEGINNING = re.compile(r"[a-z]+\*")
_CHUNK = re.compile(r"\S+")


def parse(text: str, today: date | None = None) -> ParsedQuery:
    """Return the tree of a query; never raises.

    Times back, such as `7d`, count from `today`, by default the day that it is (UTC).
    """
    simple = _simple(text)
    if simple is not None:
        return ParsedQuery(text, simple, ())
    if len(text) <= LONGEST_QUERY and _PLAIN.fullmatch(text) and not _OPERATOR.search(text):
        return ParsedQuery(text, _side_by_side(_words(text)), ())
    return read(text, today)


def read(text: str, today: date | None = None) -> ParsedQuery:
    """Return what `parse` does, by the parser whatever the query is."""
    from search.lexer import tokens  # not at the top: most queries are words, and start without a parser
    from search.parser import Parser

    notes: list[Note] = []
    if len(text) > LONGEST_QUERY:
        notes.append(Note(f"only the first {LONGEST_QUERY:,} characters were read", LONGEST_QUERY, len(text)))
    short = text[:LONGEST_QUERY]
    parser = Parser(tokens(short, notes), notes, today)
    tree = _side_by_side(tuple(parser.everything()))
    if tree is None and not parser.refused and re.search(r"\w", short):
        tree = _side_by_side(_words(short.replace("(", " ").replace(")", " ")))
        notes[:] = [Note("there is nothing to combine; searched as plain words", 0, len(text))]
    return ParsedQuery(text, tree, tuple(notes))


def _simple(text: str) -> Node | None:
    """Return the tree of a query of small ASCII letters if it is one of the simple ones, else None."""
    if len(text) > LONGEST_QUERY:
        return None
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return Phrase(quoted[1], 0, len(text))
    if _BEGINNING.fullmatch(text):
        return Wildcard(text, 0, len(text))
    if not _JOINED.fullmatch(text):
        return None
    operator = "AND" if " AND " in text else "OR"
    words: list[Word] = []
    at = 0
    for word in text.split(" "):
        end = at + len(word)
        if word[0] >= "a":
            words.append(Word(word, at, end, "", False, None, 1.0))
        elif word != operator:
            return None
        at = end + 1
    return AllOf(tuple(words)) if operator == "AND" else AnyOf(tuple(words))


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(match[0], *match.span(), "", False, None, 1.0) for match in _CHUNK.finditer(text))


def _side_by_side(items: tuple[Node, ...]) -> Node | None:
    if len(items) == 1:
        return items[0]
    return Group(items, (), ()) if items else None
