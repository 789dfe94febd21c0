"""What an article costs as the library grows: to index, on the disk, and in a query."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.child import built, run
from benchmarks.corpus import read
from benchmarks.queries import Measured, draw, measure
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Kind, engine
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile

_SAMPLE = 20_000


def growth(setup: Setup) -> Section:
    """Build libraries of growing size, read from one JSONL, and ask each; tantivy beside them if wanted."""
    corpus = setup.corpus(max(setup.sizes))
    rows = [_row(setup, corpus, size) for size in setup.sizes]
    headings = ["articles", "text, MB", "build, s", "MB/s", "µs an article", "memory, MB"]
    headings += ["library : text", f"{Kind.OR2}: found", "p50, ms", "p95, ms", "p50 a million articles, ms"]
    rivals = [engine(name).name for name in setup.engines if name == "tantivy"]
    headings += [f"{name} {what}" for name in rivals for what in ("p50", "p95")]
    prose = f"""byline with two processes, text stored, articles read from one JSONL; {Kind.OR2} with the ten
        best and the exact count."""
    return section("growth", setup.command("growth"), prose, table(headings, rows))


def _row(setup: Setup, corpus: Path, size: int) -> list[str]:
    folder = setup.work / "growing"
    job = {"do": "build", "engine": "byline", "jobs": 2, "stored": True, "streamed": True}
    result, peak = run({**job, "corpus": str(corpus), "articles": size, "folder": str(folder)})
    folders = {"byline": folder}
    if "tantivy" in setup.engines:
        folders["tantivy"] = built(setup.work, corpus, "tantivy", articles=size)
    sample = list(read(corpus, min(size, _SAMPLE)))
    asked = {Kind.OR2: draw(sample, setup.queries)[Kind.OR2]}
    warm_up = {Kind.OR2: draw(sample, min(20, setup.queries), seed=11)[Kind.OR2]}
    found = measure(folders, asked, warm_up, setup.rounds)
    shutil.rmtree(folder)
    p50, p95 = _times(found["byline"])
    counts = [count or 0 for count in found["byline"].found[Kind.OR2].values()]
    row = [
        f"{size:,}",
        number(result["text"] / 1e6),
        number(result["seconds"]),
        number(result["text"] / 1e6 / result["seconds"]),
        number(result["seconds"] / size * 1e6),
        number(peak.together / 1e6),
        f"{result['size'] / result['text']:.2f}",
        number(sum(counts) / len(counts)),
        number(p50),
        number(p95),
        number(p50 / size * 1e6),
    ]
    if "tantivy" in folders:
        row += map(number, _times(found["tantivy"]))
    return row


def _times(measured: Measured) -> tuple[float, float]:
    typical = measured.typical(Kind.OR2)
    return median(typical), percentile(typical, 0.95)
