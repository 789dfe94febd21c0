"""What stored articles say, read from their bytes, against the articles read as JSON."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.stored import StoredReader, StoredWriter
from index.record import packed, row_of
from index.said import said
from index.shingles import folded, hashed
from tests.search.shelf import article

pieces = st.sampled_from(
    [
        "a",
        "Bc",
        "n",
        "u0041",
        " ",
        "\n",
        "\t",
        "\r",
        "\0",
        '"',
        "\\",
        "\\n",
        "/",
        "é",
        "Ⅸ",
        "ß",
        "\ud800",
        ".",
    ]
)
texts = st.lists(pieces, max_size=12).map("".join) | st.sampled_from(["", "...", '"', "\\", "\n \n"])


def store_of(path: Path, records: list[bytes]) -> StoredReader:
    writer, file = StoredWriter(), ArrayFileWriter(path)
    for record in records:
        writer.add(record)
    writer.write(file, "S")
    file.close({}, sync=False)
    return StoredReader(ArrayFile(path), "S")


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8), st.data())
def test_words_are_those_of_the_article(many: list[tuple[str, str, str]], data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(many) - 1))))
    records = [packed(row_of(article(f"x{ident}", text, title=title))[0]) for ident, title, text in many]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.codec.stored._GROUP", data.draw(st.sampled_from([1, 200, 1 << 16])))
        store = store_of(Path(folder) / "store", records)
        found = [text for some in said(store, np.array(chosen, dtype=np.int64)) for text in some]
    expected = []
    for number in chosen:
        _, title, text, *_ = json.loads(records[number].decode("utf-8", "surrogatepass"))
        assert (title, text) == many[number][1:]
        expected.append(folded(text) or folded(title))
    for one, other in zip(hashed(found), hashed(expected), strict=True):
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize("numbers", [[-1], [0, 3]])
def test_what_is_not_there_is_an_error(tmp_path: Path, numbers: list[int]) -> None:
    store = store_of(tmp_path / "store", [b'["","",""]'] * 3)
    with pytest.raises(IndexError):
        list(said(store, np.array(numbers, dtype=np.int64)))
