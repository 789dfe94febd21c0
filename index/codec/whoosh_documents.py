"""Whoosh's view of the documents of a segment of arrays: stored values, lengths, columns and vectors."""

from __future__ import annotations

import base64
import io
import json
import pickle
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import ColumnReader, EmptyColumnReader
from whoosh.filedb.structfile import BufferFile
from whoosh.matching.mcore import ListMatcher

from index.codec.segment_reader import SegmentReader
from index.codec.whoosh_pending import Pending, write_documents
from index.codec.whoosh_storage import open_segment, written
from index.schema import ArraySegment

_STORED_CLASSES = {
    ("datetime", "datetime"),
    ("datetime", "date"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
}


class _Numbers(ColumnReader):  # type: ignore[misc,unused-ignore]
    def __init__(self, values: NDArray[np.int64], present: NDArray[np.bool_], default: int) -> None:
        self._values = np.where(present, values, default)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._values.tolist())

    def __len__(self) -> int:
        return len(self._values)

    def load(self) -> list[int]:
        """Return all values."""
        return list(self)

    def sort_key(self, docnum: int) -> Any:
        """Return what a document is sorted by: its value."""
        return self[docnum]


class _Texts(ColumnReader):  # type: ignore[misc,unused-ignore]
    def __init__(self, column: Any) -> None:
        self._column = column

    def __getitem__(self, docnum: int) -> bytes:
        return bytes(self._column[docnum])

    def __iter__(self) -> Iterator[bytes]:
        return (self[doc] for doc in range(len(self)))

    def __len__(self) -> int:
        return len(self._column)

    def load(self) -> list[bytes]:
        """Return all values."""
        return list(self)


class ArrayPerDocumentReader(base.PerDocumentReader):  # type: ignore[misc,unused-ignore]
    """Stored values, lengths, columns and vectors of one segment."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage, self._segment = storage, segment
        self._arrays = open_segment(storage, segment)

    def doc_count(self) -> int:
        """Return how many documents are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones included."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether the document of this number is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Return the numbers of the deleted documents."""
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        """Return True: a segment holds columns."""
        return True

    def _later_column(self, fieldname: str) -> str:
        """Return the name of the file in which Whoosh adds a column to a segment that exists."""
        return self._segment.column_filename(fieldname)

    def has_column(self, fieldname: str) -> bool:
        """Return whether a field has a column, be it one that was added to the segment later."""
        later = self._storage.file_exists(self._later_column(fieldname))
        return later or fieldname in self.list_columns()

    def list_columns(self) -> tuple[str, ...]:
        """Return the fields that have had columns since the segment was written."""
        arrays = self._arrays
        return (*arrays.number_columns, *arrays.text_columns, *arrays.raw_columns)

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return the values of a field by document number; without a column, all are the column's default."""
        arrays = self._arrays
        if fieldname in arrays.number_columns:
            return _Numbers(*arrays.numbers(fieldname), column.default_value())
        if fieldname in arrays.text_columns:
            return _Texts(arrays.texts(fieldname))
        if fieldname in arrays.raw_columns:
            return _read_column(column, arrays.raw(fieldname), arrays.doc_count)
        later = self._later_column(fieldname)
        if self._storage.file_exists(later):
            with self._storage.open_file(later) as file:
                return _read_column(column, bytes(file.read()), arrays.doc_count)
        return EmptyColumnReader(column.default_value(), arrays.doc_count)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many words a field of a document has; `default` for a field without lengths."""
        if fieldname not in self._arrays.length_fields:
            return default
        return int(self._arrays.lengths(fieldname)[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return how many words a field has in all documents together."""
        return int(self._arrays.lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the fewest words of a field in a document; 0 without documents."""
        lengths = self._arrays.lengths(fieldname)
        return int(lengths.min()) if len(lengths) else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the most words of a field in a document; 0 without documents."""
        return int(self._arrays.lengths(fieldname).max(initial=0))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Return whether a field of a document has a vector with any terms."""
        records = self._arrays.records(f"vector.{fieldname}")
        return records is not None and records[docnum] != b"[]"

    def vector(self, docnum: int, fieldname: str, format_: Any) -> Any:
        """Return the matcher over the terms of a vector, ascending; over none if there is no vector."""
        records = self._arrays.records(f"vector.{fieldname}")
        items = json.loads(records[docnum]) if records is not None else []
        return ListMatcher(
            [term for term, _, _ in items],
            [weight for _, weight, _ in items],
            [base64.b64decode(value) for _, _, value in items],
            format_,
        )

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored values of a document by field; an article is the text of its JSON."""
        if not len(self._arrays.stored):
            return {}
        record = self._arrays.stored[docnum]
        if self._arrays.stores_articles:
            return {"article": record.decode("utf-8", "surrogatepass")}
        fields: dict[str, Any] = _StoredUnpickler(io.BytesIO(record)).load()
        return fields


class PendingReader(ArrayPerDocumentReader):
    """A segment whose documents wait for their postings. Whoosh asks for the lengths of its fields, and
    these are at hand; for all else the documents are written to memory.
    """

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage, self._segment = storage, segment
        self._pending: Pending = segment.pending

    @cached_property
    def _arrays(self) -> SegmentReader:  # type: ignore[override]
        pending = self._pending
        return SegmentReader(Path("memory"), written(len(pending.stored), partial(write_documents, pending)))

    def doc_count(self) -> int:
        """Return how many documents there are; none is deleted yet."""
        return len(self._pending.stored)

    def doc_count_all(self) -> int:
        """Return how many documents there are."""
        return len(self._pending.stored)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many words a field of a document has; `default` if it has none."""
        return int(self._pending.lengths.get(fieldname, {}).get(docnum, default))


def _read_column(column: Any, data: bytes, doc_count: int) -> Any:
    return column.reader(BufferFile(memoryview(data)), 0, len(data), doc_count)


class _StoredUnpickler(pickle.Unpickler):
    """Lets in what stored values are made of only."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that is let in. Raises `pickle.UnpicklingError` for any other."""
        if (module, name) not in _STORED_CLASSES:
            raise pickle.UnpicklingError(f"a stored value names {module}.{name}, which is not let in")
        return super().find_class(module, name)
