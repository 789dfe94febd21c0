"""How fast a library is built, how large it is and how much memory a worker needs, beside tantivy.

usage: python benchmarks/build.py CORPUS.jsonl [--jobs 1,2] [--rounds 3]

CORPUS has one object a line with `title` and `text`. Each figure is the median of rounds that take turns,
so that a busy machine is busy for all. tantivy is measured where it is installed. MB is a million characters
of text; size is the share of the text; memory is the largest of the worker processes' peaks.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield (title, text) of each line."""
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row.get("title", ""), row.get("text", "")


def build_byline(corpus: Path, folder: Path, jobs: int, keep: bool) -> dict[str, float]:
    """Build with byline; `keep` stores the articles as users do."""
    sys.path.insert(0, str(ROOT))
    from index.analysis import Analyzer
    from index.article import Article
    from index.builder import Builder, create_index

    articles = [Article(str(n), title, text, "") for n, (title, text) in enumerate(texts(corpus))]
    size = sum(len(article.title) + len(article.text) for article in articles)
    create_index(folder, "english")
    start = time.perf_counter()
    with Builder(folder, Analyzer(), jobs=jobs, keep_articles=keep) as builder:
        for article in articles:
            builder.add(article)
        builder.commit()
    return {"seconds": time.perf_counter() - start, "text": size}


def build_tantivy(corpus: Path, folder: Path, jobs: int, keep: bool) -> dict[str, float]:
    """Build with tantivy through its Python API, English stems, title and body indexed, nothing stored."""
    import tantivy

    documents = list(texts(corpus))
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("id", stored=True)
    for name in ("title", "body"):
        schema.add_text_field(name, tokenizer_name="en_stem")
    start = time.perf_counter()
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer(512_000_000, jobs)
    for number, (title, text) in enumerate(documents):
        writer.add_document(tantivy.Document(id=number, title=[title], body=[text]))
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "text": sum(len(title) + len(text) for title, text in documents)}


BUILDERS: dict[str, Callable[[Path, Path, int, bool], dict[str, float]]] = {
    "byline": build_byline,
    "byline, articles stored": build_byline,
    "tantivy": build_tantivy,
}


def child(name: str, corpus: Path, jobs: int) -> None:
    """Build once in this process and print the figures as JSON."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, Any] = BUILDERS[name](corpus, Path(folder), jobs, "stored" in name)
        figures["disk"] = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures["cpu"] = sum(usage.ru_utime + usage.ru_stime for usage in used)
    print(json.dumps(figures))


def measure(name: str, corpus: Path, jobs: int) -> dict[str, float] | None:
    """Build in a fresh process; None where the engine is not installed."""
    command = [sys.executable, __file__, str(corpus), "--child", name, "--jobs", str(jobs)]
    ran = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    if "ModuleNotFoundError" in ran.stderr:
        return None
    ran.check_returncode()
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


def main() -> None:
    """Measure all engines in turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--jobs", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.corpus, int(given.jobs))
        return
    print("| engine | workers | MB/s | seconds | processor seconds | size |\n|---|---|---|---|---|---|")
    for jobs in map(int, given.jobs.split(",")):
        found: dict[str, list[dict[str, float]]] = {name: [] for name in BUILDERS}
        for _ in range(given.rounds):
            for name, rounds in found.items():
                figures = measure(name, given.corpus, jobs)
                if figures is not None:
                    rounds.append(figures)
        for name, rounds in found.items():
            if rounds:
                seconds = statistics.median(figures["seconds"] for figures in rounds)
                cpu = statistics.median(figures["cpu"] for figures in rounds)
                text, disk = rounds[0]["text"], rounds[0]["disk"]
                rate = f"{text / seconds / 1e6:.1f}"
                print(
                    f"| {name} | {jobs} | {rate} | {seconds:.1f} | {cpu:.1f} | {disk / text:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
