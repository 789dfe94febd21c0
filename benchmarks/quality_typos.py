"""How much of the ranking is left when the words of a query are misspelt.

`python -m benchmarks.quality_typos`: judged queries are asked as they are, with one word damaged, and with
every word of five and more letters damaged; the measure is nDCG@10 (as trec_eval has it), any word may match.
For collections without judgements titles are the queries and the measure is the reciprocal rank, within the
best ten, of the article that the title belongs to: words of a query are then of one story, names among them.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.corpus import CHECKOUT
from index.library import Library
from search.searcher import Searcher

CORPORA = CHECKOUT.parent / "shared" / "corpora"
JUDGED = ("time", "cran", "cisi")
TITLED = ("bbc", "reuters")
SEEDS = (5, 6, 7)
#: So many titles are drawn of each collection without judgements.
TITLES = 300
DEPTH = 10

_WORD = re.compile(r"[a-z0-9]+")
_OPERATORS = frozenset(("and", "or", "not", "near"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

#: From a query's words to what is asked.
Damage = Callable[[Sequence[str], random.Random], list[str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A query and the grade of each relevant article by its key."""

    words: tuple[str, ...]
    grades: dict[str, int]


def misspelt(word: str, rng: random.Random) -> str:
    """Return a word of five and more letters with one inner letter replaced, doubled up, lost or swapped."""
    if len(word) < 5:
        return word
    at, kind, letter = rng.randrange(1, len(word) - 1), rng.randrange(4), rng.choice(_LETTERS)
    rest = {0: letter + word[at + 1 :], 1: letter + word[at:], 2: word[at + 1 :]}
    return word[:at] + rest.get(kind, word[at : at + 2][::-1] + word[at + 2 :])


def every_word(words: Sequence[str], rng: random.Random) -> list[str]:
    """Misspell every long word."""
    return [misspelt(word, rng) for word in words]


def one_word(words: Sequence[str], rng: random.Random) -> list[str]:
    """Misspell one of the long words."""
    long = [place for place, word in enumerate(words) if len(word) >= 5]
    chosen = rng.choice(long) if long else -1
    return [misspelt(word, rng) if place == chosen else word for place, word in enumerate(words)]


def judged(folder: Path) -> list[Topic]:
    """Return the judged queries of a collection, in their order."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.txt").read_text().splitlines():
        number, _, key, grade = line.split()
        grades.setdefault(number, {})[key] = int(grade)
    topics = []
    for line in (folder / "queries.tsv").read_text().splitlines():
        number, text = line.split("\t", 1)
        if number in grades:
            topics.append(Topic(words_of(text), grades[number]))
    return topics


def titled(searcher: Searcher, count: int) -> list[Topic]:
    """Return titles that one article has alone, with at least three long words, as queries for it."""
    articles = [hit.article for hit in searcher.hits(searcher.rank("the OR of OR in OR to"), passages=False)]
    named = [(article.key, words_of(article.title)) for article in articles if not article.title_derived]
    times = Counter(words for _, words in named)
    fit = [(key, w) for key, w in named if times[w] == 1 and sum(len(word) >= 5 for word in w) >= 3]
    fit.sort()
    drawn = random.Random(21578).sample(fit, min(count, len(fit)))
    return [Topic(words, {key: 1}) for key, words in drawn]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a query that are asked of an engine."""
    return tuple(word for word in _WORD.findall(text.lower()) if word not in _OPERATORS)


def ndcg(ranked: Sequence[str], grades: dict[str, int], depth: int = DEPTH) -> float:
    """Return nDCG at `depth` with the grades as gains, discounted by log2 (rank + 1)."""
    gains = [max(grades.get(key, 0), 0) for key in ranked[:depth]]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth]
    best = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(ideal))
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / best if best else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: dict[str, int]) -> float:
    """Return 1 / rank of the first relevant article within `DEPTH`, 0 without one."""
    return next((1.0 / rank for rank, key in enumerate(ranked[:DEPTH], 1) if key in grades), 0.0)


class Asked:
    """Asks one library and keeps the keys of its articles."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._keys: dict[int, str] = {}

    def keys(self, words: Sequence[str], typos: bool) -> list[str]:
        """Return the keys of the best articles that have any of the words."""
        ranked = self._searcher.rank(" ".join(words), mode="any", typos=typos, upto=DEPTH)
        docs = ranked.docs[:DEPTH].tolist()
        for doc in docs:
            if doc not in self._keys:
                self._keys[doc] = ranked.generation.reader.article(doc).key
        return [self._keys[doc] for doc in docs]


def rows(asked: Asked, topics: Sequence[Topic], measure: Callable[..., float]) -> Iterator[tuple[str, float]]:
    """Yield the name and the mean of each way of asking."""

    def mean(damage: Damage | None, typos: bool, seeds: Sequence[int]) -> float:
        found = []
        for seed in seeds:
            rng = random.Random(seed)
            for topic in topics:
                words = list(topic.words) if damage is None else damage(topic.words, rng)
                found.append(measure(asked.keys(words, typos), topic.grades))
        return fmean(found)

    yield "as typed", mean(None, False, (0,))
    yield "corrected", mean(None, True, (0,))
    yield "one word", mean(one_word, True, SEEDS)
    yield "every word", mean(every_word, True, SEEDS)
    yield "not corrected", mean(every_word, False, SEEDS)


def collections(work: Path, names: Sequence[str]) -> Iterator[tuple[str, Asked, list[Topic]]]:
    """Yield each collection that is there, indexed below `work` at the first call, with its queries."""
    for name in names:
        corpus = CORPORA / name / "corpus.jsonl.gz"
        if not corpus.is_file():
            print(f"{name}: no {corpus.name} beside the checkout", file=sys.stderr)
            continue
        path = work / name
        if not path.exists():
            Library.create(path).update([corpus])
        with Searcher(Library.open(path)) as searcher:
            topics = judged(corpus.parent) if name in JUDGED else titled(searcher, TITLES)
            yield name, Asked(searcher), topics


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--work", type=Path, help="where libraries are kept (default: a temporary folder)")
    options.add_argument("--collections", default=",".join(JUDGED + TITLED))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'':10}{'as typed':>12}{'corrected':>16}{'one word':>16}{'every word':>16}{'not corr.':>16}")
        for name, asked, topics in collections(given.work or Path(folder), given.collections.split(",")):
            found = dict(rows(asked, topics, ndcg if name in JUDGED else reciprocal_rank))
            clean = found.pop("as typed")
            shares = "".join(f"{value:9.4f} {value / clean:6.4f}" for value in found.values())
            print(f"{name:10}{clean:12.4f}{shares}", flush=True)


if __name__ == "__main__":
    main()
