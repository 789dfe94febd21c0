"""Opening an index: nothing in it is run, damage has one name, and a commit is there whole or not at all."""

from __future__ import annotations

import io
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from index.errors import LibraryDamaged
from index.library import Library
from index.reading import LibraryReader
from index.toc import ALLOWED, INDEX_NAME, DurableStorage, LibraryIndex, read_toc
from tests.conftest import process_environment
from tests.search.shelf import Step, article, commit, library_of, texts


def toc_path(library: Library) -> Path:
    (path,) = library.path.glob(f"_{INDEX_NAME}_*.toc")
    return path


def found(library: Library) -> set[str]:
    with library.reader() as reader:
        return {reader.ident(number) for number in range(reader.size) if reader.living[number]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library with two segments, one of them with a deletion."""
    first = tuple(article(f"{at:02}", f"word{at} talks") for at in range(40))
    return library_of(
        tmp_path_factory.mktemp("toc"), Step(first), Step((article("new", "talks"),), ("03", "04"))
    )


class Trap:
    """Pickles as a call that leaves a trace, as a hostile index would."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.call


def pickled(schema: bytes, segments: Any = None, generation: int = 0) -> bytes:
    """Return a table of contents, well formed as far as Whoosh can tell, with this pickle for its schema."""
    buffer = io.BytesIO()
    stream = StructFile(buffer)
    for size in (4, 8, 4):
        stream.write_varint(size)
    stream.write_int(-12345)
    stream.write_int(-111)
    for part in (3, 54, 0):
        stream.write_varint(part)
    stream.write_string(schema)
    stream.write_int(generation)
    stream.write_int(0)
    stream.write_pickle(segments)
    stream.flush()
    return buffer.getvalue()


def forged(schema: Any, segments: Any, generation: int) -> bytes:
    """Return the same with these values."""
    return pickled(pickle.dumps(schema, 2), segments, generation)


@pytest.mark.parametrize("place", ["schema", "segments"])
@pytest.mark.parametrize(
    "function", [Path.touch, exec, eval, getattr, subprocess.Popen, pickle.loads, __import__, print]
)
def test_a_class_that_is_not_let_in_is_refused_and_not_run(tmp_path: Path, place: str, function: Any) -> None:
    library = texts(tmp_path, "talks")
    trace = tmp_path / "trace"
    code = f"open({str(trace)!r}, 'w')"
    arguments: tuple[Any, ...] = {Path.touch: (trace,), subprocess.Popen: (["touch", str(trace)],)}.get(
        function, (code,)
    )
    good = read_toc(DurableStorage(str(library.path)))
    trap = Trap(function, *arguments)
    schema, segments = (trap, good.segments) if place == "schema" else (good.schema, [trap])
    toc_path(library).write_bytes(forged(schema, segments, good.generation))
    with pytest.raises(LibraryDamaged, match="not let in"):
        library.reader()
    assert not trace.exists()


def test_names_are_let_in_exactly(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks")
    for module, name in (("whoosh.fields", "os.system"), ("index.schema", "json"), ("os", "system")):
        assert (module, name) not in ALLOWED
        trap = f"c{module}\n{name}\n.".encode()
        toc_path(library).write_bytes(pickled(trap))
        with pytest.raises(LibraryDamaged, match="not let in"):
            library.reader()


def test_a_forged_table_is_what_it_says(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks")
    good = read_toc(DurableStorage(str(library.path)))
    toc_path(library).write_bytes(forged(good.schema, good.segments, good.generation))
    assert found(library) == {"00"}


@pytest.mark.parametrize(
    ("schema", "segments"),
    [(1, []), ({}, []), ([], []), (None, None), ("schema", 1), ({"text": 1}, [1])],
)
def test_values_of_the_wrong_kind_are_damage(tmp_path: Path, schema: Any, segments: Any) -> None:
    library = texts(tmp_path, "talks")
    toc_path(library).write_bytes(forged(schema, [], 1))
    with pytest.raises(LibraryDamaged):
        library.reader()
    good = texts(tmp_path / "other", "talks")
    kept = read_toc(DurableStorage(str(good.path)))
    if segments != []:
        toc_path(good).write_bytes(forged(kept.schema, segments, 1))
        with pytest.raises(LibraryDamaged):
            good.reader()


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_damaged_table_is_damage_or_harmless(shared: Library, data: st.DataObject) -> None:
    path = toc_path(shared)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(1, 255))
    cut = data.draw(st.booleans())
    changed = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ byte]) + whole[at + 1 :]
    wanted = found(shared)
    path.write_bytes(changed)
    try:
        with LibraryReader(shared.path) as reader:
            opened = reader.generation == 2 and not cut
    except LibraryDamaged:
        opened = True
    finally:
        path.write_bytes(whole)
    assert opened
    assert found(shared) == wanted


