"""Where a segment's file lies in a Whoosh storage: a folder, whose files are mapped, or memory."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from index.codec.format import EXTENSION
from index.codec.segment_reader import SegmentReader
from index.codec.segment_writer import SegmentWriter
from index.schema import ArraySegment


def open_segment(storage: Any, segment: ArraySegment) -> SegmentReader:
    """Return the arrays of a segment."""
    name = segment.make_filename(EXTENSION)
    if isinstance(storage, FileStorage):
        return SegmentReader(Path(storage.folder) / name)
    with storage.open_file(name) as file:
        return SegmentReader(Path(name), bytes(file.read()))


def write_segment(
    storage: Any, segment: ArraySegment, doc_count: int, write: Callable[[SegmentWriter], None]
) -> None:
    """Make the file of a segment of `doc_count` documents; `write` fills it."""
    name = segment.make_filename(EXTENSION)
    if not isinstance(storage, FileStorage):
        with storage.create_file(name) as file:
            file.write(written(doc_count, write))
        return
    with SegmentWriter(Path(storage.folder) / name, doc_count) as writer:
        write(writer)
        writer.close()


def written(doc_count: int, write: Callable[[SegmentWriter], None]) -> bytes:
    """Return the content of a segment's file."""
    content = io.BytesIO()
    writer = SegmentWriter(Path("memory"), doc_count, content)
    write(writer)
    writer.close(sync=False)
    return content.getvalue()
