"""The last decoded terms of a field, asked for by several threads at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.search.shelf import texts


def test_threads_may_ask_for_terms_at_once(tmp_path: Path) -> None:
    words = " ".join(f"w{number}" for number in range(200))
    before = sys.getswitchinterval()
    with texts(tmp_path, words, words).reader() as reader:
        field = reader.segments[0].reader.words("text")
        assert field is not None

        def ask(first: int) -> bool:
            return all(
                len(field.decoded((first + step) % 200)[0])
                == len(field.decoded((first + step) % 200)[1])
                == 2
                for step in range(400)
            )

        try:
            sys.setswitchinterval(1e-6)
            with ThreadPoolExecutor(8) as pool:
                assert all(pool.map(ask, range(0, 160, 5)))
        finally:
            sys.setswitchinterval(before)
