"""Whoosh's way to segments of arrays: which class reads and writes which part."""

from __future__ import annotations

from typing import Any

from whoosh.codec.base import Codec

from index.codec.whoosh_documents import ArrayPerDocumentReader, PendingReader
from index.codec.whoosh_reader import ArrayTermsReader
from index.codec.whoosh_writer import ArrayFieldWriter, ArrayPerDocumentWriter
from index.schema import ArraySegment


class ArrayCodec(Codec):  # type: ignore[misc,unused-ignore]
    """The codec of every segment of a library."""

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> Any:
        """Return the writer of stored values, lengths and columns."""
        return ArrayPerDocumentWriter(segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> Any:
        """Return the writer of postings; its `close` writes the segment's file."""
        return ArrayFieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: ArraySegment) -> Any:
        """Return the reader of terms and postings."""
        return ArrayTermsReader(storage, segment)

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> Any:
        """Return the reader of stored values, lengths and columns."""
        if segment.pending is not None:
            return PendingReader(storage, segment)
        return ArrayPerDocumentReader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        """Return a segment that has no file yet."""
        return ArraySegment(indexname)

    @staticmethod
    def column_filename(segment: ArraySegment, fieldname: str) -> str:
        """Return the name of the file of a column that Whoosh adds to a segment later."""
        return segment.column_filename(fieldname)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Refuse: postings are written field by field."""
        raise NotImplementedError("segments of arrays have no separate postings")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """Refuse: postings are read by the terms reader."""
        raise NotImplementedError("segments of arrays have no separate postings")
