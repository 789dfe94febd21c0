"""Query strings that nobody would type, and some that anybody might: random pieces, and mutated queries."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

OPERATORS = [
    *("AND", "OR", "NOT", "(", ")", '"', "“", "”", "-", "+", "="),
    *("*", "?", "~", "~1", "~2", "~99", "^", "^3"),
    *("title:", "text:", "source:", "author:", "path:", "id:"),
    *("date:", "since:", "until:", "titel:", "http://"),
    *("2022", "1987-03", "1987-02-30", "..", "7d", "1y", "\x1b[31m", "\u202e", "\ud800", "\x00", "\n", "'"),
]
EVERYDAY = [
    'trade "grain exports"~8 -japan',
    "(oil OR gas) AND price* date:1987-03..1987-04",
    'title:(opec OR "oil price") source:reuter^2',
    "coaltion~ w?ld *ation =figures",
    "don't multi-agent 20.04 U.S. @x a/b",
    "+wheat corn^3 soybean~1 since:40y until:today",
    "what is the price of crude oil in saudi arabia?",
    "id:15001 OR path:*.gz OR author:smith",
    "NOT (cocoa OR coffee) -sugar",
]
_LETTERS = "abcdefghijklmnopqrstuvwxyz ABC 0123456789 .,;:!?'\"()[]{}<>-+=*~^/\\|@#$%&_éß日’\t"


def hostile(seed: int, count: int, words: Sequence[str]) -> Iterator[str]:
    """Yield `count` queries, always the same for a seed: of operators and `words`, and mutated ones."""
    dice = random.Random(seed)
    for turn in range(count):
        kind = turn % 4
        if kind == 0:
            parts = dice.choices([*OPERATORS, *words], k=dice.randrange(1, 10))
            yield dice.choice(["", " "]).join(parts)
        elif kind == 1:
            yield _mutated(dice, dice.choice(EVERYDAY), words)
        elif kind == 2:
            yield "".join(dice.choices(_LETTERS, k=dice.randrange(1, 40)))
        else:
            yield _heavy(dice, words)


def _heavy(dice: random.Random, words: Sequence[str]) -> str:
    """Return a query that asks for much work: broad patterns, many clauses, deep brackets, frequent words."""
    many = dice.choices([1, 2, 3, 5, 8, 30, 300, 2000], [9, 9, 9, 9, 9, 3, 1, 1])[0]
    few, some = min(many, 30), min(many, 300)
    frequent = ["the", "of", "a", "in", "said", "to", *words]

    def drawn(count: int) -> list[str]:
        return dice.choices(frequent, k=count)

    kinds: list[Callable[[], str]] = [
        lambda: " ".join(_pattern(dice) for _ in range(few)),
        lambda: dice.choice([" OR ", " AND ", " NOT ", " -", " "]).join(drawn(many)),
        lambda: f'"{" ".join(drawn(few))}"{dice.choice(["", "~", "~8", "~99"])}',
        lambda: " ".join(f"{word}~{dice.choice([1, 2])}" for word in drawn(few)),
        lambda: f"{'NOT (' * some}{drawn(1)[0]}{')' * some}",
        lambda: f"({' OR '.join(drawn(some))})^{dice.randrange(9)} -({_pattern(dice)})",
        lambda: drawn(1)[0] * many,
        lambda: " ".join(f'"{" ".join(drawn(3))}"~8' for _ in range(few)),
        lambda: " ".join("".join(dice.choices("abcdeinorst", k=9)) for _ in range(some)),
        lambda: "/".join(drawn(many)),
        lambda: f"title:({' '.join(_pattern(dice) for _ in range(few))}) source:{_pattern(dice)}",
    ]
    return dice.choice(kinds)()


def _pattern(dice: random.Random) -> str:
    """Return a pattern of a word, mostly a broad one."""
    letters = dice.choices("abcdeinorst", k=dice.randrange(1, 4))
    return dice.choice(
        ["*{0}*", "{0}*", "*{0}", "?????", "?{0}?*", "*{0}*{0}*", "{0}?", "*?*?*", "??{0}*", "{1}*{0}"]
    ).format(*letters, "s")


def _mutated(dice: random.Random, query: str, words: Sequence[str]) -> str:
    """Return a query after some slips: characters lost, doubled, swapped, or pieces put in."""
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(query) + 1)
        slip = dice.randrange(4)
        if slip == 0:
            query = query[:at] + query[at + 1 :]
        elif slip == 1:
            query = query[:at] + query[at : at + 1] + query[at:]
        elif slip == 2:
            query = query[:at] + query[at + 1 : at + 2] + query[at : at + 1] + query[at + 2 :]
        else:
            query = query[:at] + dice.choice([*OPERATORS, *words]) + query[at:]
    return query
