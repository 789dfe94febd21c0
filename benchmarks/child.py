"""One job in a process of its own (`python -P -m benchmarks.child`), so that nothing before it counts.

The job is a JSON object on the first line of stdin; when everything is loaded the child prints "ready" and
waits for another line, so that the parent can note its memory; then it works and prints its result as JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.corpus import Doc, read
from benchmarks.memory import Peak, anonymous, peak_above
from benchmarks.rivals import Byline, Kind, engine


def run(job: dict[str, Any]) -> tuple[dict[str, Any], Peak]:
    """Do a job in a fresh process; return its result, and its memory above what it had when it was ready.

    Raises `RuntimeError` with the last line of the error if it fails.
    """
    command = [sys.executable, "-P", "-m", "benchmarks.child"]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as told,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=told, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        is_ready = bool(process.stdout.readline())
        before = anonymous(process.pid)
        if is_ready:
            process.stdin.write("\n")
            process.stdin.flush()
        peak = peak_above(process, before)
        lines = process.stdout.read().splitlines()
        told.seek(0)
        errors = told.read().strip().splitlines()
    if process.returncode:
        reason = errors[-1] if errors else f"code {process.returncode}"
        raise RuntimeError(f"{job['do']} with {job['engine']}: {reason}")
    result: dict[str, Any] = json.loads(lines[-1])
    return result, peak


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _ready() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _build(job: dict[str, Any]) -> dict[str, Any]:
    """Index a corpus; `streamed` reads it meanwhile, else it is in memory before the clock starts."""
    made = engine(job["engine"])
    if isinstance(made, Byline):
        made.stems = Path(job["stems"]) if job.get("stems") else None
    folder = Path(job["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    articles = read(Path(job["corpus"]), job["articles"])
    docs = articles if job.get("streamed") else list(articles)
    sizes: list[int] = []

    def counted() -> Any:
        for doc in docs:
            sizes.append(len(doc.text) + len(doc.title))
            yield doc

    _ready()
    began = time.perf_counter()
    made.build(counted(), folder, jobs=job["jobs"], stored=job["stored"])
    seconds = time.perf_counter() - began
    if isinstance(made, Byline) and job.get("leave_stems"):
        made.leave_stems(Path(job["leave_stems"]))
    return {"seconds": seconds, "text": sum(sizes), "articles": len(sizes), "size": size_of(folder)}


def _open(job: dict[str, Any]) -> dict[str, Any]:
    made = engine(job["engine"])
    _ready()
    began = time.perf_counter()
    made.open(Path(job["folder"]))
    opened = time.perf_counter()
    answer = made.ask(Kind(job["kind"]), tuple(job["words"]))
    done = time.perf_counter()
    return {"open": opened - began, "first": done - opened, "found": answer and answer.found}


def _batch(job: dict[str, Any]) -> dict[str, Any]:
    """Answer a share of the queries of a batch (`benchmarks/batch.py`), which go round its four kinds."""
    made = engine(job["engine"])
    lines = Path(job["queries"]).read_text(encoding="utf-8").splitlines()
    queries = list(enumerate(line.partition("\t") for line in lines))[job["part"] :: job["parts"]]
    _ready()
    began = time.perf_counter()
    made.open(Path(job["folder"]))
    with tempfile.TemporaryFile("w") as out:
        for _, (number, _, text) in queries:
            out.writelines(f"{number} {name} {score}\n" for name, score in made.scored(text))
    seconds = time.perf_counter() - began
    made.close()
    return {"seconds": seconds}


def _copies(job: dict[str, Any]) -> dict[str, Any]:
    """Index a corpus in one process; return its seconds, and those that copies took of them."""
    from index import builder, run

    taken = {"signatures": 0.0, "pairs": 0.0}

    def timed(name: str, call: Any) -> Any:
        def timing(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return call(*arguments, **named)
            finally:
                taken[name] += time.process_time() - began

        return timing

    module: Any = run
    module.Run._signed = timed("signatures", module.Run._signed)
    made: Any = builder.Builder
    made._write_copies = timed("pairs", made._write_copies)
    docs = list(read(Path(job["corpus"]), job["articles"]))
    folder = Path(job["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    _ready()
    began = time.process_time()
    Byline().build(docs, folder, jobs=1, stored=True)
    return {"seconds": time.process_time() - began, **taken, "copies": sum(taken.values())}


JOBS = {"build": _build, "open": _open, "batch": _batch, "copies": _copies}


def main() -> None:
    """Do the job on stdin."""
    job = json.loads(sys.stdin.readline())
    print(json.dumps(JOBS[job["do"]](job)))


def built(work: Path, corpus: Path, name: str, *, stored: bool = False, articles: int | None = None) -> Path:
    """Return a folder with an engine's index of a corpus, made at the first call."""
    folder = work / "indexes" / f"{name}-{corpus.stem}-{articles or 'all'}{'-stored' if stored else ''}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(folder.name + ".part")
        job = {"engine": name, "corpus": str(corpus), "articles": articles, "folder": str(part)}
        run({"do": "build", "jobs": 2 if name in ("byline", "tantivy") else 1, "stored": stored, **job})
        part.rename(folder)
    return folder


def first_docs(corpus: Path, count: int) -> list[Doc]:
    """Return the first articles of a corpus."""
    return list(read(corpus, count))


if __name__ == "__main__":
    main()
