"""Adding and removing articles: one writer, one commit.

A builder holds Whoosh's write lock from its making to `commit` or `cancel`. Until the commit's TOC rename
nothing that it did can be seen, and the state before stays searchable, also through a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh import writing
from whoosh.index import TOC, LockError

from index.analysis import Analyzer
from index.article import Article
from index.errors import LibraryLocked
from index.schema import analyzer_of, document, schema
from index.toc import INDEX_NAME, DurableStorage, LibraryIndex


def create_index(path: Path, language: str) -> None:
    """Write the empty first generation of an index into the folder `path`, which must exist."""
    TOC.create(DurableStorage(str(path)), schema(language), INDEX_NAME)


class Builder:
    """Collects changes to the index in `path` and commits them as one new generation.

    `rebuild` starts from nothing: what the old generation holds is dropped at the commit. An article
    added under an id that the index has already does not replace it: delete the id first, in the same
    builder; deletions only touch articles of earlier generations.
    """

    def __init__(self, path: Path, analyzer: Analyzer, *, rebuild: bool = False) -> None:
        learn = analyzer_of(analyzer.language)
        if learn is not analyzer:
            learn.learn(analyzer.stems)
        self._analyzer = analyzer
        self._rebuild = rebuild
        try:
            self._writer = writing.SegmentWriter(LibraryIndex(path), limitmb=512)
        except LockError:
            raise LibraryLocked(
                "another program is writing to this library", "wait until it is done"
            ) from None
        self._open = True

    def add(self, article: Article) -> None:
        """Add one article; it is searchable after `commit`."""
        self._writer.add_document(**document(article))

    def delete(self, ids: Iterable[str]) -> None:
        """Remove the articles with these ids from the earlier generations; unknown ids are no error."""
        if not self._rebuild:
            for ident in ids:
                self._writer.delete_by_term("id", ident)

    def commit(self) -> int:
        """Make everything durable and visible at once; return the new generation."""
        self._keep_stems()
        self._writer.commit(mergetype=writing.CLEAR if self._rebuild else writing.MERGE_SMALL)
        self._open = False
        return int(self._writer.generation)

    def cancel(self) -> None:
        """Drop everything since the builder was made; the index stays as it was."""
        if self._open:
            self._keep_stems()
            self._writer.cancel()
            self._open = False

    def _keep_stems(self) -> None:
        shared = analyzer_of(self._analyzer.language)
        if shared is not self._analyzer:
            self._analyzer.learn(shared.stems)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()
