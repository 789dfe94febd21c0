"""What is indexed: a corpus of real articles where there is one, else a made-up one, grown as needed."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parent.parent
#: Research data that may lie beside the checkout; it is no part of it.
REUTERS = CHECKOUT.parent / "shared" / "corpora" / "reuters" / "corpus.jsonl.gz"

_WORDS = re.compile(r"([A-Za-z]{3,})")
#: One word in so many is replaced in a grown copy, and one replacement in so many is a new word.
_REPLACED = 8
_COINED = 40


class Doc(NamedTuple):
    """An article to index: its number (from 0), title and text."""

    number: int
    title: str
    text: str

    @property
    def size(self) -> int:
        """The bytes of title and text in UTF-8."""
        return len(self.title.encode()) + len(self.text.encode())


def read(path: Path, limit: int | None = None) -> Iterator[Doc]:
    """Yield the articles of a JSONL file (`.gz` too) with `title` and `text`, numbered in their order."""
    with path.open("rb") as plain, gzip.open(plain) if path.suffix == ".gz" else plain as lines:
        for number, line in enumerate(islice(lines, limit)):
            record = json.loads(line)
            yield Doc(number, record.get("title", ""), record.get("text", ""))


def write(docs: Iterable[Doc], path: Path) -> None:
    """Write articles as JSONL with `id`, `title` and `text`; the file is there only when it is complete."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        for doc in docs:
            out.write(json.dumps({"id": str(doc.number), "title": doc.title, "text": doc.text}) + "\n")
    part.replace(path)


def made_up(seeds: Path, count: int, seed: int = 21578) -> Iterator[Doc]:
    """Yield articles put together from the sentences of the text files below `seeds`, always the same."""
    rng = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in sorted(seeds.rglob("*.txt"))]
    titles = [text.strip().split("\n", 1)[0] for text in texts]
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if len(part) > 20]
    for number in range(count):
        chosen = rng.choices(sentences, k=rng.randint(3, 14))
        yield Doc(number, rng.choice(titles), " ".join(chosen))


def grown(docs: Iterable[Doc], count: int) -> Iterator[Doc]:
    """Yield `count` articles: first `docs`, then copies of them in which one word in eight is another.

    A replacement is a word of the corpus, drawn as often as it occurs there; one in forty is a new word
    made of the pieces of two, so that the vocabulary grows with the corpus as that of real text does.
    """
    base = list(docs)
    yield from base[:count]
    words = [word for doc in base[:4000] for word in _WORDS.findall(doc.text)]
    pieces = [_WORDS.split(doc.text) for doc in base]
    rng = random.Random(8)
    for number in range(len(base), count):
        doc = base[number % len(base)]
        changed = pieces[number % len(base)].copy()
        inner = range(1, len(changed), 2)
        for place in rng.sample(inner, len(inner) // _REPLACED):
            changed[place] = _word(words, rng)
        yield Doc(number, doc.title, "".join(changed))


def _word(words: list[str], rng: random.Random) -> str:
    word = rng.choice(words)
    if rng.randrange(_COINED):
        return word
    return word[: rng.randint(2, len(word))].lower() + rng.choice(words)[-4:].lower()


def prepared(folder: Path, count: int | None, source: Path | None = None) -> Path:
    """Return a JSONL file in `folder` with `count` articles, made at the first call.

    They come from `source`; without it from the research data, or, where that is missing, from the seeds.
    `count` None takes the articles of the source as they are.
    """
    origin = source or (REUTERS if REUTERS.is_file() else None)
    name = origin.name.split(".")[0] if source and origin else "reuters" if origin else "made-up"
    path = folder / f"{name}-{count or 'all'}.jsonl"
    if not path.is_file():
        docs = read(origin) if origin else made_up(CHECKOUT / "seeds", min(count or 20_000, 20_000))
        write(docs if count is None else grown(docs, count), path)
    return path
