"""The parser of queries that are more than words: tokens to a tree, by recursive descent.

Parsing never fails: what cannot be meant is read as plain words or left out, and a note says so with the
stretch of the query that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from index.value import replace
from search.lexer import Token
from search.moments import HINT, NoDate, parse_days
from search.nodes import CONTENT, DAYS, AllOf, AnyOf, Fact, Group, Node, Period, Phrase, Wildcard, Word
from search.results import Note

DEEPEST_NESTING = 50
#: Limits of `word~n`, `"a b"~n` and `word^n`; a title ends further from its body than words may be apart.
MOST_EDITS = 2
FARTHEST = 99
HIGHEST_BOOST = 100.0
#: Words may be so far apart where `~` after a phrase has no number.
NEAR = 10

_SPECIAL = re.compile(r"[=*?~^]")
_SUFFIX = re.compile(r"~(?P<number>\d*)$|\^(?P<boost>\d+(?:\.\d+)?)$", re.ASCII)
#: A `?` stands for a letter only before one: else it is a question mark.
_PATTERN = re.compile(r"\*|\?(?=\w|[*?]+\w)")
_WORD = re.compile(r"\w")


class Parser:
    """Recursive descent; `refused` says that a condition without meaning was left out."""

    def __init__(self, found: list[Token], notes: list[Note], today: date | None) -> None:
        self.tokens, self.notes, self.today = found, notes, today
        self.at = self.depth = 0
        self.field = ""
        self.exact = self.refused = False

    def note(self, text: str, token: Token) -> None:
        """Add a note about the stretch of the query that a token covers."""
        self.notes.append(Note(text, token.start, token.end))

    def peek(self) -> Token | None:
        """Return the next token without taking it; None behind the last."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_operator(self, name: str) -> bool:
        """Return whether the next token is the operator of this name."""
        token = self.peek()
        return token is not None and token.kind == "operator" and token.text == name

    def everything(self) -> list[Node]:
        """Parse all there is; a closing bracket without an opening one is noted and passed over."""
        parts: list[Node] = []
        while self.at < len(self.tokens):
            node = self.any_of()
            if node is not None:
                parts.append(node)
            token = self.peek()
            if token is not None:
                self.note("this bracket was never opened", token)
                self.at += 1
        return parts

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
                self.note(f"{operator} has nothing on one side and was passed over", token)
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
            before, refused = self.at, self.refused
            item = self.item()
            if item is not None:
                lists[sign].append(item)
            elif sign and self.at == before and refused == self.refused:
                self.note("nothing follows it", token)
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
        """item := '=' item | field item | ('(' or ')' | phrase) suffix* | text"""
        token = self.peek()
        if token is None or token.kind in ("operator", "close"):
            return None
        self.at += 1
        if token.kind in ("field", "equals"):
            return self.within(token)
        if token.kind == "open":
            return self.bracket(token)
        if self.field and self.field not in CONTENT:
            return self.condition(token)
        return self.phrase(token) if token.kind == "phrase" else self.word(token)

    def within(self, token: Token) -> Node | None:
        """Parse what follows a field or `=`, or several in a row; of fields the last counts."""
        outer = self.field, self.exact
        while True:
            if token.kind == "equals":
                self.exact = True
            else:
                self.field = token.text[:-1].lower()
            following = self.peek()
            if following is None or following.kind not in ("field", "equals"):
                break
            token = following
            self.at += 1
        inside = self.item()
        self.field, self.exact = outer
        return inside

    def condition(self, token: Token) -> Node | None:
        """Read the value of a field that keeps or leaves out articles; one without meaning is left out."""
        quoted = token.kind == "phrase"
        value = (token.text[1:-1] if quoted else token.text).strip()
        exact = self.exact or (not quoted and len(value) > 1 and value.startswith("="))
        value = value.lstrip("=") if exact and not quoted else value
        if self.field not in DAYS:
            if _WORD.search(value) or value == "*":
                return Fact(self.field, value, token.start, token.end, exact, quoted)
            self.note(f"{self.field}: has no value, left out", token)
        else:
            try:
                first, last = parse_days(self.field, value, self.today)
                return Period(self.field, value, token.start, token.end, first, last)
            except NoDate as problem:
                hint = f": {HINT}" if str(problem).endswith("no date") else ""
                self.note(f"{problem}, left out{hint}", token)
        self.refused = True
        return None

    def phrase(self, token: Token) -> Node:
        """Read a phrase with what follows it: `~8` for words in any order near each other, `^2`."""
        node = Phrase(token.text[1:-1], token.start, token.end, self.field)
        while (suffix := self.peek()) is not None and suffix.kind == "suffix":
            self.at += 1
            boost = self.boost(suffix)
            if suffix.text[0] == "~":
                node = replace(node, within=self.number(suffix, NEAR, FARTHEST, "words apart"))
            else:
                node = replace(node, boost=boost)
            node = replace(node, end=suffix.end)
        return node

    def number(self, suffix: Token, default: int, most: int, of: str) -> int:
        """Read the number of a `~`; one that is too high is noted."""
        digits = suffix.text[1:]
        wanted = int(digits[:6]) if digits else default
        if wanted > most:
            self.note(f"at most {most} {of}", suffix)
        return max(1, min(wanted, most))

    def boost(self, suffix: Token) -> float:
        """Read the number of a `^`; one that is too high is noted."""
        wanted = float(suffix.text[1:]) if suffix.text[0] == "^" else 1.0
        if wanted > HIGHEST_BOOST:
            self.note(f"a weight is at most {HIGHEST_BOOST:.0f}", suffix)
        return min(wanted, HIGHEST_BOOST)

    def word(self, token: Token) -> Node:
        """Read `=` before a word, wildcards in it, `~` and `^` after it; without meaning they are text."""
        text, start, end = token.text, token.start, token.end
        if not _SPECIAL.search(text):
            return Word(text, start, end, self.field, self.exact)
        edits: int | None = None
        boost = 1.0
        while (match := _SUFFIX.search(text)) and _takes(text[: match.start()], match):
            piece = Token("suffix", match[0], start + match.start(), start + len(text))
            text = text[: match.start()]
            if match["boost"]:
                boost = self.boost(piece)
            else:
                edits = self.edits(piece, text)
        exact = self.exact
        bare = text.lstrip("=")
        if len(bare) < len(text) and _WORD.search(bare):
            text, exact = bare, True
        pattern = _pattern(text)
        if pattern:
            if edits is not None:
                self.note("~ does not go together with wildcards", token)
            return Wildcard(pattern, start, end, self.field, boost)
        if exact and edits:
            self.note("~ does not go together with =", token)
            edits = None
        return Word(text, start, end, self.field, exact, edits, boost)

    def edits(self, suffix: Token, word: str) -> int:
        """Return the edits that a `~` allows: as its number says, else one, in long words two."""
        if suffix.text == "~0":
            return 0
        return self.number(suffix, 1 if len(word) < 8 else 2, MOST_EDITS, "typos in a word")

    def bracket(self, opening: Token) -> Node | None:
        """Parse to the closing bracket, which may be missing; very deep nesting is read flat."""
        if self.depth >= DEEPEST_NESTING:
            return None
        self.depth += 1
        inside = self.any_of()
        self.depth -= 1
        closing = self.peek()
        if closing is None or closing.kind != "close":
            self.note("this bracket is never closed", opening)
            return inside
        self.at += 1
        while (suffix := self.peek()) is not None and suffix.kind == "suffix":
            self.at += 1
            if suffix.text[0] == "~":
                self.note("~ works after a word or a phrase", suffix)
            elif inside is not None:
                inside = _boosted(inside, self.boost(suffix))
        return inside


