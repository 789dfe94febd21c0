"""A library's life: made, opened, brought up to date, asked what it holds."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from index import ingest
from index.article import DateOrigin
from index.errors import (
    BylineError,
    LibraryDamaged,
    LibraryLocked,
    LibraryMismatch,
    LibraryMissing,
    RootProblem,
    UpdateStopped,
    UsageProblem,
)
from index.library import Library
from index.lock import WriterLock
from index.report import Progress
from tests.index.shelf import LONG_AGO, holdings, ids, put


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for name in ("a", "b", "c", "sub/d"):
        put(tmp_path / f"news/{name}.txt", f"Story {name}\n\nThe ships of {name} sailed on 2024-05-17.\n")
    return tmp_path / "news"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.create(tmp_path / "library")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are read."""
    seen: list[str] = []
    content = ingest._content

    def watched(path: str) -> tuple[bytes, int, bool]:
        seen.append(Path(path).name)
        return content(path)

    monkeypatch.setattr("index.ingest._content", watched)
    return seen


def test_articles_go_in_and_are_found_again(library: Library, news: Path) -> None:
    report = library.update([news])
    assert (report.added, report.changed, report.removed, report.unchanged) == (4, 0, 0, 0)
    assert (report.articles, report.generation) == (4, library.generation)
    assert report.bytes == sum(path.stat().st_size for path in news.rglob("*.txt"))
    found = holdings(library)
    assert set(found.articles) == {"news/a.txt", "news/b.txt", "news/c.txt", "news/sub/d.txt"}
    assert found.postings["text", "ship"].keys() == found.articles.keys()
    assert Path(found.articles["news/sub/d.txt"].path) == news / "sub/d.txt"


