"""From what was typed to a tree: the query language, free of any library.

Words stand for their stems, `"quoted words"` for a phrase, `word*` for every word that begins so, `=word`
for the word as written. `AND`, `OR` and `NOT` in capitals, `-word`, `+word`, parentheses and the fields
`title:` and `text:` combine them; words side by side bind tightest, then AND, then OR. Everything else is
text. Parsing never fails: what cannot be meant is read as plain words, and a note says so.

Every node keeps [start, end) in characters of the query, for notes, corrections and carets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from index.value import Value
from search.results import Note

FIELDS = ("title", "text")

#: Longer queries are cut here, with a note: nobody types them, and recursion must stay bounded.
LONGEST_QUERY = 10_000
DEEPEST_NESTING = 50

_OPENING = '"\u201c\u201d\u201e\u00ab\u00bb'
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<operator>(?:AND|OR|NOT)(?=[\s()]|$))
    |(?P<sign>[-+]+(?=[^\s)+-]))
    |(?P<field>[A-Za-z]+:(?=[^\s/:)]))
    |(?P<phrase>[{_OPENING}](?P<inner>[^{_OPENING}]*)[{_OPENING}])
    |(?P<quote>[{_OPENING}])
    |(?P<text>[^\s(){_OPENING}]+)""",
    re.VERBOSE,
)


class Word(Value):
    """One chunk of query text without spaces; it may hold several words (`Daesh/ISIS`).

    `exact` asks for the word as written, `prefix` for every word that begins so. `field` is "" for the
    whole article.
    """

    text: str
    start: int
    end: int
    field: str = ""
    exact: bool = False
    prefix: bool = False


class Phrase(Value):
    """Words that must stand side by side in this order; `text` is what stood between the quotes."""

    text: str
    start: int
    end: int
    field: str = ""


class Group(Value):
    """Items side by side: plain ones, required ones (`+`) and excluded ones (`-`, NOT)."""

    plain: tuple[Node, ...]
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()


class AllOf(Value):
    """Operands of AND."""

    items: tuple[Node, ...]


class AnyOf(Value):
    """Operands of OR."""

    items: tuple[Node, ...]


Node = Word | Phrase | Group | AllOf | AnyOf


