"""The engines that are measured, one class each, all set up alike.

Each indexes title and body, stems English, leaves no stop words out and keeps positions. `ask` gives the
numbers of the ten best articles and the exact count of all, from the query's text or words: what an engine
does to read a query is part of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from benchmarks.corpus import Doc

BEST = 10


class Kind(StrEnum):
    """A kind of query, over the words that are drawn for it."""

    OR2 = "OR of 2"
    OR4 = "OR of 4"
    AND2 = "AND of 2"
    PHRASE2 = "phrase of 2"
    PREFIX = "prefix"
    TYPO = "one typo"
    COMMON = "a word in 7 of 10 articles"


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers of the best articles, the best first, and how many were found (None: not counted)."""

    best: tuple[int, ...]
    found: int | None


class Engine(ABC):
    """One engine. Everything that it writes lies in the folder that it is given."""

    name: str
    #: With how many threads or processes it can build.
    jobs: tuple[int, ...] = (1,)
    #: True if its queries take so long that few are asked.
    slow = False

    @abstractmethod
    def load(self) -> None:
        """Import what the engine needs."""

    @abstractmethod
    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        """Index articles into a new folder, with their text or without, down to the disk."""

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Open an index for `ask`."""

    @abstractmethod
    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        """Answer a query, or return None if the engine knows no such kind."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the index."""

    def scored(self, text: str) -> Iterable[tuple[str, float]]:
        """Answer a query as it is typed: the names of the best articles, the best first, and their scores."""
        raise NotImplementedError(f"{self.name} is not measured with batches")

    def begin(self, folder: Path) -> None:
        """Open an index, built with its text, for `replace` and `ask`."""
        raise NotImplementedError(f"{self.name} is not measured with updates")

    def replace(self, old: Doc, new: Doc) -> None:
        """Put `new` in the place of `old`: on the disk, and open to `ask`, when it returns."""
        raise NotImplementedError(f"{self.name} is not measured with updates")


class Byline(Engine):
    """byline through its Python calls: what `byline index` and `byline search` use."""

    name = "byline"
    jobs = (1, 2)
    stems: Path | None = None
    """The stems that an earlier build left, if it is to begin with those."""

    def load(self) -> None:
        for module in ("index.builder", "index.library", "index.reading", "search.searcher"):
            importlib.import_module(module)

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        from index.builder import Builder
        from index.library import Library

        library = Library.create(folder)
        settings: dict[str, Any] = {"jobs": jobs, "keep_articles": stored}
        analyzer = library.analyzer
        if self.stems is not None:
            analyzer.learn(json.loads(self.stems.read_bytes()))
        with Builder(library.path, analyzer, **settings) as builder:
            for doc in docs:
                builder.add(_article(doc))
            builder.commit()

    def leave_stems(self, path: Path) -> None:
        """Write all stems that this process knows, for the `stems` of another."""
        from index.schema import analyzer_of

        path.write_text(json.dumps(analyzer_of("english").stems))

    def open(self, folder: Path) -> None:
        from index.library import Library
        from search.searcher import Searcher

        self._library = Library.open(folder)
        self._searcher = Searcher(self._library)

    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        ranked = self._searcher.rank(typed(kind, words), upto=BEST, rank="fast")
        return Answer(tuple(map(int, self._searcher.ids(ranked))), ranked.total)

    def scored(self, text: str) -> Iterable[tuple[str, float]]:
        ranked = self._searcher.rank(text, upto=BEST, rank="fast")
        return zip(self._searcher.ids(ranked), ranked.scores.tolist(), strict=True)

    def begin(self, folder: Path) -> None:
        self.open(folder)

    def replace(self, old: Doc, new: Doc) -> None:
        from index.builder import Builder

        with Builder(self._library.path, self._library.analyzer) as builder:
            builder.delete([str(old.number)])
            builder.add(_article(new))
            builder.commit()
        self._searcher.refresh()

    def close(self) -> None:
        self._searcher.close()


def _article(doc: Doc) -> Any:
    from index.article import Article

    return Article(id=str(doc.number), title=doc.title, text=doc.text, path="")


