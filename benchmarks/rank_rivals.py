"""The engines whose ranking is compared: each as it ranks by default, any word may match.

They index as in `rivals`; here they give many articles with their scores.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Doc
from benchmarks.rivals import Bm25s, Engine, FullText5, StockWhoosh, Tantivy

#: Article numbers and their scores, the best first.
Ranked = list[tuple[int, float]]


class Ranking(Engine):
    """An engine that ranks."""

    @abstractmethod
    def top(self, words: Sequence[str], depth: int) -> Ranked:
        """Return the best `depth` articles that have any of the words."""


class RankingWhoosh(StockWhoosh, Ranking):
    """Whoosh as it comes: stop words left out, BM25F over both fields."""

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        from whoosh import analysis, fields, index

        folder.mkdir()
        text = fields.TEXT(analyzer=analysis.StemmingAnalyzer(), stored=stored)
        schema: Any = fields.Schema(number=fields.STORED, title=text, body=text)
        writer: Any = index.create_in(str(folder), schema).writer(limitmb=256)
        for doc in docs:
            writer.add_document(number=doc.number, title=doc.title, body=doc.text)
        writer.commit()

    def top(self, words: Sequence[str], depth: int) -> Ranked:
        from whoosh import qparser

        schema = self._searcher.schema
        parser: Any = qparser.MultifieldParser(["title", "body"], schema, group=qparser.OrGroup)
        found = self._searcher.search(parser.parse(" ".join(words)), limit=depth)
        return [(hit["number"], hit.score) for hit in found]


class RankingTantivy(Tantivy, Ranking):
    """tantivy: BM25 of title and body, added."""

    def top(self, words: Sequence[str], depth: int) -> Ranked:
        query = self._index.parse_query(" ".join(words), list(self._fields))
        hits = self._searcher.search(query, depth).hits
        numbers = self._searcher.fast_field_values("number", [place for _, place in hits]) if hits else ()
        return [(number, score) for number, (score, _) in zip(numbers, hits, strict=True)]


class RankingFullText5(FullText5, Ranking):
    """SQLite's FTS5: BM25 over both columns alike."""

    def top(self, words: Sequence[str], depth: int) -> Ranked:
        typed = " OR ".join(f'"{word}"' for word in words)
        if not typed:
            return []
        rows = self._database.execute(
            "select rowid, rank from articles where articles match ? order by rank limit ?", (typed, depth)
        )
        return [(number, -rank) for number, rank in rows]


class RankingBm25s(Bm25s, Ranking):
    """bm25s: its default BM25 over title and body in one."""

    def top(self, words: Sequence[str], depth: int) -> Ranked:
        count = min(depth, int(self._scorer.scores["num_docs"]))
        found, scores = self._scorer.retrieve(self._tokens([" ".join(words)]), k=count, show_progress=False)
        return [
            (int(number), float(score))
            for number, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]


class RankingXapian(Ranking):
    """Xapian: its BM25 over title and body in one. XAPIAN_PATH may name the folder of its Python module."""

    name = "Xapian"

    def load(self) -> None:
        self._xapian: Any = importlib.import_module("xapian")

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        xapian = self._xapian
        database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OPEN)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("en"))
        for doc in docs:
            document = xapian.Document()
            generator.set_document(document)
            generator.set_termpos(0)
            generator.index_text(doc.title)
            generator.increase_termpos()
            generator.index_text(doc.text)
            document.set_data(str(doc.number))
            database.add_document(document)
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        xapian = self._xapian
        self._database = xapian.Database(str(folder))
        self._parser = xapian.QueryParser()
        self._parser.set_stemmer(xapian.Stem("en"))
        self._parser.set_database(self._database)
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)

    def ask(self, kind: Any, words: tuple[str, ...]) -> None:
        raise NotImplementedError("Xapian is asked for its ranking only")

    def top(self, words: Sequence[str], depth: int) -> Ranked:
        enquire = self._xapian.Enquire(self._database)
        enquire.set_query(self._parser.parse_query(" OR ".join(words)))
        found = enquire.get_mset(0, depth)
        return [(int(match.document.get_data()), match.weight) for match in found]

    def close(self) -> None:
        self._database.close()


RANKINGS: dict[str, type[Ranking]] = {
    "whoosh": RankingWhoosh,
    "tantivy": RankingTantivy,
    "fts5": RankingFullText5,
    "bm25s": RankingBm25s,
    "xapian": RankingXapian,
}


def installed(name: str) -> bool:
    """Return whether all modules that an engine needs can be found."""
    if name == "xapian" and os.environ.get("XAPIAN_PATH"):
        sys.path.append(os.environ["XAPIAN_PATH"])
    needed = {"tantivy": ("tantivy",), "bm25s": ("bm25s", "numba", "Stemmer"), "xapian": ("xapian",)}
    return all(importlib.util.find_spec(module) for module in needed.get(name, ()))
