"""What a run of the benchmarks measures, with which engines, and where its files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus


@dataclass(frozen=True, slots=True)
class Setup:
    """How much is measured. `articles` is the size of the corpus, `small` that of the smaller one.
    Engines that can build with several processes or threads do so with `jobs` of them alone, if it is not 0.

    Every part measures its engines by turns, `rounds` times, and reports medians. `work` keeps corpora and
    indexes; what lies there already is used again. `options` is the end of the command that repeats it.
    """

    work: Path
    engines: tuple[str, ...]
    articles: int
    small: int
    files: int
    rounds: int
    queries: int
    updates: int
    sizes: tuple[int, ...]
    source: Path | None = None
    jobs: int = 0
    options: str = ""

    def corpus(self, articles: int | None = None) -> Path:
        """Return the JSONL file with the articles to measure with."""
        return corpus.prepared(self.work, articles or self.articles, self.source)

    def command(self, part: str) -> str:
        """Return the line that says how to repeat a part."""
        return f"Made by `python benchmarks/run.py {part}{self.options}`."
