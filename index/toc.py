"""Opening a library's Whoosh index without running code from it, and making its commits durable.

Whoosh keeps the state of an index in a table of contents (TOC): a file `_MAIN_<generation>.toc` with two
pickles, the schema and the segments; the newest generation counts. Whoosh's own `open_dir` unpickles
whatever stands there. Here only an exact set of classes is let in, and a rename of a TOC (which is the
commit) happens after everything that it names is on the disk.
"""

from __future__ import annotations

import io
import os
import pickle
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex

from index.analysis import LANGUAGES
from index.errors import LibraryDamaged
from index.schema import ArraySegment, schema
from index.segment_names import INDEX_NAME, segment_file

if TYPE_CHECKING:
    from whoosh.writing import SegmentWriter

    from index.codec.segment_reader import SegmentReader

__all__ = [
    "ALLOWED",
    "INDEX_NAME",
    "DurableStorage",
    "LibraryIndex",
    "create_index",
    "open_generation",
    "read_toc",
]

#: Every class that a library's TOC may name: no functions, no dotted names.
ALLOWED = frozenset(
    {
        ("index.schema", "WordsField"),
        ("index.schema", "WordsFormat"),
        ("index.schema", "ArraySegment"),
        ("whoosh.fields", "Schema"),
        ("whoosh.fields", "ID"),
        ("whoosh.fields", "STORED"),
        ("whoosh.fields", "COLUMN"),
        ("whoosh.formats", "Existence"),
        ("whoosh.formats", "Frequency"),
        ("whoosh.formats", "Positions"),
        ("whoosh.columns", "NumericColumn"),
        ("whoosh.columns", "RefBytesColumn"),
        ("whoosh.columns", "VarBytesColumn"),
        ("whoosh.analysis.tokenizers", "IDTokenizer"),
        ("collections", "defaultdict"),
        ("__builtin__", "int"),
        ("builtins", "int"),
        ("__builtin__", "bytes"),
        ("builtins", "bytes"),
    }
)


class _Unpickler(pickle._Unpickler):
    """Lets in `ALLOWED` only. (The one written in Python: no damage makes it claim memory at will.)"""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that is let in. Raises `pickle.UnpicklingError` for any other."""
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"the table of contents names {module}.{name}, which is not let in")
        return super().find_class(module, name)


class DurableStorage(FileStorage):  # type: ignore[misc,unused-ignore]
    """A folder whose TOC renames are commits: named files first, then the TOC, then the folder."""

    #: The files that the next commit must bring to the disk; None if any file of the index may be new.
    fresh: set[str] | None = None

    def _is_fresh(self, path: Path) -> bool:
        if self.fresh is not None:
            return path.name in self.fresh
        return path.name.startswith(INDEX_NAME) and path.is_file()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; for a TOC, only after all files in the folder are on the disk."""
        folder = Path(self.folder)
        if newname.endswith(".toc"):
            _sync_all([path for path in folder.iterdir() if path.name == oldname or self._is_fresh(path)])
        (folder / oldname).replace(folder / newname)
        _sync(folder)


def _sync_all(paths: list[Path]) -> None:
    """Bring files to the disk side by side: the system writes down together what is asked for together.

    Raises the first error.
    """
    errors: list[OSError] = []

    def sync(path: Path) -> None:
        try:
            _sync(path)
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=sync, args=(path,)) for path in paths[1:]]
    for thread in threads:
        thread.start()
    for path in paths[:1]:
        sync(path)
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _sync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_toc(storage: DurableStorage, generation: int | None = None) -> TOC:
    """Return the TOC of a generation (the newest by default), unpickling only `ALLOWED` classes.

    Raises `LibraryDamaged` if the file is not a TOC of this kind of index.
    """
    folder = Path(storage.folder)
    newest = TOC._latest_generation(storage, INDEX_NAME) if generation is None else generation
    path = folder / TOC._filename(INDEX_NAME, newest)
    if newest < 0:
        raise LibraryDamaged(folder, "no table of contents")
    content = path.read_bytes()
    try:
        toc = _parse(StructFile(io.BytesIO(content)), newest)
        _check(toc)
    except Exception as error:  # damaged bytes may lead anywhere in Whoosh and pickle
        raise LibraryDamaged(path, f"not a table of contents ({error})") from error
    return toc


