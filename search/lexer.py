"""Query text to tokens: where operators, fields, quotes and signs stand, and what is only text."""

from __future__ import annotations

import re
from typing import NamedTuple

from search.nodes import CONTENT, FIELDS
from search.results import Note

QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb'
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<operator>(?:AND|OR|NOT)(?=[\s()]|$))
    |(?P<sign>[-+]+(?=[^\s)+-]))
    |(?P<equals>=(?=[({QUOTES}]|[A-Za-z]+:[^\s/:)]))
    |(?P<field>[A-Za-z]+:(?=[^\s:)]))
    |(?P<phrase>[{QUOTES}][^{QUOTES}]*[{QUOTES}])
    |(?P<quote>[{QUOTES}])
    |(?P<suffix>(?:~\d*|\^\d+(?:\.\d+)?)(?=[\s()~^{QUOTES}]|$))
    |(?P<text>[^\s(){QUOTES}]+)""",
    re.VERBOSE,
)
#: From so many words on, a query in capitals is taken for prose.
_MANY_WORDS = 6


class Token(NamedTuple):
    """A piece of a query: [start, end) in its characters, never empty."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, notes: list[Note]) -> list[Token]:
    """Return the tokens of a query without its spaces; add what cannot be meant to `notes`.

    Kinds are `open`, `close`, `operator`, `sign`, `equals` (before quotes, a bracket or a field), `field`,
    `phrase`, `suffix` (`~2` or `^3` after a phrase or a bracket) and `text`.
    """
    found: list[Token] = []
    for token in map(_token, _TOKEN.finditer(text)):
        last = found[-1] if found and found[-1].end == token.start else None
        kind = _kind(token, last, text, notes)
        if kind == "quote":
            notes.append(Note("this quotation mark is never closed", token.start, token.end))
        elif kind == "text" and last is not None and last.kind == "text":
            found[-1] = Token("text", last.text + token.text, last.start, token.end)
        elif kind not in ("space", "nothing"):
            found.append(token._replace(kind=kind))
    if _is_prose_in_capitals(text, found):
        notes.append(Note("in a long query all in capitals AND, OR and NOT are words"))
        return [token._replace(kind="text") for token in found]
    return found


def _is_prose_in_capitals(text: str, found: list[Token]) -> bool:
    """Return whether a query has operators that look so only because all of it is in capitals."""
    kinds = {token.kind for token in found}
    return (
        kinds == {"text", "operator"}
        and text.isupper()
        and sum(t.kind == "text" for t in found) >= _MANY_WORDS
    )


def _token(match: re.Match[str]) -> Token:
    return Token(str(match.lastgroup), match[0], match.start(), match.end())


def _kind(token: Token, last: Token | None, text: str, notes: list[Note]) -> str:
    """Return what a token is after the one that it touches."""
    kind, before = token.kind, last.kind if last is not None else ""
    if kind in ("space", "open", "close", "phrase", "text"):
        return kind
    if kind == "suffix":
        return kind if before in ("phrase", "close", "suffix") else "text"
    if kind == "sign" and before in ("text", "close", "phrase", "suffix"):
        return "nothing" if before != "text" else "text"  # not after a space: part of a compound
    if kind in ("sign", "operator") and before in ("field", "equals"):
        return "text"
    if kind == "field":
        return _field(token, last, text, notes)
    return kind


def _field(token: Token, last: Token | None, text: str, notes: list[Note]) -> str:
    """Return `field` for a field that exists, `nothing` for one that does not, `text` where none is meant."""
    name = token.text[:-1].lower()
    if last is not None and last.kind == "field" and last.text[:-1].lower() not in CONTENT:
        return "text"  # the value of a condition may hold a colon
    if last is not None and last.kind == "text":
        return "text"
    if name in FIELDS:
        return "field"
    if not (text[token.end].isalpha() or text[token.end] in f"=({QUOTES}"):
        return "text"  # an address, a port, a time: no attempt at a field
    message = f"{token.text[:-1]} is no field ({', '.join(FIELDS)}): only what follows it was searched for"
    notes.append(Note(message, token.start, token.end))
    return "nothing"
