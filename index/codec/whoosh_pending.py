"""What waits between a segment's documents and its postings, and how it is written."""

from __future__ import annotations

import base64
import io
import json
import pickle
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.filedb.structfile import StructFile

from index.codec.segment_writer import SegmentWriter
from index.codec.stored import StoredWriter
from index.schema import NO_DATE


@dataclass(slots=True)
class Pending:
    """The values of a segment's documents, before they are written."""

    stored: list[dict[str, Any]] = field(default_factory=list)
    lengths: dict[str, dict[int, int]] = field(default_factory=dict)
    columns: dict[str, tuple[Any, dict[int, Any]]] = field(default_factory=dict)
    vectors: dict[str, dict[int, list[tuple[str, float, bytes]]]] = field(default_factory=dict)

    def lengths_of(self, name: str) -> NDArray[np.int64]:
        """Return the length of a field in each document."""
        known = self.lengths.get(name, {})
        lengths = np.zeros(len(self.stored), dtype=np.int64)
        lengths[list(known)] = list(known.values())
        return lengths


def write_documents(pending: Pending, writer: SegmentWriter) -> None:
    """Write lengths, columns, vectors and stored values."""
    count = len(pending.stored)
    for name in pending.lengths:
        writer.lengths(name, pending.lengths_of(name))
    for name, (column, given) in pending.columns.items():
        _write_column(writer, name, column, given, count)
    for name, vectors in pending.vectors.items():
        records = StoredWriter()
        for doc in range(count):
            items = [
                [term, weight, base64.b64encode(value).decode()]
                for term, weight, value in vectors.get(doc, ())
            ]
            records.add(json.dumps(items).encode())
        writer.records(f"vector.{name}", records)
    stored = StoredWriter()
    articles = all(
        values.keys() == {"article"} and isinstance(values["article"], str) for values in pending.stored
    )
    for values in pending.stored:
        if articles:
            stored.add(values["article"].encode("utf-8", "surrogatepass"))
        else:
            stored.add(pickle.dumps(values, 4))
    writer.stored(stored, articles=articles)


def _write_column(writer: SegmentWriter, name: str, column: Any, given: dict[int, Any], count: int) -> None:
    if type(column) is columns.NumericColumn and column.default_value() == NO_DATE:
        values, present = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
        values[list(given)] = list(given.values())
        present[list(given)] = True
        writer.numbers(name, values, present)
    elif type(column) is columns.RefBytesColumn and column.default_value() == b"":
        writer.texts(name, [given.get(doc, b"") for doc in range(count)])
    else:
        data = io.BytesIO()
        file = StructFile(data)
        raw = column.writer(file)
        for doc in sorted(given):
            raw.add(doc, given[doc])
        raw.finish(count)
        writer.raw(name, data.getvalue())