def typed(kind: Kind, words: tuple[str, ...]) -> str:
    """Return a query as it is typed, in the notation that byline, tantivy, Whoosh and FTS5 share."""
    if kind in (Kind.OR2, Kind.OR4):
        return " OR ".join(words)
    if kind is Kind.AND2:
        return " AND ".join(words)
    if kind is Kind.PHRASE2:
        return f'"{" ".join(words)}"'
    return words[0] + ("*" if kind is Kind.PREFIX else "")


class Tantivy(Engine):
    """tantivy through its Python package; article numbers are read from a fast field."""

    name = "tantivy"
    jobs = (1, 2)
    _fields = ("title", "body")

    def load(self) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")

    def _schema(self, stored: bool) -> Any:
        builder = self._tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=False, indexed=True, fast=True)
        for name in self._fields:
            builder.add_text_field(name, stored=stored, tokenizer_name="en_stem")
        return builder.build()

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        folder.mkdir()
        index = self._tantivy.Index(self._schema(stored), path=str(folder))
        writer = index.writer(256_000_000 * jobs, jobs)
        for doc in docs:
            writer.add_document(self._document(doc))
        writer.commit()
        writer.wait_merging_threads()

    def _document(self, doc: Doc) -> Any:
        made = self._tantivy.Document(title=[doc.title], body=[doc.text])
        made.add_unsigned("number", doc.number)
        return made

    def open(self, folder: Path) -> None:
        self._index = self._tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        found = self._searcher.search(self._query(kind, words), BEST, count=True)
        places = [place for _, place in found.hits]
        best = self._searcher.fast_field_values("number", places) if places else ()
        return Answer(tuple(best), found.count)

    def scored(self, text: str) -> Iterable[tuple[str, float]]:
        query = self._index.parse_query(text, list(self._fields))
        hits = self._searcher.search(query, BEST, count=True).hits
        names = self._searcher.fast_field_values("number", [place for _, place in hits]) if hits else ()
        return zip(map(str, names), (score for score, _ in hits), strict=True)

    def _query(self, kind: Kind, words: tuple[str, ...]) -> Any:
        if kind not in (Kind.PREFIX, Kind.TYPO):
            return self._index.parse_query(typed(kind, words), list(self._fields))
        query, schema = self._tantivy.Query, self._index.schema
        if kind is Kind.PREFIX:
            parts = [query.regex_query(schema, field, words[0] + ".*") for field in self._fields]
        else:
            parts = [query.fuzzy_term_query(schema, field, words[0], 1, True) for field in self._fields]
        return query.boolean_query([(self._tantivy.Occur.Should, part) for part in parts])

    def begin(self, folder: Path) -> None:
        self.open(folder)
        self._writer = self._index.writer(30_000_000, 1)

    def replace(self, old: Doc, new: Doc) -> None:
        self._writer.delete_documents("number", old.number)
        self._writer.add_document(self._document(new))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        self._searcher = self._index = self._writer = None


class FullText5(Engine):
    """SQLite's FTS5, as it comes with Python."""

    name = "FTS5"
    slow = True

    def load(self) -> None:
        self._database = sqlite3.connect(":memory:")

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        folder.mkdir()
        database = sqlite3.connect(folder / "index.sqlite")
        content = "" if stored else "content='', "
        tokens = "tokenize='porter unicode61'"
        database.execute(f"create virtual table articles using fts5(title, body, {content}{tokens})")
        rows = ((doc.number, doc.title, doc.text) for doc in docs)
        database.executemany("insert into articles(rowid, title, body) values (?, ?, ?)", rows)
        database.execute("insert into articles(articles) values ('optimize')")
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "index.sqlite")

    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        if kind is Kind.TYPO:
            return None
        asked = (typed(kind, words),)
        best = self._database.execute(
            f"select rowid from articles where articles match ? order by rank limit {BEST}", asked
        ).fetchall()
        count = self._database.execute("select count(*) from articles where articles match ?", asked)
        return Answer(tuple(row[0] for row in best), count.fetchone()[0])

    def begin(self, folder: Path) -> None:
        self.open(folder)
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = full")

    def replace(self, old: Doc, new: Doc) -> None:
        with self._database:
            self._database.execute(
                "update articles set title = ?, body = ? where rowid = ?", (new.title, new.text, old.number)
            )

    def close(self) -> None:
        self._database.close()


