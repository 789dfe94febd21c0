"""A segment that several processes have written together, put together of its parts.

A part is what `Run.write_part` wrote under one name: some terms of all articles, and all else of some
articles. Nothing is decoded, and only ids are sorted: terms are laid behind terms, articles behind articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.codec.container import ArrayFile
from index.codec.segment_reader import SegmentReader
from index.codec.segment_writer import SegmentWriter
from index.codec.vectors import JoinedVectors
from index.codec.words_join import JoinedWords
from index.fields import FIELDS
from index.merge import merge_articles, sources_of
from index.segment_names import new_segment_id, part_file, scratch_file, segment_file, vectors_file


def put_together(folder: Path, parts: Sequence[str]) -> str:
    """Write the segment of these parts, in the order of the processes, and return its id; the parts are
    removed. Its files are not yet synced to the disk."""
    made = new_segment_id()
    words = [ArrayFile(folder / part_file(part)) for part in parts]
    paths = [path for path in (folder / segment_file(part) for part in parts) if path.exists()]
    readers = list(map(SegmentReader, paths))
    sources, count = sources_of((reader, ()) for reader in readers)
    with SegmentWriter(folder / segment_file(made), count) as writer:
        with ThreadPoolExecutor(1) as beside:
            fields = {field: JoinedWords(words, field, count) for field in FIELDS}
            vectors = [reader.vectors.file for reader in readers if reader.vectors is not None]
            waiting = beside.submit(writer.vectors, JoinedVectors(vectors)) if len(fields["text"]) else None
            for name, field in fields.items():
                writer.words(name, field)
            merge_articles(writer, sources)
            if waiting is not None:
                waiting.result()
        writer.close(sync=False)
    for part in parts:
        waited = (scratch_file(part, field) for field in FIELDS)  # the words of the part's articles, if many
        for file in (part_file(part), segment_file(part), vectors_file(part), *waited):
            (folder / file).unlink(missing_ok=True)
    return made