@pytest.mark.parametrize("content", [b"", b"\0" * 500, b"talks" * 100, pickle.dumps([1])])
def test_a_file_that_is_no_table_is_damage(tmp_path: Path, content: bytes) -> None:
    library = texts(tmp_path, "talks")
    toc_path(library).write_bytes(content)
    with pytest.raises(LibraryDamaged, match="not a table of contents"):
        library.reader()


def test_a_table_under_another_generations_name_is_damage(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks")
    path = toc_path(library)
    path.rename(path.with_name(f"_{INDEX_NAME}_7.toc"))
    with pytest.raises(LibraryDamaged, match="generation and name differ"):
        LibraryReader(library.path)


def test_without_a_table_there_is_damage(tmp_path: Path) -> None:
    with pytest.raises(LibraryDamaged, match="no table of contents"):
        LibraryReader(tmp_path)


def test_a_segment_that_is_gone_is_damage(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks")
    for path in library.path.glob(f"{INDEX_NAME}_*"):
        if "LOCK" not in path.name:
            path.unlink()
    with pytest.raises(LibraryDamaged, match="gone"):
        library.reader()


def test_a_writer_that_cleans_up_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = texts(tmp_path, "talks")
    plain = LibraryIndex.open_segment
    tries: list[int] = []

    def slow(index: LibraryIndex, segment: Any) -> Any:
        first = not tries
        tries.append(library.generation)
        if first:
            commit(library, Step((article("new", "talks"),)), rebuild=True)
            del tries[1:]  # the commit looked into segments too
        return plain(index, segment)

    monkeypatch.setattr(LibraryIndex, "open_segment", slow)
    with library.reader() as reader:
        assert reader.generation == 2
        assert [reader.ident(number) for number in range(reader.size)] == ["new"]
    assert (tries[0], tries[-1]) == (1, 2)  # a commit may open segments too


KILLED = """
import os, sys
from index.library import Library
from index.toc import DurableStorage
from tests.search.shelf import Step, article, commit

def stop(self, old, new, safe=False):
    if new.endswith(".toc"):
        os._exit(9)
    os.replace(os.path.join(self.folder, old), os.path.join(self.folder, new))

DurableStorage.rename_file = stop
step = Step(tuple(article(f"late {at}", "talks " * 50) for at in range(30)), ("00",))
commit(Library.open(sys.argv[1]), step, rebuild=sys.argv[2] == "rebuild")
"""


@pytest.mark.parametrize("how", ["add", "rebuild"])
def test_a_writer_killed_before_its_commit_leaves_the_old_state(tmp_path: Path, how: str) -> None:
    library = texts(tmp_path, "talks one", "talks two")
    before = {path.name: path.read_bytes() for path in library.path.glob(f"*{INDEX_NAME}*")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", KILLED, str(library.path), how],
        env=process_environment(),
        check=False,
    )
    assert done.returncode == 9
    assert library.generation == 1
    assert {name: (library.path / name).read_bytes() for name in before} == before
    assert found(library) == {"00", "01"}
    assert commit(library, Step((article("next", "talks"),), ("01",))) == 2
    assert found(library) == {"00", "next"}


def test_a_commit_is_on_the_disk_before_its_table_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = texts(tmp_path, "talks")
    events: list[str] = []
    plain = Path.replace

    def replace(self: Path, target: Path) -> Path:
        events.append(f"rename {Path(target).name}")
        return plain(self, target)

    monkeypatch.setattr("index.toc._sync", lambda path: events.append(f"sync {path.name}"))
    monkeypatch.setattr(Path, "replace", replace)
    commit(library, Step((article("new", "talks"),)))
    (at,) = [at for at, event in enumerate(events) if event == f"rename _{INDEX_NAME}_2.toc"]
    segments = {path.name for path in library.path.glob(f"{INDEX_NAME}_*") if "LOCK" not in path.name}
    assert {f"sync {name}" for name in segments} <= set(events[:at])
    assert any(event.startswith(f"sync _{INDEX_NAME}_2.toc") for event in events[:at])
    assert f"sync {library.path.name}" in events[at:]


def test_stock_whoosh_opens_a_trusted_library(tmp_path: Path) -> None:
    from whoosh.index import open_dir
    from whoosh.query import Term

    library = texts(tmp_path, "talks", "war")
    with open_dir(str(library.path), indexname=INDEX_NAME).searcher() as searcher:
        assert searcher.doc_count() == 2
        assert list(searcher.docs_for_query(Term("text", "talk"))) == [0]
    assert TOC.read(DurableStorage(str(library.path)), INDEX_NAME).generation == 1


def test_a_copy_of_a_library_opens_as_well(shared: Library, tmp_path: Path) -> None:
    copy = shutil.copytree(shared.path, tmp_path / "copy")
    assert found(Library.open(copy)) == found(shared)
