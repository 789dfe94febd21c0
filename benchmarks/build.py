"""How fast articles in memory become an index on the disk, how large it is, and what memory that takes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.child import run
from benchmarks.memory import Peak
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import ENGINES
from benchmarks.setup import Setup
from benchmarks.timing import median

#: Engines so slow that they are measured once, on the first articles only.
_SLOW = {"whoosh": 20_000}
_STORING = ("byline", "tantivy", "fts5")


@dataclass(slots=True)
class _Setting:
    """One way to build, and what was measured of it: megabytes a second, memory, index over text."""

    name: str
    jobs: int
    stored: bool
    kept: bool = False
    articles: int | None = None
    speeds: list[float] = field(default_factory=list)
    peak: Peak = field(default_factory=Peak)
    share: float = 0.0

    @property
    def label(self) -> str:
        """What the row is called."""
        text = ENGINES[self.name].name + (", kept stems" if self.kept else "")
        return text + (f" (first {self.articles:,} articles)" if self.articles else "")


def _settings(setup: Setup) -> list[_Setting]:
    """Return all ways to build; with kept stems after those that leave them."""
    found = []
    for stored in (False, True):
        for name in setup.engines:
            if stored and name not in _STORING:
                continue
            limit = _SLOW.get(name)
            limit = limit if limit and limit < setup.articles else None
            jobs = [count for count in ENGINES[name].jobs if setup.jobs in (0, count)] or ENGINES[name].jobs[
                -1:
            ]
            found += [_Setting(name, number, stored, articles=limit) for number in jobs]
            if name == "byline":
                found.append(_Setting(name, jobs[-1], stored, kept=True))
    return found


def build(setup: Setup) -> Section:
    """Build every engine's index, round by round."""
    corpus = setup.corpus()
    settings = _settings(setup)
    for turn in range(setup.rounds):
        for setting in settings:
            if turn == 0 or setting.name not in _SLOW:
                _measure(setting, corpus, setup)
    rows = [_row(setting) for setting in settings]
    headings = [
        "",
        "jobs",
        "text stored",
        "MB/s",
        "index : text",
        "memory, MB",
        "largest, MB",
    ]
    prose = f"""{setup.articles:,} articles, from memory to an index on the disk, title and body, stop words
        included; jobs are processes or threads; median of {setup.rounds}. Memory is the peak above what the
        process had before, of all its processes together and of the largest one."""
    return section("build", setup.command("build"), prose, table(headings, rows))


def _measure(setting: _Setting, corpus: Path, setup: Setup) -> None:
    folder, stems = setup.work / "built", setup.work / "stems.json"
    job = {
        "do": "build",
        "engine": setting.name,
        "corpus": str(corpus),
        "articles": setting.articles,
        "folder": str(folder),
        "jobs": setting.jobs,
        "stored": setting.stored,
        "stems": str(stems) if setting.kept else "",
        "leave_stems": "" if setting.kept else str(stems),
    }
    result, peak = run(job)
    shutil.rmtree(folder)
    setting.speeds.append(result["text"] / 1e6 / result["seconds"])
    setting.share = result["size"] / result["text"]
    setting.peak.together = max(setting.peak.together, peak.together)
    setting.peak.largest = max(setting.peak.largest, peak.largest)


def _row(setting: _Setting) -> list[str]:
    return [
        setting.label,
        str(setting.jobs),
        "yes" if setting.stored else "no",
        number(median(setting.speeds)),
        f"{setting.share:.2f}",
        number(setting.peak.together / 1e6) if setting.peak.together else "-",
        number(setting.peak.largest / 1e6) if setting.peak.largest else "-",
    ]
