"""How long it takes to correct a query in a large vocabulary, and what the words of a query cost otherwise.

The vocabulary is that of the corpus, grown to half a million forms by words made of the pieces of others.
Queries are four words that stand side by side in an article; all of their long words are misspelt. Each is
read once, after others of the same kind, and nothing that was found for one is asked for another.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.child import built
from benchmarks.corpus import Doc, read, write
from benchmarks.quality_typos import every_word, one_word
from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import percentile
from index.library import Library
from search.plan import Mode
from search.query import parse
from search.searcher import Searcher

FORMS = 500_000
#: Coined words a made-up article.
_EACH = 200
_WARM_UP = 20
_WORDS = re.compile(r"[a-z]+")


def words(setup: Setup) -> Section:
    """Measure how long the words of a query take to be read."""
    corpus = setup.corpus(setup.small)
    path = built(setup.work, _with_more_words(corpus, min(FORMS, setup.articles * 5)), "byline")
    rows: list[list[str]] = []
    with Searcher(Library.open(path)) as searcher:
        reader = searcher.rank("").generation.reader
        forms = len(reader.vocabulary.forms)
        queries = list(islice(_queries(corpus), setup.queries + _WARM_UP))
        ways: dict[str, Callable[[Sequence[str]], list[str]]] = {
            "as they are": list,
            "one misspelt": lambda query: one_word(query, random.Random(" ".join(query))),
            "all misspelt": lambda query: every_word(query, random.Random(" ".join(query))),
        }
        for name, way in ways.items():
            times = _times(searcher, [" ".join(way(query)) for query in queries])
            cells = (times[len(times) // 2], percentile(times, 0.95), max(times))
            rows.append([name, *(number(1000 * value) for value in cells)])
    return section(
        "words",
        setup.command("words"),
        f"""Milliseconds of processor time to read a query of four words over {forms:,} forms: finding out
        what its words stand for, and making the query that is searched.""",
        table(("Words", "p50", "p95", "most"), rows),
    )


def _times(searcher: Searcher, queries: Sequence[str]) -> list[float]:
    """Return the seconds that each query but the first ones takes to be read, sorted."""
    times: list[float] = []
    generation = searcher.rank("").generation
    for query in queries:
        parsed = parse(query)
        began = time.process_time()
        generation.interpreter.plan(parsed, Mode.AUTO, True)
        times.append(time.process_time() - began)
    return sorted(times[_WARM_UP:] or times)


def _queries(corpus: Path) -> Iterator[tuple[str, ...]]:
    """Yield four words of four letters and more that follow each other in an article, each from another."""
    rng = random.Random(4)
    for doc in read(corpus):
        long = [word for word in _WORDS.findall(doc.text.lower()) if len(word) >= 4]
        if len(long) >= 8 and rng.random() < 0.3:
            at = rng.randrange(len(long) - 4)
            yield tuple(long[at : at + 4])


def _with_more_words(corpus: Path, forms: int) -> Path:
    """Return the corpus with made-up articles of coined words, so that it has about `forms` forms."""
    path = corpus.with_name(f"{corpus.stem}-{forms}-forms.jsonl")
    if not path.is_file():
        write(_coined(list(read(corpus)), forms), path)
    return path


def _coined(docs: list[Doc], forms: int) -> Iterator[Doc]:
    yield from docs
    known = {word for doc in docs for word in _WORDS.findall(doc.text.lower())}
    pieces = sorted(word for word in known if len(word) >= 4)
    rng = random.Random(9)
    fresh: list[str] = []
    while len(known) < forms:
        one, other = rng.choice(pieces), rng.choice(pieces)
        coined = one[: rng.randint(2, len(one))] + other[-rng.randint(2, 5) :]
        if coined not in known:
            known.add(coined)
            fresh.append(coined)
    for place, start in enumerate(range(0, len(fresh), _EACH)):
        yield Doc(len(docs) + place, "", " ".join(fresh[start : start + _EACH]))
