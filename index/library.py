"""A library on disk: make it, open it, bring it up to date, ask what it holds.

Its folder holds Whoosh's index and, under names that Whoosh never touches, `library.json`, the catalog,
the stems learnt so far and the writer's lock.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from index.analysis import RULES_VERSION, Analyzer, fingerprint
from index.errors import LibraryDamaged, LibraryMismatch, LibraryMissing, UsageProblem
from index.metadata import (
    METADATA_FILE,
    Metadata,
    generation,
    load_metadata,
    save_metadata,
)
from index.places import library_path

if TYPE_CHECKING:  # what only writers and reports need is loaded by the methods that use it
    import threading

    from index.builder import Builder
    from index.catalog import Catalog
    from index.check import Damage
    from index.file_rows import FileRow, Place
    from index.reading import LibraryReader
    from index.report import Progress, Report, RootStatus, Status
    from index.roots import Root
    from index.update import Update
    from index.watch import Watch

DEFAULT_LANGUAGE = "english"
_FEW_STEMS = 1000
_REBUILD = "run byline index --rebuild"


class Library:
    """The library in the folder `path`, in one `language`; made by `open`, `create`, `open_or_create`.

    An object holds no open files. It may be used from several threads; two updates at once, here or in
    another process, are refused to the second with `LibraryLocked`.
    """

    def __init__(self, path: Path, metadata: Metadata) -> None:
        self.path = path
        self.language = metadata.language
        self._kept = -1  # stems known when they were last read or saved

    @classmethod
    def open(cls, where: str | Path | None = None, *, check: bool = True) -> Library:
        """Open the library that `where` names (see `index.places.library_path`).

        Raises `LibraryMissing`, `LibraryDamaged`, and with `check` `LibraryMismatch` if its words were
        made by other rules.
        """
        path = library_path(where)
        library = cls(path, load_metadata(path))
        if check:
            library._check_rules()
        return library

    @classmethod
    def create(cls, where: str | Path | None = None, language: str = DEFAULT_LANGUAGE) -> Library:
        """Make an empty library; its folder may exist if it is empty. Raises `UsageProblem` if not."""
        from index.catalog import Catalog
        from index.lock import LOCK_FILE, WriterLock
        from index.toc import create_index

        path = library_path(where)
        Analyzer(language)  # refuses a language that it does not know
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise UsageProblem(f"{path} is a file", "a library is a folder of its own") from None
        _check_empty(path)
        with WriterLock(path):
            _check_empty(path)
            for entry in path.iterdir():
                if entry.name != LOCK_FILE:
                    entry.unlink()  # of a making that was cut short
            create_index(path, language)
            Catalog.create(path)
            metadata = Metadata(language, ((generation(path), fingerprint(language)),))
            save_metadata(path, metadata)
        return cls(path, metadata)

    @classmethod
    def open_or_create(
        cls, where: str | Path | None = None, language: str | None = None, *, check: bool = True
    ) -> Library:
        """Open a library, or make it where there is none.

        `language` is that of a new library (English by default); raises `UsageProblem` if an old one has
        another.
        """
        try:
            library = cls.open(where, check=check)
        except LibraryMissing:
            return cls.create(where, language or DEFAULT_LANGUAGE)
        if language is not None and language != library.language:
            hint = "the language of a library is fixed when it is made"
            raise UsageProblem(f"{library.path} is in {library.language}, not {language}", hint)
        return library

    @property
    def generation(self) -> int:
        """The newest committed generation, as it is on disk now."""
        try:
            return generation(self.path)
        except (FileNotFoundError, NotADirectoryError):
            raise LibraryMissing(self.path) from None

    @property
    def analyzer(self) -> Analyzer:
        """The analyser of the library's language, which knows the stems that the library keeps."""
        return self._analyzer(load_metadata(self.path).fingerprint(self.generation))

    def reader(self, like: LibraryReader | None = None) -> LibraryReader:
        """Open the newest generation for reading; close it when done.

        `like` is a reader of an earlier one: what it has open of segments that are still there is used again.
        """
        from index.reading import LibraryReader

        self._check_rules()
        return LibraryReader(self.path, like)

    def roots(self) -> tuple[Root, ...]:
        """Return the folders that the library remembers, in the order in which they were added."""
        from index.catalog import Catalog

        with Catalog(self.path) as catalog:
            return catalog.roots(self.generation)

    def update(
        self,
        paths: Sequence[str | Path] = (),
        *,
        rebuild: bool = False,
        prune: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Report:
        """Bring the library up to date with what lies below `paths`, or below all its roots.

        New paths become roots. Files are read only if their size or time differ from the last run's.
        Articles whose file is gone are removed, but not if more than half of a root's files are gone,
        unless `prune`. `rebuild` reads everything again, below all roots. All of it becomes visible at
        once; after any error, or once `stop` is set (`UpdateStopped`), the library is as it was.
        `progress` is called now and then, from this thread. Raises `LibraryLocked`, `RootProblem`,
        `LibraryMismatch` (unless `rebuild`), `UsageProblem`.
        """
        from index.watch import Watch

        given = [paths] if isinstance(paths, str | Path) else paths
        with self._writing(rebuild=rebuild) as catalog:
            mark = fingerprint(self.language)
            before = self.generation
            run = self._run(catalog, mark, Watch(progress, stop), rebuild=rebuild, prune=prune)
            report = run.run([Path(path) for path in given])
            if report.generation != before:
                self._keep_stems(self._analyzer(mark), mark)
        return report

    def feed(
        self,
        stream: IO[bytes],
        source: str,
        *,
        prune: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Report:
        """Bring in the articles of a stream of JSON lines, under the name of a source that has no folder.

        An article with the key (`id`) of an earlier one of the source takes its place; others stay, unless
        `prune` says that the stream is all that the source holds. The articles are kept in the library
        alone: no update removes them, a rebuild takes them from their stored text, and only `feed` and
        `forget_source` change them. The stream is read to its end before the library is locked. Raises as
        `update` does, and `UsageProblem` for a name that is none or if nothing came with `prune`.
        """
        from index.roots import stream_root
        from index.sources import spooled
        from index.watch import Watch

        stream_root(source, self.roots())
        with spooled(stream) as file, self._writing(rebuild=False) as catalog:
            mark = fingerprint(self.language)
            analyzer = self._analyzer(mark)
            before = self.generation
            root = stream_root(source, catalog.roots(before))
            report = self._run(catalog, mark, Watch(progress, stop)).feed(root, file, whole=prune)
            if report.generation != before:
                self._keep_stems(analyzer, mark)
        return report

    def forget_source(self, source: str) -> Report:
        """Drop a source that has no folder, with all its articles, which are then nowhere.

        Raises `UsageProblem` if the library has no such source, and `LibraryLocked`.
        """
        from index.roots import stream_root
        from index.watch import Watch

        with self._writing(rebuild=False) as catalog:
            roots = catalog.roots(self.generation)
            root = stream_root(source, roots)
            if root not in roots:
                known = ", ".join(known.label for known in roots if known.stream)
                hint = f"its sources are {known}" if known else "it has no sources"
                raise UsageProblem(f"the library has no source {source}", hint)
            return self._run(catalog, fingerprint(self.language), Watch()).forget(root, "")

    def forget(self, path: str | Path) -> Report:
        """Drop a root, named by its path or label, with all its articles; the files stay.

        Raises `RootProblem` if the library has no such root, and `LibraryLocked`.
        """
        from index.roots import find_root
        from index.watch import Watch

        with self._writing(rebuild=False) as catalog:
            root, part = find_root(Path(path), catalog.roots(self.generation))
            return self._run(catalog, fingerprint(self.language), Watch()).forget(root, part)

    def check(self) -> tuple[Damage, ...]:
        """Read every byte of the library and return what is damaged, nothing if it is sound."""
        from index.check import check

        return check(self.path)

    def status(self) -> Status:
        """Return what the library holds, as of its newest generation."""
        from index.catalog import Catalog
        from index.report import Status

        now = self.generation
        with Catalog(self.path) as catalog:
            rows, roots = catalog.rows(now), catalog.roots(now)
            updated = catalog.written(now)
        full = [row for row in rows.values() if row.articles]
        sources = {root.number for root in roots if root.stream}
        return Status(
            path=self.path,
            language=self.language,
            generation=now,
            articles=sum(row.articles for row in full),
            files=sum(place[0] not in sources for place, row in rows.items() if row.articles),
            bytes=sum(row.size for row in full),
            disk=sum(entry.stat().st_size for entry in _files(self.path)),
            updated=updated,
            roots=tuple(_root_status(root, rows) for root in roots),
            skipped=_reasons(rows),
        )

    def _analyzer(self, mark: dict[str, str]) -> Analyzer:
        """Return the analyser, after it took over the stems kept under this fingerprint."""
        from index.schema import analyzer_of
        from index.stems import load_stems

        analyzer = analyzer_of(self.language)
        if self._kept < 0:
            analyzer.learn(load_stems(self.path, mark))
            self._kept = len(analyzer.stems)
        return analyzer

    def _keep_stems(self, analyzer: Analyzer, mark: dict[str, str]) -> None:
        """Save the stems if there are many new ones: the file costs more than working a few out again.

        The analyser may know all of them from another library.
        """
        from index.stems import STEMS_FILE, save_stems

        few = _FEW_STEMS + self._kept // 20
        if len(analyzer.stems) > self._kept + few or not (self.path / STEMS_FILE).exists():
            save_stems(self.path, mark, analyzer.stems)
            self._kept = len(analyzer.stems)

    def _check_rules(self) -> None:
        """Refuse words of other rules. The stemmer's release matters to writers only: an index is one in
        itself, and looking the release up takes time that a search does not have."""
        made = load_metadata(self.path).fingerprint(self.generation)
        if made.get("rules") != str(RULES_VERSION) or made.get("language") != self.language:
            raise LibraryMismatch(f"{self.path} was made by other word rules", _REBUILD)

    @contextmanager
    def _writing(self, *, rebuild: bool) -> Iterator[Catalog]:
        """Hold the lock, with metadata and catalog as of the committed generation."""
        from index.catalog import CATALOG_FILE, Catalog
        from index.lock import WriterLock

        if not self.path.is_dir():
            raise LibraryMissing(self.path)
        with WriterLock(self.path):
            now = self.generation
            metadata = load_metadata(self.path).until(now)
            mark = fingerprint(self.language)
            if rebuild:
                save_metadata(self.path, metadata.since(now + 1, mark))
                if not (self.path / CATALOG_FILE).exists():
                    from index.sources import recover_sources

                    Catalog.create(self.path)
                    with Catalog(self.path) as catalog:
                        recover_sources(self.path, catalog, now)
            elif (made := metadata.fingerprint(now)) != mark:
                raise LibraryMismatch(f"{self.path} was made with {_differences(made, mark)}", _REBUILD)
            try:
                with Catalog(self.path) as catalog:
                    catalog.tidy(now)
                    yield catalog
            except FileNotFoundError as error:
                gone = Path(error.filename or "")
                if gone.parent != self.path:
                    raise
                raise LibraryDamaged(self.path, f"its file {gone.name} is gone") from error

    def _run(
        self,
        catalog: Catalog,
        mark: dict[str, str],
        watch: Watch,
        *,
        rebuild: bool = False,
        prune: bool = False,
    ) -> Update:
        from index.update import Update

        def make_builder() -> Builder:
            from index.builder import Builder  # takes long to load; worker processes may be starting by now

            return Builder(self.path, self.analyzer, rebuild=rebuild)

        return Update(
            self.path,
            catalog,
            self.generation,
            make_builder,
            lambda: self.analyzer,
            watch,
            meanwhile=lambda: self._keep_stems(self._analyzer(mark), mark),
            rebuild=rebuild,
            prune=prune,
        )


def _check_empty(path: Path) -> None:
    """Refuse a folder that holds a library or anything that is not ours."""
    from index.lock import LOCK_FILE
    from index.stems import STEMS_FILE

    names = "|".join(map(re.escape, (LOCK_FILE, STEMS_FILE, METADATA_FILE)))
    own_files = re.compile(rf"_?MAIN_.*|catalog\.sqlite.*|({names}).*")
    for entry in path.iterdir():
        if entry.name == METADATA_FILE:
            raise UsageProblem(f"{path} holds a library already")
        if not own_files.fullmatch(entry.name):
            raise UsageProblem(f"{path} holds other files", "give a library a folder of its own")


def _differences(made: dict[str, str], mark: dict[str, str]) -> str:
    names = [name for name in mark if made.get(name) != mark[name]]
    return ", ".join(f"{name} {made.get(name, 'unknown')} (now {mark[name]})" for name in names)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if entry.is_file(follow_symlinks=False))


def _root_status(root: Root, rows: dict[Place, FileRow]) -> RootStatus:
    from index.report import RootStatus

    full = [row for place, row in rows.items() if place[0] == root.number and row.articles]
    return RootStatus(
        label=root.label,
        path=root.path,
        whole=root.whole,
        there=root.stream or root.path.is_dir(),
        files=0 if root.stream else len(full),
        articles=sum(row.articles for row in full),
        bytes=sum(row.size for row in full),
    )


def _reasons(rows: dict[Place, FileRow]) -> dict[str, int]:
    counts = Counter(reason for row in rows.values() for _, reason in row.skips)
    return dict(counts.most_common())
