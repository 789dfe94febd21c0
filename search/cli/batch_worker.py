"""A process that answers queries of a batch: `python -P -m search.cli.batch_worker`, started by `batch`.

It reads frames on stdin and answers on stdout. In: ("start", folder of the library, encoding of the output,
pickled `Wanted`), then any number of ("queries", [(id, text), …]). Each of these is answered by
(what is printed on stdout, the same for stderr, whether anything was found), as bytes, or after an error
by ("error", message, hint).
"""

from __future__ import annotations

import io
import pickle
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import IO, Any

from index.errors import BylineError
from index.frames import read_frame, write_frame
from index.library import Library
from search.cli.answers import print_answer
from search.cli.wanted import Wanted
from search.searcher import Searcher


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer what the frames on `source` ask for, until they end."""
    _, folder, encoding, packed = read_frame(source)
    wanted: Wanted = pickle.loads(packed)
    with Searcher(Library.open(folder)) as searcher:
        while True:
            _, queries = read_frame(source)
            write_frame(sink, _answer(searcher, queries, wanted, encoding))


def _answer(
    searcher: Searcher, queries: list[tuple[str, str]], wanted: Wanted, encoding: str
) -> tuple[Any, ...]:
    out, err = (_Printed(encoding) for _ in range(2))
    with redirect_stdout(out.text), redirect_stderr(err.text):
        found = [print_answer(searcher, number, text, wanted) for number, text in queries]
    return out.bytes(), err.bytes(), any(found)


class _Printed:
    """A stream that keeps what is printed on it."""

    def __init__(self, encoding: str) -> None:
        self._kept = io.BytesIO()
        self.text = io.TextIOWrapper(self._kept, encoding, "backslashreplace", write_through=True)

    def bytes(self) -> bytes:
        """Return what was printed."""
        self.text.flush()
        return self._kept.getvalue()


def main() -> None:
    """Serve stdin and stdout; an error is told to the other side, not printed."""
    sink = sys.stdout.buffer
    try:
        serve(sys.stdin.buffer, sink)
    except EOFError:
        pass  # the other side is done, or gone
    except BylineError as error:
        write_frame(sink, ("error", error.message, error.hint))


if __name__ == "__main__":
    main()
