"""Query strings that nobody would type, and some that anybody might: random pieces, and mutated queries."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

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
        kind = turn % 3
        if kind == 0:
            parts = dice.choices([*OPERATORS, *words], k=dice.randrange(1, 10))
            yield dice.choice(["", " "]).join(parts)
        elif kind == 1:
            yield _mutated(dice, dice.choice(EVERYDAY), words)
        else:
            yield "".join(dice.choices(_LETTERS, k=dice.randrange(1, 40)))


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
