"""A segment that several processes write together is the one that joining a segment of each gives."""

from __future__ import annotations

import json
import marshal
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import invert, processes, word_spool
from index import segments as segments_
from index.analysis import Analyzer
from index.article import Article
from index.codec.segment_reader import SegmentReader
from index.ingest import Job
from index.merge import merge
from index.parts import put_together
from index.pool import WorkerPool
from index.processes import start_workers
from index.record import row_of
from index.segment_names import segment_file, vectors_file
from index.segments import Segments
from index.tasks import packed_job
from tests.index.codec.test_ways import articles


def gathered(folder: Path, parts: list[list[Article]], keep: bool) -> list[Segments]:
    """Return what each of several processes has that was given one part of the articles, in two portions."""
    found = []
    for part in parts:
        segments = Segments(folder, Analyzer(), keep_articles=keep)
        for some in (part[: len(part) // 2], part[len(part) // 2 :]):
            segments.add(list(map(row_of, some)))
        found.append(segments)
    return found


def written(folder: Path, name: str) -> list[bytes]:
    """Return all bytes of a segment's files, and remove them."""
    paths = [folder / segment_file(name), folder / vectors_file(name)]
    found = [path.read_bytes() for path in paths if path.exists()]
    for path in paths:
        path.unlink(missing_ok=True)
    return found


@settings(max_examples=40, deadline=None)
@given(
    given_=articles(least=1, most=9),
    cuts=st.lists(st.integers(0, 9), max_size=3).map(sorted),
    at_once=st.sampled_from([1, 7, 1 << 23]),
    in_memory=st.sampled_from([0, 20, 1 << 21]),
    keep=st.booleans(),
)
def test_a_segment_of_parts_is_that_of_a_join_byte_for_byte(
    given_: list[Article], cuts: list[int], at_once: int, in_memory: int, keep: bool
) -> None:
    bounds = [0, *cuts, len(given_)]
    parts = [given_[first:last] for first, last in pairwise(bounds)]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one_by_one = gathered(folder, parts, keep)
        for segments in one_by_one:
            segments.flush()
        names = [made for segments in one_by_one for made, _ in segments.written]
        sources = [(SegmentReader(folder / segment_file(made)), set[int]()) for made in names]
        assert merge(sources, folder / segment_file("joined")) == len(given_)
        wanted = written(folder, "joined")
        for made in names:
            written(folder, made)
        patch.setattr(invert, "_PASS", at_once)
        patch.setattr(invert, "_CHUNK", at_once)
        patch.setattr(word_spool, "_IN_MEMORY", in_memory)
        patch.setattr(segments_, "_MANY_WORDS", in_memory)
        together = gathered(folder, parts, keep)
        shared = [segments.shared() for segments in together]
        made = put_together(folder, [one.write_part(shared, place) for place, one in enumerate(together)])
        assert written(folder, made) == wanted
        assert not list(folder.iterdir()), "what was needed meanwhile is removed"


#: A worker that writes a segment whenever it has three articles.
_SHORT_RUNS = """
from index import run, worker
run._MOST_ARTICLES = 3
worker.main()
"""


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.parametrize("short_runs", [False, True])
def test_articles_are_taken_back_wherever_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, short_runs: bool
) -> None:
    if short_runs:
        monkeypatch.setattr(processes, "may_fork", lambda: False)
        monkeypatch.setattr(processes, "_WORKER", ("-c", _SHORT_RUNS))
    pool = WorkerPool(tmp_path, Analyzer(), start_workers(jobs, Analyzer))
    job = packed_job(Job("news", "/news/lines.jsonl", "lines.jsonl"))
    places: dict[str, tuple[int, int]] = {}
    for number in range(30):
        record = json.dumps({"id": f"{number}", "text": f"word{number} and more"}).encode()
        pool.ask(("text", job, record, 1, ""), None)
        ((_, worker, answer),) = pool.answers()
        ((_, key, *_, place),) = marshal.loads(answer[0])
        places[key] = worker, place
    gone = {"0", "3", "11", "17", "28", "29"}
    for ident in gone:
        pool.drop(*places[ident])
    found: list[str] = []
    for name, count, dropped in pool.finish():
        ids = SegmentReader(tmp_path / segment_file(name)).plain("id")
        assert ids is not None
        names = dict(zip(ids.all_docs().tolist(), ids.terms, strict=True))
        assert sorted(names) == list(range(count))
        found += [names[number].decode() for number in names if number not in dropped]
    assert sorted(found) == sorted(f"news/lines.jsonl#{key}" for key in places if key not in gone)