class ParsedQuery(Value):
    """A query as parsed: `tree` is None if nothing in it can be searched for."""

    text: str
    tree: Node | None
    notes: tuple[Note, ...] = ()


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Parser:
    def __init__(self, tokens: list[_Token], notes: list[Note]) -> None:
        self.tokens, self.notes = tokens, notes
        self.at = self.depth = 0
        self.field = ""

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_operator(self, name: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "operator" and token.text == name

    def any_of(self) -> Node | None:
        """or := and (OR and)*"""
        return self.chain("OR", self.all_of, AnyOf)

    def all_of(self) -> Node | None:
        """and := group (AND group)*"""
        return self.chain("AND", self.group, AllOf)

    def chain(
        self, operator: str, operand: Callable[[], Node | None], kind: type[AllOf] | type[AnyOf]
    ) -> Node | None:
        """Parse operands joined by one operator; one without an operand is noted and passed over."""
        items = [operand()]
        while self.is_operator(operator):
            token = self.tokens[self.at]
            self.at += 1
            following = operand()
            if items[-1] is None or following is None:
                self.notes.append(
                    Note(f"{operator} has nothing on one side and was passed over", token.start, token.end)
                )
            items.append(following)
        found = tuple(item for item in items if item is not None)
        if len(found) > 1:
            return kind(found)
        return found[0] if found else None

    def group(self) -> Node | None:
        """group := ([+-] | NOT)* item ..., until an operator, a closing bracket or the end."""
        lists: dict[str, list[Node]] = {"": [], "+": [], "-": []}
        while (token := self.peek()) is not None and token.kind != "close":
            if token.kind == "operator" and token.text != "NOT":
                break
            sign = self.signs()
            item = self.item()
            if item is not None:
                lists[sign].append(item)
            elif sign:
                self.notes.append(Note("nothing follows it", token.start, token.end))
        if not any(lists.values()):
            return None
        if len(lists[""]) == 1 and not lists["+"] and not lists["-"]:
            return lists[""][0]
        return Group(tuple(lists[""]), tuple(lists["+"]), tuple(lists["-"]))

    def signs(self) -> str:
        """Consume signs and NOTs before an item; the effect is that of the last sign, NOTs cancel."""
        sign = ""
        while (token := self.peek()) is not None and (
            token.kind == "sign" or (token.text == "NOT" and token.kind == "operator")
        ):
            self.at += 1
            if token.kind == "sign":
                sign = token.text[-1]
            else:
                sign = "" if sign == "-" else "-"
        return sign

    def item(self) -> Node | None:
        """item := '(' or ')' | field item | phrase | text"""
        token = self.peek()
        if token is None or token.kind in ("operator", "close"):
            return None
        self.at += 1
        if token.kind == "open":
            return self.bracket(token)
        if token.kind == "field":
            return self.within(token)
        if token.kind == "phrase":
            return Phrase(token.text[1:-1], token.start, token.end, self.field)
        return self.word(token)

    def within(self, token: _Token) -> Node | None:
        """Parse what follows a field; of fields in a row the last counts."""
        outer = self.field
        while token.kind == "field":
            self.field = token.text[:-1].lower()
            following = self.peek()
            if following is None or following.kind != "field":
                break
            token = following
            self.at += 1
        inside = self.item()
        self.field = outer
        return inside

    def word(self, token: _Token) -> Word:
        """Read `=` before a word and `*` after it; alone they are text."""
        text = token.text
        bare = text.strip("=*")
        exact = bool(bare) and text.startswith("=")
        prefix = bool(bare) and text.endswith("*")
        return Word(bare if exact or prefix else text, token.start, token.end, self.field, exact, prefix)

    def bracket(self, opening: _Token) -> Node | None:
        """Parse to the closing bracket, which may be missing; very deep nesting is read flat."""
        if self.depth >= DEEPEST_NESTING:
            return None
        self.depth += 1
        inside = self.any_of()
        self.depth -= 1
        closing = self.peek()
        if closing is not None and closing.kind == "close":
            self.at += 1
        else:
            self.notes.append(Note("this bracket is never closed", opening.start, opening.end))
        return inside


def _tokenise(text: str, notes: list[Note]) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # a sign or field at the very end: plain text
            kind, end = "text", at + 1
        else:
            kind, end = "phrase" if match["phrase"] else str(match.lastgroup), match.end()
        found = _Token(kind, text[at:end], at, end)
        at = end
        follows_text = (
            bool(tokens) and tokens[-1].end == found.start and tokens[-1].kind in ("text", "close", "phrase")
        )
        if kind == "field" and found.text[:-1].lower() not in FIELDS:
            notes.append(Note(f"{found.text[:-1]} is no field; searched as words", found.start, found.end))
            kind = "text"
            found = found._replace(kind=kind)
        if kind == "quote":
            notes.append(Note("this quotation mark is never closed", found.start, found.end))
        elif kind == "sign" and follows_text:
            continue  # not after a space: part of a compound, not an operator
        elif kind == "text" and tokens and tokens[-1].kind == "text" and tokens[-1].end == found.start:
            tokens[-1] = _Token("text", tokens[-1].text + found.text, tokens[-1].start, found.end)
        elif kind != "space":
            tokens.append(found)
    return tokens


#: Queries of words and operators alone: most that are typed, and read here without a parser.
_PLAIN = re.compile(r"[a-z]+(?: (?:AND |OR )?[a-z]+)*")


def _plain(text: str) -> Node | None:
    """Return the tree of words side by side, all joined by AND or all by OR; None for any other query."""
    if len(text) > LONGEST_QUERY or not _PLAIN.fullmatch(text):
        return None
    words: list[Word] = []
    kinds: list[type[AllOf] | type[AnyOf]] = []
    at = 0
    for word in text.split(" "):
        end = at + len(word)
        if word[0] >= "a":
            words.append(Word(word, at, end))
        else:
            kinds.append(AllOf if word == "AND" else AnyOf)
        at = end + 1
    if not kinds:
        return Group(tuple(words)) if len(words) > 1 else words[0]
    if len(kinds) == len(words) - 1 and len(set(kinds)) == 1:
        return kinds[0](tuple(words))
    return None


def parse(text: str) -> ParsedQuery:
    """Return the tree of a query; never raises."""
    tree = _plain(text)
    if tree is not None:
        return ParsedQuery(text, tree)
    notes: list[Note] = []
    if len(text) > LONGEST_QUERY:
        notes.append(Note(f"only the first {LONGEST_QUERY:,} characters were read", LONGEST_QUERY, len(text)))
    parser = _Parser(_tokenise(text[:LONGEST_QUERY], notes), notes)
    parts: list[Node] = []
    while parser.at < len(parser.tokens):
        node = parser.any_of()
        if node is not None:
            parts.append(node)
        token = parser.peek()
        if token is not None:  # only a closing bracket without an opening one stops the parser early
            notes.append(Note("this bracket was never opened", token.start, token.end))
            parser.at += 1
    if not parts and re.search(r"\w", text):
        parts = [Word(match[0], *match.span()) for match in re.finditer(r"[^\s()]+", text[:LONGEST_QUERY])]
        notes[:] = [Note("there is nothing to combine; searched as plain words", 0, len(text))]
    tree = parts[0] if len(parts) == 1 else (Group(tuple(parts)) if parts else None)
    return ParsedQuery(text, tree, tuple(notes))
