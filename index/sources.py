"""Articles that came through standard input: they are in no file, so the library itself is where they are.

They belong to a source, which is a root without a folder. A rebuild takes them from the stored text, and a
catalog that was lost is told of them by it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.article import Article
from index.catalog import Catalog
from index.errors import BylineError, LibraryDamaged
from index.file_rows import Change, FileRow
from index.ingest import UNSETTLED
from index.record import digest_of, row_of
from index.roots import Root, stream_root

_BLOCK = 1 << 20
_LOST = "what came through standard input is kept there alone: index into another library, and feed it again"


def stored_of_sources(folder: Path) -> Iterator[tuple[str, Article]]:
    """Yield label and article for all that came from no folder, in the order of the newest generation.

    Raises `LibraryDamaged` if the library cannot be read; its hint knows that no rebuild will help.
    """
    from index.reading import LibraryReader  # not at the top: few runs of indexing read a library

    try:
        opened = LibraryReader(folder)
    except LibraryDamaged as error:
        raise LibraryDamaged(error.path, error.what, _LOST) from error
    with opened as reader:
        living = reader.living
        for number in range(reader.size):
            if living[number]:
                article = reader.article(number)
                if not article.path:
                    yield article.id.partition("#")[0], article


def recover_sources(folder: Path, catalog: Catalog, generation: int) -> None:
    """Tell a new catalog of the sources whose articles the library holds; of none if it cannot be read."""
    roots: dict[str, Root] = {}
    entries: dict[str, dict[str, str]] = {}
    try:
        for label, article in stored_of_sources(folder):
            if label not in roots:
                roots[label] = stream_root(label, roots.values())
            entries.setdefault(label, {})[article.key] = digest_of(row_of(article))
    except BylineError:
        return  # damaged: what can be read again is read again from the folders
    changes = [
        Change((roots[label].number, ""), FileRow(0, UNSETTLED, articles=len(found)), found)
        for label, found in entries.items()
    ]
    if roots:
        catalog.write(generation, roots.values(), changes)


@contextmanager
def spooled(stream: IO[bytes]) -> Iterator[Path]:
    """Give the name of a temporary file of lines with all that `stream` holds, however long that takes."""
    with tempfile.TemporaryDirectory(prefix="byline-") as folder:
        path = Path(folder) / "stdin.jsonl"
        with path.open("wb") as file:
            while block := stream.read(_BLOCK):
                file.write(block)
        yield path
