"""A run of indexing: plan what to read, read it, commit index and catalog as one step.

Every file to read is a job of its own. A few are done here, their articles going to the builder; many by
worker processes, which read, analyse and index and only report what they found. Nothing can be seen before
the commit, and whatever ends a run earlier leaves the library as it was.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.errors import RootProblem, UsageProblem
from index.file_rows import (
    NO_SKIPS,
    Change,
    FileRow,
    PackedRow,
    Place,
    Skips,
    unpacked_entries,
    unpacked_skips,
)
from index.ingest import UNSETTLED, Ingested, Job
from index.intake import Intake
from index.names import article_id
from index.plan import Plan, is_settled, make_plan
from index.record import row_of
from index.report import Report, Skipped
from index.roots import Root, Scope
from index.side_by_side import Fresh
from index.sources import stored_of_sources
from index.tally import Tally
from index.walk import Found
from index.watch import Watch

if TYPE_CHECKING:
    from index.analysis import Analyzer
    from index.builder import Builder

#: More files than this, and more than one in so many, are looked up in the catalog together.
_SEVERAL = 16


class Update:
    """One run on the library in `folder`, under its lock; made for one call of `run`, `feed` or `forget`.

    `meanwhile` is called when all is read and analysed, and workers, if there are any, still write.
    """

    def __init__(
        self,
        folder: Path,
        catalog: Catalog,
        generation: int,
        make_builder: Callable[[], Builder],
        analyzer: Callable[[], Analyzer],
        watch: Watch,
        *,
        meanwhile: Callable[[], None],
        rebuild: bool = False,
        prune: bool = False,
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._generation = generation
        self._watch = watch
        self._meanwhile = meanwhile
        self._intake = Intake(folder, make_builder, analyzer, watch)
        self._rebuild = rebuild
        self._prune = prune
        self._changes: dict[Place, Change] = {}
        self._fresh: list[tuple[int, list[PackedRow]]] = []
        self._skips: dict[Place, Skips] = {}
        self._packed: dict[int, dict[bytes, str]] = {}
        self._tally = Tally()
        self._deleted: list[str] = []
        self._bytes = 0

    def run(self, paths: Sequence[Path]) -> Report:
        """Bring the library up to date below `paths`; below all roots without any, or on a rebuild."""
        try:
            plan = make_plan(
                self._catalog,
                self._generation,
                paths,
                rebuild=self._rebuild,
                leave_out=self._folder,
                found=self._intake.take_note,
            )
            if self._rebuild:
                self._keep_sources(plan.roots)
            self._ingest(plan)
            self._drop_gone(plan)
            return self._commit(plan.roots, plan)
        finally:
            self._intake.close()

    def feed(self, root: Root, file: Path, *, whole: bool) -> Report:
        """Bring in the lines of `file` as articles of a source that has no folder.

        Articles of the source that are not among them stay, unless the file is the `whole` of the source.
        """
        known = self._catalog.roots(self._generation)
        roots = known if root in known else (*known, root)
        place = (root.number, "")
        row = self._catalog.rows_below(self._generation, *place).get(place)
        old = self._entries(place) if row else {}
        size = file.stat().st_size
        try:
            self._intake.expect([(place, size)])
            (done,) = self._intake.done([(place, Job(root.label, str(file), "", known=old), size)])
            assert not isinstance(done, Fresh)
            outcome = done[1]._replace(size=0, digest=b"", mtime_ns=UNSETTLED)
            if whole and not outcome.entries:
                hint = "nothing was changed; byline forget --source drops all of a source"
                raise UsageProblem("no articles on standard input", hint)
            if not whole:
                outcome = outcome._replace(entries={**old, **outcome.entries})
            self._take(root, place, row, outcome, old)
            self._bytes = outcome.text_size
            report = self._commit(roots, None)
        finally:
            self._intake.close()
        skipped = tuple(Skipped(root.path, line, reason) for line, reason in outcome.skips)
        return replace(report, skipped=skipped)

    def forget(self, root: Root, part: str) -> Report:
        """Drop `part` ("" for all) of a root, with its articles."""
        roots = self._catalog.roots(self._generation)
        parts = tuple(owned for owned in root.parts if part and owned != part)
        left = tuple(replace(known, parts=parts) if known == root else known for known in roots)
        scope = Scope(root, part)
        try:
            rows = self._catalog.rows_below(self._generation, root.number, part)
            self._fetch_entries(rows, len(rows))
            for place in rows:
                if scope.covers(*place):
                    self._remove(root, place)
            return self._commit(tuple(known for known in left if known.parts), None)
        finally:
            self._intake.close()

    # Reading

    def _ingest(self, plan: Plan) -> None:
        roots = {root.number: root for root in plan.roots}
        reading = {place for place, _ in plan.jobs}
        for place, entry in plan.found.items():
            if entry.reason:
                self._leave_out(roots[place[0]], place, entry, plan.rows.get(place))
            elif not self._rebuild and place in plan.rows and place not in reading:
                self._tally.unchanged += plan.rows[place].articles
        self._intake.expect(plan.jobs)
        self._fetch_entries([place for place, _ in plan.jobs], len(plan.rows))
        watch = self._watch
        jobs = (
            (place, self._job(roots[place[0]], place, plan.rows[place]), size) for place, size in plan.jobs
        )
        for done in self._intake.done(jobs):
            if isinstance(done, Fresh):
                self._take_fresh(done, plan.packed)
            else:
                place, outcome = done
                self._take(roots[place[0]], place, plan.rows.get(place), outcome)
                watch.files += 1
                watch.bytes += outcome.size
                self._bytes += outcome.text_size
            watch.step()
        watch.step(writing=True)

    def _keep_sources(self, roots: Sequence[Root]) -> None:
        """Start anew with the articles that came from no folder, as they are stored in the library."""
        labels = {root.label for root in roots if root.stream}
        if labels:
            builder = self._intake.builder
            for label, article in stored_of_sources(self._folder):
                if label in labels:
                    builder.add_row(row_of(article))
                    self._tally.unchanged += 1

    def _job(self, root: Root, place: Place, row: FileRow) -> Job:
        path = root.place(place[1])
        known = self._entries(place) if row.articles else {}
        if not row.digest:
            return Job(root.label, path, place[1], known=known)
        return Job(root.label, path, place[1], row.digest, row.file_dated, row.mtime_ns, known)

    def _leave_out(self, root: Root, place: Place, entry: Found, row: FileRow | None) -> None:
        new = FileRow(entry.size, entry.mtime_ns, skips=((0, entry.reason),))
        if row is not None and row.articles:
            if entry.blind and not self._rebuild:
                self._hold(place, row, new.skips)
                return
            self._remove(root, place)
        if row != new:
            self._changes[place] = Change(place, new, {})

    def _take(
        self,
        root: Root,
        place: Place,
        row: FileRow | None,
        outcome: Ingested,
        old: Mapping[str, str] | None = None,
    ) -> None:
        """Hand what a file gave to the builder, and note its new state; `old` is what it gave before."""
        if outcome.same and row is not None:
            self._tally.unchanged += row.articles
            self._watch.articles += row.articles
            new = row._replace(mtime_ns=outcome.mtime_ns, looked_ns=outcome.looked_ns)
            self._changes[place] = Change(place, new, self._entries(place))
            return
        if outcome.unreadable and row is not None and row.articles and not self._rebuild:
            self._hold(place, row, outcome.skips)
            return
        if old is None:
            old = self._entries(place) if row is not None and row.articles else {}
        entries = outcome.entries
        self._delete(root, place, self._tally.compare(old, entries))
        self._watch.articles += len(entries)
        self._changes[place] = Change(place, outcome.row, entries)

    def _take_fresh(self, done: Fresh, packed: Mapping[int, Mapping[bytes, PackedRow]]) -> None:
        """Note the state of files that were read as new ones; `packed` is what was known of them before."""
        known = packed.get(done.root, {})
        rows = []
        for row in done.rows:
            relpath, _, _, _, _, _, articles, skips, entries = row
            if skips != NO_SKIPS:
                self._skips[done.root, os.fsdecode(relpath)] = unpacked_skips(skips)
            self._watch.articles += articles
            old = known.get(relpath)
            if old is None:
                self._tally.added += articles
            elif old[-1] == entries:
                self._tally.unchanged += articles
            else:
                self._tally.compare(unpacked_entries(old[-1]), unpacked_entries(entries))
            if old is None or not _says_the_same(old, row):
                rows.append(row)
        self._fresh.append((done.root, rows))
        self._bytes += done.text_size
        self._watch.files += len(done.rows)
        self._watch.bytes += done.size

    def _hold(self, place: Place, row: FileRow, skips: tuple[tuple[int, str], ...]) -> None:
        """Keep the articles of a file that is there and cannot be read; the next run tries again."""
        self._tally.unchanged += row.articles
        held = row._replace(mtime_ns=UNSETTLED, digest=b"", skips=skips)
        if held != row:
            self._changes[place] = Change(place, held, self._entries(place))

    # Removing

    def _drop_gone(self, plan: Plan) -> None:
        """Remove the articles of files that are gone, root by root, unless too many of them are."""
        if not plan.gone:
            return
        new = (change.row for place, change in self._changes.items() if place not in plan.rows)
        arrived = {row.digest for row in new if row is not None}
        for number, rows in self._fresh:
            known = plan.packed.get(number, {})
            arrived |= {row[4] for row in rows if row[0] not in known}
        self._fetch_entries(plan.gone, len(plan.rows))
        held = self._catalog.full_files(self._generation)
        left = ((place[0], plan.rows[place]) for place in plan.gone)
        lost = Counter(number for number, row in left if row.articles and row.digest not in arrived)
        for root in plan.roots:
            if not self._prune and 2 * lost[root.number] > held.get(root.number, 0):
                self._keep(root, lost[root.number], held.get(root.number, 0))
                continue
            for place in plan.gone:
                if place[0] == root.number:
                    self._remove(root, place)

    def _keep(self, root: Root, lost: int, held: int) -> None:
        what = f"{lost:,} of {held:,} files with articles are gone"
        if self._rebuild:
            raise RootProblem(root.path, what, "nothing was changed; --prune rebuilds without them")
        self._tally.notes.append(f"{root.path}: {what}; their articles were kept, --prune removes them")

    def _remove(self, root: Root, place: Place) -> None:
        keys = list(self._entries(place))
        self._delete(root, place, keys)
        self._tally.removed += len(keys)
        self._changes[place] = Change(place, None, {})

    def _delete(self, root: Root, place: Place, keys: list[str]) -> None:
        if not self._rebuild:
            self._deleted += [article_id(root.label, place[1], key) for key in keys]

    def _fetch_entries(self, places: Collection[Place], known: int) -> None:
        """Read what all files of some roots gave, if many of those that are known will be asked for."""
        if len(places) > _SEVERAL and len(places) * _SEVERAL > known:
            for number in {number for number, _ in places}.difference(self._packed):
                self._packed[number] = self._catalog.packed_entries(self._generation, number)

    def _entries(self, place: Place) -> dict[str, str]:
        number, relpath = place
        if number not in self._packed:
            return self._catalog.entries(place, self._generation)
        packed = self._packed[number].get(os.fsencode(relpath))
        return {} if packed is None else unpacked_entries(packed)

    # The commit

    def _commit(self, roots: tuple[Root, ...], plan: Plan | None) -> Report:
        before = self._catalog.roots(self._generation)
        if self._rebuild:
            assert self._intake.builder, "there is one also for nothing at all"
        elif not (self._deleted or self._tally.added or self._tally.changed):
            self._intake.close()  # the files that were read gave nothing new
        if self._deleted:
            self._intake.builder.delete(self._deleted)
        builds = self._intake.has_builder
        if builds:
            self._intake.builder.close()  # the processes write while the catalog is written here
        coming = self._generation + builds
        if self._intake.has_workers:
            self._meanwhile()
        if self._changes or self._fresh or roots != before or coming != self._generation:
            self._catalog.write(coming, roots, self._changes.values(), self._fresh)
        articles = self._intake.commit() if builds else -1
        self._catalog.tidy(coming)
        tally = self._tally
        return Report(
            added=tally.added,
            changed=tally.changed,
            removed=tally.removed,
            unchanged=tally.unchanged,
            skipped=tuple(self._skipped(plan)) if plan else (),
            articles=articles if articles >= 0 else self._catalog.articles(coming),
            bytes=self._bytes,
            seconds=self._watch.seconds,
            generation=coming,
            notes=tuple(tally.notes),
        )

    def _skipped(self, plan: Plan) -> Iterator[Skipped]:
        paths = {root.number: root.path for root in plan.roots}
        told = {place: row.skips for place, row in plan.rows.items() if row.skips}
        told |= {place: change.row.skips for place, change in self._changes.items() if change.row}
        told |= self._skips
        for place in plan.found if told else ():
            for line, reason in told.get(place, ()):
                yield Skipped(paths[place[0]] / place[1], line, reason)


def _says_the_same(old: PackedRow, new: PackedRow) -> bool:
    """Return whether a row, but for when its file was looked at, is what is known already."""
    return old[:3] == new[:3] and old[4:] == new[4:] and is_settled(old[2], old[3])