def test_unchanged_files_are_not_read_again(library: Library, news: Path, reads: list[str]) -> None:
    library.update([news])
    generation = library.generation
    reads.clear()
    report = library.update()
    assert reads == []
    assert (report.unchanged, report.generation, library.generation) == (4, generation, generation)
    put(news / "b.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)
    report = library.update()
    assert reads == ["b.txt"]
    assert (report.changed, report.unchanged) == (1, 3)


def test_a_touched_file_is_read_and_found_to_be_the_same(
    library: Library, news: Path, reads: list[str]
) -> None:
    library.update([news])
    os.utime(news / "a.txt", ns=(LONG_AGO, LONG_AGO + 7))
    reads.clear()
    generation = library.generation
    assert library.update().unchanged == 4
    assert reads == ["a.txt"]
    assert library.generation == generation
    library.update()
    assert reads == ["a.txt"]


def test_a_fresh_file_is_not_trusted_by_its_time(library: Library, news: Path) -> None:
    status = put(news / "a.txt", "One word.\n", mtime_ns=None).stat()
    library.update([news])
    put(news / "a.txt", "Two word.\n", mtime_ns=status.st_mtime_ns)
    assert library.update().changed == 1


def test_a_date_from_the_file_moves_with_it(library: Library, news: Path) -> None:
    path = put(news / "undated.txt", "No date at all.\n")
    library.update([news])
    before = holdings(library).articles["news/undated.txt"]
    assert before.date_origin is DateOrigin.FILE
    os.utime(path, ns=(LONG_AGO, LONG_AGO + 86_400_000_000_000))
    assert library.update().changed == 1
    after = holdings(library).articles["news/undated.txt"]
    assert after.date is not None
    assert before.date is not None
    assert (after.date - before.date).days == 1


def test_a_moved_file_is_removed_and_added(library: Library, news: Path) -> None:
    library.update([news])
    (news / "a.txt").rename(news / "z.txt")
    report = library.update()
    assert (report.added, report.removed, report.unchanged) == (1, 1, 3)
    assert ids(library) == {"news/b.txt", "news/c.txt", "news/sub/d.txt", "news/z.txt"}


def test_only_articles_below_the_paths_given_are_removed(library: Library, news: Path) -> None:
    library.update([news])
    (news / "a.txt").unlink()
    (news / "sub/d.txt").unlink()
    assert library.update([news / "sub"]).removed == 1
    assert ids(library) == {"news/a.txt", "news/b.txt", "news/c.txt"}
    assert library.update([news]).removed == 1


def test_when_most_of_a_root_is_gone_nothing_is_removed_without_prune(library: Library, news: Path) -> None:
    library.update([news])
    for name in ("a", "b", "c"):
        (news / f"{name}.txt").unlink()
    put(news / "new.txt", "New.\n")
    report = library.update()
    assert (report.added, report.removed, report.articles) == (1, 0, 5)
    assert "3 of 4 files" in report.notes[0]
    assert "--prune" in report.notes[0]
    with pytest.raises(RootProblem, match="--prune"):
        library.update(rebuild=True)
    assert len(ids(library)) == 5
    report = library.update(prune=True)
    assert (report.removed, report.notes) == (3, ())
    assert ids(library) == {"news/sub/d.txt", "news/new.txt"}


def test_a_folder_that_was_renamed_has_not_vanished(library: Library, news: Path) -> None:
    library.update([news])
    (news / "all").mkdir()
    for name in ("a", "b", "c"):
        (news / f"{name}.txt").rename(news / f"all/{name}.txt")
    report = library.update()
    assert (report.added, report.removed, report.notes) == (3, 3, ())


def test_a_missing_root_is_an_error_and_removes_nothing(library: Library, news: Path) -> None:
    library.update([news])
    news.rename(news.with_name("elsewhere"))
    for paths in ([], [news]):
        with pytest.raises(RootProblem):
            library.update(paths, prune=True)
    assert len(ids(library)) == 4


def test_what_cannot_be_read_keeps_its_articles(
    library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([news])
    put(news / "a.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)

    def refuse(path: Path) -> tuple[bytes, int, bool]:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("index.ingest._content", refuse)
        report = library.update(prune=True)
    assert (report.removed, report.unchanged, len(ids(library))) == (0, 4, 4)
    assert [(skip.path, skip.reason) for skip in report.skipped] == [
        (news / "a.txt", "cannot be read: Permission denied")
    ]
    report = library.update()
    assert (report.changed, report.skipped) == (1, ())


def test_files_left_out_are_counted_with_their_reasons_in_every_run(library: Library, news: Path) -> None:
    put(news / ".hidden.txt", "x")
    put(news / "empty.txt", "")
    (news / "data.txt").write_bytes(b"\0\1\2\xff" * 100)
    lines = ['{"id": "1", "text": "One."}', "{nonsense", '{"id": "2", "text": "Two."}']
    put(news / "wire.jsonl", "\n".join(lines))
    first = library.update([news])
    assert first.added == 6
    assert {(skip.path.name, skip.line) for skip in first.skipped} == {
        (".hidden.txt", 0),
        ("empty.txt", 0),
        ("data.txt", 0),
        ("wire.jsonl", 2),
    }
    assert library.update().skipped == first.skipped
    assert sum(library.status().skipped.values()) == 4


def test_of_equal_keys_the_last_wins_and_it_is_reported(library: Library, news: Path) -> None:
    lines = ['{"id": "1", "text": "Old."}', '{"id": "2", "text": "Other."}', '{"id": "1", "text": "New."}']
    put(news / "wire.jsonl", "\n".join(lines))
    report = library.update([news / "wire.jsonl"])
    assert (report.added, [skip.line for skip in report.skipped]) == (2, [1])
    found = holdings(library).articles
    assert found["news/wire.jsonl#1"].text == "New."
    assert found["news/wire.jsonl#1"].key == "1"


def test_of_a_changed_file_only_the_changed_articles_are_touched(library: Library, news: Path) -> None:
    def line(key: int, text: str) -> str:
        return json.dumps({"id": str(key), "text": text, "date": "2024-01-01"})

    put(news / "wire.jsonl", "\n".join(line(key, f"Text {key}.") for key in range(10)))
    library.update([news])
    lines = [line(key, f"Text {key}.") for key in range(9)] + [line(10, "More.")]
    lines[3] = line(3, "Another text.")
    put(news / "wire.jsonl", "\n".join(lines), mtime_ns=LONG_AGO + 1)
    report = library.update()
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 1, 12)
    assert holdings(library).articles["news/wire.jsonl#3"].text == "Another text."


def test_names_that_are_not_utf8_survive(library: Library, news: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(news) + b"/caf\xe9\x1b[2J #1.txt"))
    put(odd, "Odd name.\n")
    library.update([news])
    ident = "news/caf\\xe9\\x1b[2J \\#1.txt"
    article = holdings(library).articles[ident]
    assert Path(article.path).read_text() == "Odd name.\n"
    assert library.update().unchanged == 5
    odd.unlink()
    assert library.update().removed == 1


def test_a_single_file_brings_in_only_itself_until_its_folder_is_given(library: Library, news: Path) -> None:
    library.update([news / "a.txt"])
    assert ids(library) == {"news/a.txt"}
    assert library.update().unchanged == 1
    report = library.update([news])
    assert (report.added, report.unchanged) == (3, 1)
    assert [root.whole for root in library.roots()] == [True]


def test_forget_drops_a_root_and_its_articles_only(library: Library, news: Path, tmp_path: Path) -> None:
    put(tmp_path / "more/x.txt", "More.\n")
    library.update([news, tmp_path / "more"])
    report = library.forget(news)
    assert (report.removed, report.articles) == (4, 1)
    assert ids(library) == {"more/x.txt"}
    assert [root.label for root in library.roots()] == ["more"]
    with pytest.raises(RootProblem):
        library.forget(news)
    assert library.forget("more").articles == 0
    with pytest.raises(UsageProblem, match="byline index FOLDER"):
        library.update()


def test_forget_takes_single_files_too(library: Library, news: Path) -> None:
    library.update([news / "a.txt", news / "b.txt"])
    library.forget(news / "a.txt")
    assert ids(library) == {"news/b.txt"}
    library.forget(news / "b.txt")
    assert library.roots() == ()


def test_a_second_writer_is_refused(library: Library, news: Path) -> None:
    with WriterLock(library.path), pytest.raises(LibraryLocked, match=f"process {os.getpid()} "):
        library.update([news])
    assert library.update([news]).added == 4


def test_a_reader_keeps_its_generation_through_a_rebuild(library: Library, news: Path) -> None:
    library.update([news])
    with library.reader() as reader:
        put(news / "a.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)
        library.update(rebuild=True)
        number = reader.number("news/a.txt")
        assert number is not None
        assert reader.article(number).text != "Changed."
    assert library.generation > reader.generation


def test_progress_comes_to_its_end(library: Library, news: Path) -> None:
    seen: list[Progress] = []
    report = library.update([news], progress=seen.append)
    assert seen[0].files_done == 0
    assert seen[-1].writing
    assert seen[-1].files_done == seen[-1].files_total == seen[-1].articles == 4
    assert seen[-1].bytes_done == seen[-1].bytes_total == report.bytes


def test_a_run_can_be_stopped_and_leaves_the_library_as_it_was(library: Library, news: Path) -> None:
    library.update([news])
    before = holdings(library)
    put(news / "a.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)
    put(news / "b.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)
    stop = threading.Event()

    def at_first_call(progress: Progress) -> None:
        stop.set()

    with pytest.raises(UpdateStopped):
        library.update(progress=at_first_call, stop=stop)
    assert holdings(library) == before
    assert library.update().changed == 2


def test_stems_are_kept_for_the_next_build(
    library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([news])
    expected = holdings(library).postings

    def refuse(language: str) -> None:
        raise AssertionError("a word is stemmed again")

    from index import schema

    schema._ANALYSERS.cache_clear()
    monkeypatch.setattr("index.analysis.nltk_stemmer", refuse)
    again = Library.open(library.path)
    assert again.update(rebuild=True).unchanged == 4
    assert holdings(again).postings == expected


def test_status_tells_what_is_there(library: Library, news: Path) -> None:
    library.update([news])
    put(news / "pic.gif", "x")
    library.update()
    status = library.status()
    assert (status.articles, status.files, status.language) == (4, 4, "english")
    assert status.bytes == sum(path.stat().st_size for path in news.rglob("*.txt"))
    assert status.disk >= sum(path.stat().st_size for path in library.path.glob("MAIN_*.seg"))
    assert status.skipped == {"unknown format .gif": 1}
    assert [(root.label, root.there, root.articles) for root in status.roots] == [("news", True, 4)]
    assert json.loads(json.dumps(status.as_dict()))["articles"] == 4


def test_open_and_create_know_what_stands_there(tmp_path: Path, library: Library) -> None:
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path / "nowhere")
    with pytest.raises(UsageProblem, match="already"):
        Library.create(library.path)
    put(tmp_path / "full/a.txt", "x")
    with pytest.raises(UsageProblem, match="folder of its own"):
        Library.create(tmp_path / "full")
    with pytest.raises(UsageProblem, match="is a file"):
        Library.create(tmp_path / "full/a.txt")
    with pytest.raises(LibraryMissing):
        Library.open(tmp_path / "full/a.txt")
    with pytest.raises(UsageProblem, match="english"):
        Library.open_or_create(library.path, "french")
    with pytest.raises(UsageProblem, match="klingon"):
        Library.create(tmp_path / "new", "klingon")
    assert not (tmp_path / "new").exists()
    assert Library.open_or_create(tmp_path / "fr", "french").language == "french"
    assert Library.open_or_create(tmp_path / "fr").language == "french"


def test_a_making_that_was_cut_short_is_done_again(tmp_path: Path, library: Library, news: Path) -> None:
    (library.path / "library.json").unlink()
    with pytest.raises(LibraryMissing):
        Library.open(library.path)
    assert Library.open_or_create(library.path).update([news]).added == 4


def _edit(library: Library, **fingerprint: str) -> None:
    path = library.path / "library.json"
    data = json.loads(path.read_text())
    for _, mark in data["fingerprints"]:
        mark.update(fingerprint)
    path.write_text(json.dumps(data))


def test_other_rules_ask_for_a_rebuild_and_get_it(library: Library, news: Path) -> None:
    library.update([news])
    _edit(library, rules="0")
    for attempt in (library.reader, library.update, lambda: Library.open(library.path)):
        with pytest.raises(LibraryMismatch, match="--rebuild"):
            attempt()
    opened = Library.open(library.path, check=False)
    assert opened.update(rebuild=True).articles == 4
    assert Library.open(library.path).update().unchanged == 4


def test_another_stemmer_release_stops_writers_only(library: Library, news: Path) -> None:
    library.update([news])
    _edit(library, nltk="1.0")
    assert len(ids(Library.open(library.path))) == 4
    with pytest.raises(LibraryMismatch, match=r"nltk 1\.0 .*--rebuild"):
        library.update()
    library.update(rebuild=True)
    assert library.update().unchanged == 4


def test_a_rebuild_that_fails_leaves_the_old_rules_in_force(
    library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([news])
    _edit(library, nltk="1.0")
    with monkeypatch.context() as patch:
        patch.setattr("index.builder.Builder.commit", _fail)
        with pytest.raises(BylineError, match="disk full"):
            library.update(rebuild=True)
    with pytest.raises(LibraryMismatch):
        library.update()


def _fail(*_: object) -> int:
    raise BylineError("disk full")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 99}', "\x00"])
def test_metadata_that_is_none_is_named(library: Library, content: str) -> None:
    (library.path / "library.json").write_text(content)
    with pytest.raises(LibraryDamaged, match=r"library\.json"):
        Library.open(library.path)


def test_a_later_format_is_refused(library: Library) -> None:
    path = library.path / "library.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(LibraryMismatch, match="update byline"):
        Library.open(library.path)


def test_a_lost_catalog_is_named_and_a_rebuild_brings_it_back(library: Library, news: Path) -> None:
    library.update([news])
    (library.path / "catalog.sqlite").unlink()
    with pytest.raises(LibraryDamaged, match=r"catalog\.sqlite"):
        library.update()
    assert library.update([news], rebuild=True).articles == 4
    assert library.update().unchanged == 4


def test_damaged_stems_are_worked_out_again(library: Library, news: Path) -> None:
    library.update([news])
    (library.path / "stems.z").write_bytes(b"nonsense")
    assert Library.open(library.path).update(rebuild=True).articles == 4