def _parse(stream: StructFile, generation: int) -> TOC:
    """Read what `TOC.write` wrote."""
    for _ in range(3):
        stream.read_varint()
    if stream.read_int() != -12345:
        raise ValueError("written on a machine with another byte order")
    version = stream.read_int()
    release = tuple(stream.read_varint() for _ in range(3))
    schema = _Unpickler(io.BytesIO(stream.read_string())).load()
    if stream.read_int() != generation:
        raise ValueError("generation and name differ")
    stream.read_int()
    segments = _Unpickler(stream.file).load()
    return TOC(schema, segments, generation, version=version, release=release)


def _check(toc: TOC) -> None:
    """Raise an error if the schema or the segments are not what a library has."""
    if not isinstance(toc.schema, Schema):
        raise TypeError("no schema")
    field: Any = toc.schema["text"]
    if field.language not in LANGUAGES:
        raise ValueError(f"unknown language {field.language!r}")
    wanted = schema(field.language)
    if [(name, type(kind)) for name, kind in toc.schema.items()] != [
        (name, type(kind)) for name, kind in wanted.items()
    ]:
        raise ValueError("fields of another kind of index")
    if not isinstance(toc.segments, list) or not all(isinstance(part, ArraySegment) for part in toc.segments):
        raise TypeError("no segments")


def open_generation(
    folder: Path, like: LibraryIndex | None = None
) -> tuple[LibraryIndex, TOC, list[SegmentReader]]:
    """Return the index in `folder`, the TOC of its newest generation and its segments, opened.

    Segments that `like`, the index of an earlier generation, has open stay open, with all that they keep.
    A writer that removes an older generation meanwhile is no trouble: then the newer one is opened.
    Raises `LibraryDamaged` if a file of the newest generation is gone or not what it must be, and
    `LibraryMismatch` if one has another format version.
    """
    index, tried = LibraryIndex(folder), -1
    while True:
        newest = int(index.latest_generation())
        try:
            toc = read_toc(index.storage, newest)
            if like is not None:
                index.take_over(like, toc.segments)
            return index, toc, [index.open_segment(segment) for segment in toc.segments]
        except FileNotFoundError as error:
            if newest == tried:
                name = Path(str(error.filename)).name
                raise LibraryDamaged(folder, f"its file {name} is gone") from error
            tried = newest


def create_index(path: Path, language: str) -> None:
    """Write the empty first generation of an index into the folder `path`, which must exist."""
    TOC.create(DurableStorage(str(path)), schema(language), INDEX_NAME)


class LibraryIndex(FileIndex):  # type: ignore[misc,unused-ignore]
    """Whoosh's index over a library's folder, opened without running code from it."""

    def __init__(self, folder: Path) -> None:
        self.storage: DurableStorage = DurableStorage(str(folder))
        self._schema = None
        self._opened: dict[str, SegmentReader] = {}
        self.indexname = INDEX_NAME

    def _read_toc(self) -> TOC:
        return read_toc(self.storage)

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return Path(self.storage.folder)

    def open_segment(self, segment: ArraySegment) -> SegmentReader:
        """Open the arrays of a segment, or return them if this index has opened them before.

        Raises `FileNotFoundError` if its file is gone, `LibraryDamaged` if it is not whole.
        """
        path = self.folder / segment_file(segment.segid)
        reader = self._opened.get(segment.segid)
        if reader is None:
            # Not at the top: a new library has no segment, and numpy takes long.
            from index.codec.segment_reader import SegmentReader

            reader = self._opened[segment.segid] = SegmentReader(path)
        if reader.doc_count != segment.docs:
            raise LibraryDamaged(path, "the segment is not the one that the table of contents names")
        return reader

    def take_over(self, other: LibraryIndex, segments: Iterable[ArraySegment]) -> None:
        """Use the readers that another index of the same folder has of some segments."""
        for segment in segments:
            if segment.segid in other._opened:
                self._opened[segment.segid] = other._opened[segment.segid]

    def segment_size(self, segment: ArraySegment) -> int:
        """Return the size of a segment's file in bytes, 0 if it is gone."""
        try:
            return (self.folder / segment_file(segment.segid)).stat().st_size
        except FileNotFoundError:
            return 0

    def writer(self, procs: int = 1, **kwargs: Any) -> SegmentWriter:
        """Return Whoosh's own writer, set to write segments of arrays."""
        from whoosh.writing import SegmentWriter

        from index.codec.whoosh_codec import ArrayCodec

        kwargs.setdefault("codec", ArrayCodec())
        return SegmentWriter(self, **kwargs)
