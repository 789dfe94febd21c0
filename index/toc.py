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
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.index import IndexError as WhooshIndexError
from whoosh.writing import SegmentWriter

from index.codec.segment_reader import SegmentReader
from index.errors import LibraryDamaged
from index.schema import ArrayCodec, ArraySegment
from index.segment_names import INDEX_NAME, segment_file

__all__ = ["ALLOWED", "INDEX_NAME", "DurableStorage", "LibraryIndex", "read_toc"]

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
        ("__builtin__", "set"),
        ("builtins", "set"),
        ("builtins", "frozenset"),
        ("__builtin__", "frozenset"),
        ("copy_reg", "_reconstructor"),
        ("copyreg", "_reconstructor"),
        ("__builtin__", "object"),
        ("builtins", "object"),
    }
)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"the table of contents names {module}.{name}, which is not let in")
        return super().find_class(module, name)


def _unpickle(data: bytes) -> Any:
    return _Unpickler(io.BytesIO(data)).load()


class DurableStorage(FileStorage):  # type: ignore[misc,unused-ignore]
    """A folder whose TOC renames are commits: named files first, then the TOC, then the folder."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; for a TOC, only after all files in the folder are on the disk."""
        folder = Path(self.folder)
        if newname.endswith(".toc"):
            for path in folder.iterdir():
                if path.is_file() and (path.name.startswith(INDEX_NAME) or path.name == oldname):
                    _sync(path)
        (folder / oldname).replace(folder / newname)
        _sync(folder)


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
    stream = storage.open_file(path.name)
    try:
        for _ in range(3):
            stream.read_varint()
        if stream.read_int() != -12345:
            raise LibraryDamaged(path, "written on a machine with another byte order")
        version = stream.read_int()
        release = tuple(stream.read_varint() for _ in range(3))
        schema = _unpickle(stream.read_string())
        if stream.read_int() != newest:
            raise LibraryDamaged(path, "generation and name differ")
        stream.read_int()
        segments = _Unpickler(stream.file).load()
    except LibraryDamaged:
        raise
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        AttributeError,
        KeyError,
        TypeError,
        WhooshIndexError,
    ) as error:
        raise LibraryDamaged(path, f"not a table of contents ({error})") from error
    finally:
        stream.close()
    _check(path, segments)
    return TOC(schema, segments, newest, version=version, release=release)


def _check(path: Path, segments: Any) -> None:
    if not isinstance(segments, list) or not all(isinstance(s, ArraySegment) for s in segments):
        raise LibraryDamaged(path, "it names segments that are not byline's")


class LibraryIndex(FileIndex):  # type: ignore[misc,unused-ignore]
    """Whoosh's index over a library's folder, opened without running code from it."""

    def __init__(self, folder: Path) -> None:
        self.storage: DurableStorage = DurableStorage(str(folder))
        self._schema = None
        self.indexname = INDEX_NAME

    def _read_toc(self) -> TOC:
        return read_toc(self.storage)

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return Path(self.storage.folder)

    def open_segment(self, segment: ArraySegment) -> SegmentReader:
        """Open the arrays of a segment; raises `LibraryDamaged` if its file is gone or not whole."""
        path = self.folder / segment_file(segment.segid)
        try:
            reader = SegmentReader(path)
        except FileNotFoundError:
            raise LibraryDamaged(path, "the segment is missing") from None
        if reader.doc_count != segment.docs:
            raise LibraryDamaged(path, "the segment is not the one that the table of contents names")
        return reader

    def segment_size(self, segment: ArraySegment) -> int:
        """Return the size of a segment's file in bytes, 0 if it is gone."""
        try:
            return (self.folder / segment_file(segment.segid)).stat().st_size
        except FileNotFoundError:
            return 0

    def writer(self, procs: int = 1, **kwargs: Any) -> SegmentWriter:
        """Return Whoosh's own writer, set to write segments of arrays."""
        kwargs.setdefault("codec", ArrayCodec())
        return SegmentWriter(self, **kwargs)