class Bm25s(Engine):
    """bm25s with its compiled scorer: words joined by OR only, and no count."""

    name = "bm25s"

    def load(self) -> None:
        self._bm25s: Any = importlib.import_module("bm25s")
        self._stemmer: Any = importlib.import_module("Stemmer").Stemmer("english")

    def _tokens(self, texts: list[str]) -> Any:
        return self._bm25s.tokenize(texts, stopwords=None, stemmer=self._stemmer, show_progress=False)

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        scorer = self._bm25s.BM25(backend="numba")
        scorer.index(self._tokens([f"{doc.title}\n{doc.text}" for doc in docs]), show_progress=False)
        scorer.save(str(folder))

    def open(self, folder: Path) -> None:
        self._scorer = self._bm25s.BM25.load(str(folder), mmap=True)
        self._scorer.backend = "numba"
        self._scorer.activate_numba_scorer()

    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        if kind not in (Kind.OR2, Kind.OR4, Kind.COMMON):
            return None
        best = self._scorer.retrieve(self._tokens([" ".join(words)]), k=BEST, show_progress=False)[0]
        return Answer(tuple(best[0].tolist()), None)

    def close(self) -> None:
        self._scorer = None


class StockWhoosh(Engine):
    """Whoosh with its own codec, analyser and matchers; its commits do not wait for the disk."""

    name = "Whoosh"
    slow = True

    def load(self) -> None:
        for module in ("analysis", "fields", "index", "qparser", "query"):
            importlib.import_module(f"whoosh.{module}")

    def build(self, docs: Iterable[Doc], folder: Path, *, jobs: int, stored: bool) -> None:
        from whoosh import analysis, fields, index

        folder.mkdir()
        words = analysis.StemmingAnalyzer(stoplist=None)
        text = fields.TEXT(analyzer=words, stored=stored)
        schema: Any = fields.Schema(number=fields.STORED, title=text, body=text)
        writer: Any = index.create_in(str(folder), schema).writer(limitmb=256)
        for doc in docs:
            writer.add_document(number=doc.number, title=doc.title, body=doc.text)
        writer.commit()

    def open(self, folder: Path) -> None:
        from whoosh import index, qparser, query

        opened: Any = index.open_dir(str(folder))
        self._query: Any = query
        self._searcher: Any = opened.searcher()
        self._parser: Any = qparser.MultifieldParser(["title", "body"], opened.schema)

    def ask(self, kind: Kind, words: tuple[str, ...]) -> Answer | None:
        if kind is Kind.TYPO:
            fuzzy = self._query.FuzzyTerm
            parsed = self._query.Or([fuzzy(name, words[0], maxdist=1) for name in ("title", "body")])
        else:
            parsed = self._parser.parse(typed(kind, words))
        found = self._searcher.search(parsed, limit=BEST)
        return Answer(tuple(hit["number"] for hit in found), len(found))

    def close(self) -> None:
        self._searcher.close()


ENGINES: dict[str, type[Engine]] = {
    "byline": Byline,
    "tantivy": Tantivy,
    "fts5": FullText5,
    "bm25s": Bm25s,
    "whoosh": StockWhoosh,
}
_NEEDS = {"tantivy": ("tantivy",), "bm25s": ("bm25s", "numba", "Stemmer")}


def missing(name: str) -> list[str]:
    """Return the modules that an engine needs and that are not installed."""
    return [module for module in _NEEDS.get(name, ()) if importlib.util.find_spec(module) is None]


def engine(name: str) -> Engine:
    """Return an engine by its key in `ENGINES`, loaded."""
    made = ENGINES[name]()
    made.load()
    return made
