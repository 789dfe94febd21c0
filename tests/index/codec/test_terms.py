"""The list of terms of a field: every way of looking a term up finds what stands there, and nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.terms import Terms, TermsWriter

#: Words of few letters stand in each other, and across the end of one and the beginning of the next.
WORDS = st.sets(st.text("ab", max_size=5).map(str.encode), max_size=60)


def written(words: list[bytes]) -> Terms:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "terms.byl"
        file = ArrayFileWriter(path)
        writer = TermsWriter()
        writer.append(words)
        writer.write(file, "f")
        file.close({}, sync=False)
        return Terms(ArrayFile(path), "f")


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_a_term_is_found_where_it_stands_by_the_first_searches_and_by_later_ones(
    words: set[bytes], others: set[bytes]
) -> None:
    every = sorted(words)
    terms = written(every)
    assert list(terms) == every
    for _ in range(3):
        for word in sorted(words | others):
            assert terms.find(word) == (every.index(word) if word in words else -1)
            assert terms.lower_bound(word) == sum(other < word for other in every)
    numbers = list(range(len(every)))
    assert terms.chosen(reversed(numbers)) == every[::-1]


def test_among_many_terms_each_is_found() -> None:
    every = sorted(f"{number:x}".encode() for number in range(1000))
    terms = written(every)
    for _ in range(2):
        assert [terms.find(word) for word in every] == list(range(1000))
        assert terms.find(b"zzz") == terms.find(b"-") == -1
