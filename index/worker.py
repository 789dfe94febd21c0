"""A process that turns rows into segments: `python -P -m index.worker`, started by `index.pool`.

It reads frames on stdin and answers on stdout; a frame is its size (8 bytes, little-endian) and a marshalled
tuple. In: ("start", folder, language, stems, keep), then any number of ("rows", rows) and of the messages of
`index.tasks`, then ("end",). Out: ("done", answer) to each of the latter; after the end ("segment", segment
id, articles) for each file written, then ("stems", new stems); after any error only ("error", text).
"""

from __future__ import annotations

import gc
import marshal
import struct
import sys
from pathlib import Path
from typing import IO, Any

from index.analysis import Analyzer
from index.segments import Segments
from index.tasks import do

_SIZE = struct.Struct("<Q")


def write_frame(stream: IO[bytes], message: tuple[Any, ...]) -> None:
    """Write one frame and flush it."""
    data = marshal.dumps(message)
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, ...]:
    """Read one frame; raises `EOFError` if the other side is gone."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError("the other process has ended")
    message: tuple[Any, ...] = marshal.loads(stream.read(_SIZE.unpack(head)[0]))
    return message


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Do what the frames on `source` ask for, until the end or an error."""
    _, folder, language, stems, keep = read_frame(source)
    analyzer = Analyzer(language)
    analyzer.learn(stems)
    segments = Segments(Path(folder), analyzer, keep_articles=keep)
    while (message := read_frame(source))[0] != "end":
        if message[0] == "rows":
            segments.add(message[1])
        else:
            write_frame(sink, ("done", do(segments, message)))
    segments.flush()
    for name, count in segments.written:
        write_frame(sink, ("segment", name, count))
    write_frame(sink, ("stems", {word: stem for word, stem in analyzer.stems.items() if word not in stems}))


def main() -> None:
    """Serve stdin and stdout; an error is told to the other side, not printed."""
    gc.disable()  # few cycles, many long-lived objects: collections only cost
    sink = sys.stdout.buffer
    try:
        serve(sys.stdin.buffer, sink)
    except EOFError:
        sys.exit(1)  # the builder was cancelled or is gone: nothing to tell
    except Exception as error:
        write_frame(sink, ("error", f"{type(error).__name__}: {error}"))
        sys.exit(1)


if __name__ == "__main__":
    main()
