"""All that a library's segments hold, by article id, comparable whatever way they were made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.article import Article
from index.live import LiveSegment
from index.reading import LibraryReader
from index.schema import unpack_article


@dataclass
class Content:
    """`words` maps (field, term, id) to [(position, form)]; `forms` (field, term, form) to (df, cf)."""

    words: dict[tuple[str, bytes, bytes], list[tuple[int, bytes]]] = field(default_factory=dict)
    forms: dict[tuple[str, bytes, bytes], tuple[int, int]] = field(default_factory=dict)
    articles: dict[bytes, Article] = field(default_factory=dict)
    lengths: dict[tuple[str, bytes], int] = field(default_factory=dict)
    columns: dict[tuple[str, bytes], object] = field(default_factory=dict)


def content(path: Path) -> Content:
    """Read the library in `path` back through the methods that a search uses, one term at a time."""
    out = Content()
    with LibraryReader(path) as reader:
        for segment in reader.segments:
            _read(segment, out)
    return out


def _read(segment: LiveSegment, out: Content) -> None:
    reader = segment.reader
    idents = {
        doc: reader.ident(doc)
        for doc in range(reader.doc_count)
        if segment.living is None or segment.living[doc]
    }
    for doc, ident in idents.items():
        out.articles[ident] = unpack_article(reader.stored[doc])
        for name in ("text", "title"):
            out.lengths[name, ident] = int(reader.lengths(name)[doc])
        for name in ("date", "filedate"):
            values, present = reader.numbers(name)
            out.columns[name, ident] = int(values[doc]) if present[doc] else None
        for name in ("source", "author"):
            column = reader.texts(name)
            out.columns[name, ident] = b"" if column is None else column[doc]
    for name in reader.word_fields:
        _read_words(segment, name, idents, out)


def _read_words(segment: LiveSegment, name: str, idents: dict[int, bytes], out: Content) -> None:
    words = segment.reader.words(name)
    assert words is not None
    terms = list(words.terms)
    assert terms == sorted(set(terms))
    for number, term in enumerate(terms):
        assert words.terms.find(term) == number
        docs, freqs, forms = words.docs(number), words.freqs(number), words.forms(number)
        starts, positions = words.positions(number)
        ranks = words.ranks(number)
        assert len(docs) == len(freqs) == int(words.df[number])
        assert (np.diff(docs) > 0).all()
        assert len(positions) == len(ranks) == int(words.cf[number]) == int(freqs.sum())
        articles: Counter[bytes] = Counter()
        occurrences: Counter[bytes] = Counter()
        for place, doc in enumerate(docs.tolist()):
            if doc in idents:
                part = slice(int(starts[place]), int(starts[place + 1]))
                stood = [forms[rank] for rank in ranks[part].tolist()]
                out.words[name, term, idents[doc]] = list(zip(positions[part].tolist(), stood, strict=True))
                articles.update(set(stood))
                occurrences.update(stood)
        for form in articles:
            df, cf = out.forms.get((name, term, form), (0, 0))
            out.forms[name, term, form] = (df + articles[form], cf + occurrences[form])
        if len(idents) == segment.reader.doc_count:
            assert [articles[form] for form in forms] == _counts(words.form_table.df, words, number)
            assert [occurrences[form] for form in forms] == _counts(words.form_table.cf, words, number)
            assert forms == sorted(forms, key=lambda form: (-occurrences[form], form))


def _counts(values: object, words: object, number: int) -> list[int]:
    table = words.form_table  # type: ignore[attr-defined]
    return [int(value) for value in values[table.terms == number]]  # type: ignore[index]