def _takes(before: str, suffix: re.Match[str]) -> bool:
    """Return whether a `~` or `^` after this text is an operator: `10^6` is a number."""
    return bool(_WORD.search(before)) and not (suffix["boost"] and before.replace(".", "").isdigit())


def _pattern(text: str) -> str:
    """Return `text` as a pattern with `*` and `?`, or "" if it has none."""
    if not _PATTERN.search(text) or not _WORD.search(text) or (text.startswith("**") and text.endswith("**")):
        return ""
    while text.endswith("?"):
        text = text[:-1]
    return re.sub(r"\*+", "*", text)


def _boosted(node: Node, boost: float) -> Node:
    """Return a tree with the weights of its leaves multiplied, which multiplies that of the whole."""
    if isinstance(node, Word | Wildcard | Phrase):
        return replace(node, boost=min(node.boost * boost, HIGHEST_BOOST))
    if isinstance(node, Group):
        plain, required = (
            tuple(_boosted(item, boost) for item in items) for items in (node.plain, node.required)
        )
        return Group(plain, required, node.excluded)
    if isinstance(node, AllOf):
        return AllOf(tuple(_boosted(item, boost) for item in node.items))
    if isinstance(node, AnyOf):
        return AnyOf(tuple(_boosted(item, boost) for item in node.items))
    return node
