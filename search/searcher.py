"""Searching a library: the one entrance for scripts, the command line and the app."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from whoosh import query as wq

from index.analysis import stop_words
from index.article import Article
from index.names import key_of
from index.reading import LibraryReader
from index.value import replace
from search.answering import answered, folded, planned
from search.folding import earliest_first, unfolded_places
from search.found import Found
from search.generation import Generation
from search.hits import title_part
from search.marks import Marker, spans
from search.memory import keep_freed_memory
from search.moments import utc_today
from search.ordering import Rank, Sort, in_order
from search.plan import Mode, Plan
from search.ranked import Asked, Basis, Ranked, results_of
from search.ranking.pipeline import FAST, FULL, Stages
from search.results import Diagnosis, Hit, MatchKind, Remedy, Results, Span

if TYPE_CHECKING:
    from index.library import Library
    from search.explanation import Explanation
    from search.vocabulary import WordCount

__all__ = ["Ranked", "Searcher", "results_of"]

#: Hits that are explained at once.
_EXPLAINED = 100


class Searcher:
    """Answers queries over a library, always over one whole generation of it.

    Safe to use from several threads. A generation stays as it was when it was opened; `refresh` moves to
    the newest one. Close it, or use it in a `with` block. `today` says which day it is (UTC), for times back
    such as `since:7d`.
    """

    def __init__(self, library: Library, today: Callable[[], date] = utc_today) -> None:
        keep_freed_memory()
        self._library = library
        self._today = today
        self._now = Generation(library.reader())

    def close(self) -> None:
        """Release the library's files."""
        self._now.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The folder of the library."""
        return self._library.path

    @property
    def generation(self) -> int:
        """The generation of the library that answers."""
        return self._now.reader.generation

    def refresh(self) -> bool:
        """Move to the library's newest generation; return whether there was a newer one.

        Searches that run in other threads finish on the old one.
        """
        if self._library.generation == self.generation:
            return False
        self._now = Generation(self._library.reader(self._now.reader))
        return True

    def understand(
        self,
        query: str,
        *,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        file_dates: bool = False,
    ) -> Plan:
        """Return how a query is understood, without searching."""
        asked = Asked(query, typos, since, until, Mode(mode), file_dates)
        return planned(self._now, asked, self._today())

    def rank(
        self,
        query: str,
        *,
        sort: Sort | str = Sort.RELEVANCE,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        upto: int | None = None,
        rank: Rank | str = Rank.FULL,
        stages: Stages = FULL,
        more: bool = False,
        file_dates: bool = False,
        fold: bool = False,
    ) -> Ranked:
        """Return the articles that a query finds, in order, as numbers of this generation.

        `since` and `until` are whole days (UTC), both included, and mean what they mean in a query: they keep
        articles with a true date only, with `file_dates` also those that have but their file's.
        With `upto`, only the first so many are given, which saves time; `total` counts all the same. `rank`
        says with how much care articles are put in order by relevance, `stages` names the stages of the full
        ranking that take part. With `more`, articles without any of the words, but with words typical of the
        best, may stand far down in a full ranking; `total` does not count them. With `fold`, of the copies
        of a story only the first in the order is given; `total` counts all.
        """
        asked = Asked(query, typos, since, until, Mode(mode), file_dates)
        chosen = stages if Rank(rank) is Rank.FULL else FAST
        return self._rank(self._now, asked, Sort(sort), upto, chosen, more=more, fold=fold)

    def _rank(
        self,
        now: Generation,
        asked: Asked,
        sort: Sort,
        upto: int | None,
        stages: Stages = FAST,
        *,
        more: bool = False,
        fold: bool = False,
    ) -> Ranked:
        plan = planned(now, asked, self._today(), short=stages is FAST)
        return (folded if fold else answered)(now, plan, sort, upto, stages, more)

    def search(
        self,
        query: str,
        limit: int | None = 10,
        offset: int = 0,
        *,
        sort: Sort | str = Sort.RELEVANCE,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        passages: bool = True,
        rank: Rank | str = Rank.FULL,
        file_dates: bool = False,
        fold: bool = False,
    ) -> Results:
        """Return one page of the answer to a query; any text is a query, none raises.

        `limit` None gives all hits from `offset` on. `rank` says with how much care they are put in order.
        `passages` False leaves out passages and spans. With `fold`, copies of a story are one hit.
        """
        began = time.perf_counter()
        now = self._now
        stop = None if limit is None else offset + limit
        asked = Asked(query, typos, since, until, Mode(mode), file_dates)
        stages = FULL if Rank(rank) is Rank.FULL else FAST
        ranked = self._rank(now, asked, Sort(sort), stop, stages, fold=fold)
        page = range(len(ranked.docs))[offset:stop]
        hits = tuple(ranked.hit(at, passages) for at in page)
        found = None if ranked.total else self._diagnosed(now, asked)
        meant = self._suggested(now, asked, ranked)
        return results_of(query, ranked, offset, hits, found, time.perf_counter() - began, meant)

    def diagnose(
        self,
        query: str,
        *,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        file_dates: bool = False,
    ) -> Diagnosis | None:
        """Return why a search that found nothing did so; None if the query has nothing to search for."""
        return self._diagnosed(self._now, Asked(query, typos, since, until, Mode(mode), file_dates))

    def suggest(
        self,
        query: str,
        ranked: Ranked,
        *,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        file_dates: bool = False,
    ) -> Remedy | None:
        """Return the query behind an answer with its words corrected, if that finds more.

        None with `typos`, which reads such words otherwise anyway. The arguments are those of the search.
        """
        asked = Asked(query, typos, since, until, Mode(mode), file_dates)
        return self._suggested(ranked.generation, asked, ranked)

    def _suggested(self, now: Generation, asked: Asked, ranked: Ranked) -> Remedy | None:
        if asked.typos:
            return None
        from search.suggestion import is_doubtful, suggestion  # not at the top: few searches correct nothing

        if not is_doubtful(asked.query, ranked.plan, ranked.total, now.reader):
            return None
        corrections = planned(now, replace(asked, typos=True), self._today()).corrections

        def count(text: str) -> int:
            return self._rank(now, replace(asked, query=text), Sort.RELEVANCE, 0).total

        return suggestion(asked.query, ranked.total, corrections, count)

    def _diagnosed(self, now: Generation, asked: Asked) -> Diagnosis | None:
        from search.diagnosis import diagnose  # not at the top: most searches find something

        together: dict[str, list[str]] = {}

        def ask(text: str, *, any_word: bool = False, filtered: bool = True) -> int:
            other = replace(asked, query=text, mode=Mode.ANY if any_word else asked.mode)
            if not filtered:
                other = replace(other, since=None, until=None)
            return self._rank(now, other, Sort.RELEVANCE, 0).total

        def corrections(word: str) -> list[str]:
            form = word.lower()
            if not together:
                read = planned(now, replace(asked, typos=True), self._today()).corrections
                together.update((one.typed.lower(), list(one.meant)) for one in read if not one.added)
                together.setdefault("", [])
            return together.get(form) or [v.form for v in now.corrector.variants(form)]

        return diagnose(asked.query, ask, corrections, bool(asked.periods))

    def hits(
        self,
        ranked: Ranked,
        start: int = 0,
        stop: int | None = None,
        passages: bool = True,
        explain: bool = False,
    ) -> Iterator[Hit]:
        """Yield hits `start` to `stop` (from 0, end excluded) of an answer of this generation.

        With `explain`, each says how its score came about.
        """
        places = range(len(ranked.docs))[start:stop]
        for first in range(0, len(places), _EXPLAINED):
            part = places[first : first + _EXPLAINED]
            told = self.explain(ranked, part.start, part.stop) if explain else [None] * len(part)
            for at, explanation in zip(part, told, strict=True):
                hit = ranked.hit(at, passages)
                yield hit if explanation is None else replace(hit, explanation=explanation)

    def explain(self, ranked: Ranked, start: int = 0, stop: int | None = None) -> list[Explanation]:
        """Return how the scores of hits `start` to `stop` of an answer ordered by relevance came about."""
        from search.ranking.explain import explanations  # not at the top: few ask

        chosen = slice(start, stop)
        evaluator = ranked.generation.evaluator
        return explanations(
            evaluator,
            ranked.plan,
            ranked.trace,
            ranked.docs[chosen],
            ranked.scores[chosen],
            ranked.basis.first,
        )

    def ids(self, ranked: Ranked, start: int = 0, stop: int | None = None) -> list[str]:
        """Return the ids of an answer's articles in order, without reading the articles."""
        return ranked.generation.reader.idents(ranked.docs[start:stop])

    def names(self, ranked: Ranked, start: int = 0, stop: int | None = None) -> list[str]:
        """Return the articles' own keys, the ids of those without one, in order."""
        out = []
        for doc, ident in zip(ranked.docs[start:stop].tolist(), self.ids(ranked, start, stop), strict=True):
            key = key_of(ident)
            out.append((ranked.generation.reader.article(doc).key if key is None else key) or ident)
        return out

    def found(
        self,
        query: str,
        *,
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        mode: Mode | str = Mode.AUTO,
        file_dates: bool = False,
    ) -> Found:
        """Return all articles that a query finds as a set, to be counted and compared."""
        now = self._now
        asked = Asked(query, typos, since, until, Mode(mode), file_dates)
        ranked = self._rank(now, asked, Sort.NEWEST, 0)
        docs = np.sort(ranked.basis.found.docs)
        return Found(now.reader, ranked.plan, docs, stop_words(now.reader.language))

    def similar(self, ident: str, upto: int | None = 10, *, fold: bool = False) -> Ranked | None:
        """Return the articles like one article, the likest first; None if there is no such article.

        The words that tell it from others are what they share, and what is marked. With `fold`, of the copies
        of a story only the likest is in the answer.
        """
        from search.similar import similar, telling_terms

        now = self._now
        doc = now.reader.number(ident)
        if doc is None:
            return None
        article = now.reader.article(doc)
        weights = telling_terms(article, now.reader, now.analyzer, stop_words(now.reader.language))
        found = similar(doc, weights, now.reader, now.evaluator)
        plan = Plan(wq.NullQuery, "")
        for item, (stem, weight) in enumerate(weights.items(), 1):
            plan.marker.stems[stem] = [(item, now.reader.commonest_form(stem), MatchKind.EXACT)]
            plan.marker.weights[item] = weight
        order = in_order(now.reader, found, Sort.RELEVANCE, None if fold else upto)
        if fold:
            order = order[unfolded_places(found.docs[order], now.reader.copies)][:upto]
        basis = Basis(found, True, Sort.RELEVANCE)
        return Ranked(now, plan, found.docs[order], found.scores[order], len(found.docs), basis, None, fold)

    def copies(self, ident: str) -> tuple[Article, ...] | None:
        """Return all articles of the group of copies that an article is in, the earliest first.

        Empty if it has no copies; None if there is no such article.
        """
        reader = self._now.reader
        found = _copies(reader, ident)
        return None if found is None else tuple(map(reader.article, found))

    def copy_ids(self, ident: str) -> tuple[str, ...] | None:
        """Return the ids of what `copies` returns, without reading the articles."""
        reader = self._now.reader
        found = _copies(reader, ident)
        return None if found is None else tuple(map(reader.ident, found))

    def spans(self, ranked: Ranked, article: Article) -> tuple[Span, ...]:
        """Return what the query behind an answer marks in the text of an article."""
        return spans(ranked.plan.marker.find(article.text, ranked.generation.analyzer))

    def complete(self, prefix: str, limit: int = 10) -> tuple[WordCount, ...]:
        """Return the most frequent words that begin so, each with the number of articles that have it."""
        from search.vocabulary import beginning

        return beginning(self._now.reader, self._now.analyzer, prefix, limit)

    def words_near(self, word: str, edits: int = 1, limit: int = 10) -> tuple[WordCount, ...]:
        """Return the words at most so many edits from `word`, the nearest first."""
        from search.vocabulary import near

        return near(self._now.reader, self._now.analyzer, word, edits, limit)

    def article(self, ident: str) -> Article | None:
        """Return the article with this id, or None."""
        now = self._now
        number = now.reader.number(ident)
        return None if number is None else now.reader.article(number)

    def marks(self, article: Article, query: str, typos: bool = True) -> tuple[Span, ...]:
        """Return what a query marks in the text of an article, in its characters."""
        now = self._now
        return spans(self._marker(now, query, typos).find(article.text, now.analyzer))

    def title_marks(self, article: Article, query: str, typos: bool = True) -> tuple[Span, ...]:
        """Return what a query marks in the title of an article."""
        now = self._now
        return spans(self._marker(now, query, typos).find(article.title, now.analyzer, title_part(article)))

    def _marker(self, now: Generation, query: str, typos: bool) -> Marker:
        return planned(now, Asked(query, typos, None, None, Mode.AUTO, False), self._today()).marker


def _copies(reader: LibraryReader, ident: str) -> list[int] | None:
    doc = reader.number(ident)
    return None if doc is None else earliest_first(reader, reader.copies.of(doc))
