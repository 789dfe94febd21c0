"""A process that turns rows into segments for `index.pool`: `python -P -m index.worker`, or a fork.

It reads frames from one pipe and answers on another. In: ("start", folder, language, stems, keep), then any
number of ("rows", rows) and of the messages of `index.tasks`, each answered by ("done", answer). Then
("end",), answered by ("pending", articles, shared, stems): what is in no segment yet, as `Segments.shared`
gives it, and the new stems; then ("close", shared, number): what each other worker shares, and the place of
this one among all, answered by ("segment", segment id, articles) for each file written, ("part", name) if
anything is shared, and ("written",). After any error only ("error", text).
"""

from __future__ import annotations

import gc
import os
import sys
from itertools import islice
from pathlib import Path
from typing import IO

from index.analysis import Analyzer
from index.frames import read_frame, write_frame
from index.segments import Segments
from index.tasks import do


def serve(source: IO[bytes], sink: IO[bytes], held: Analyzer | None = None) -> None:
    """Do what the frames on `source` ask for, until the end or an error.

    `held` is the analyser that a fork has from the process that it was; it is told no stems.
    """
    _, folder, language, stems, keep = read_frame(source)
    analyzer = Analyzer(language) if held is None else held
    analyzer.learn(stems)
    before = len(analyzer.stems)
    segments = Segments(Path(folder), analyzer, keep_articles=keep)
    while (message := read_frame(source))[0] != "end":
        if message[0] == "rows":
            segments.add(message[1])
        else:
            write_frame(sink, ("done", do(segments, message)))
    learnt = dict(islice(analyzer.stems.items(), before, None))
    write_frame(sink, ("pending", segments.pending, segments.shared(), learnt))
    _, shared, number = read_frame(source)
    part = segments.write_part(shared, number) if shared else ""
    for name, count in segments.written:
        write_frame(sink, ("segment", name, count))
    if part:
        write_frame(sink, ("part", part))
    write_frame(sink, ("written",))


def work(source: IO[bytes], sink: IO[bytes], held: Analyzer | None = None) -> int:
    """`serve` two streams and return the exit code; an error is told to the other side, not printed."""
    gc.disable()  # few cycles, many long-lived objects: collections only cost
    try:
        serve(source, sink, held)
    except (EOFError, BrokenPipeError):
        return 1  # the builder was cancelled or is gone: nobody to tell
    except OSError as error:  # a full disk, say: nothing that a name of Python's would make clearer
        return _failed(sink, error.strerror or str(error))
    except Exception as error:
        return _failed(sink, f"{type(error).__name__}: {error}")
    return 0


def _failed(sink: IO[bytes], why: str) -> int:
    try:
        write_frame(sink, ("error", why))
    except OSError:
        pass  # the builder is gone
    return 1


def main() -> None:
    """Serve stdin and stdout."""
    os._exit(work(sys.stdin.buffer, sys.stdout.buffer))  # nothing waits to be flushed


if __name__ == "__main__":
    main()
