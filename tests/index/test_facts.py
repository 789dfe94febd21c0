"""What is known of articles: their columns say what the articles themselves do, over commits and merges."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.facts import Facts
from index.library import Library
from index.names import article_id, folder_of, label_of, path_of
from tests.search.shelf import Step, article, commit, library_of, living

NAMES = st.text("ab#\\/. é\n\udc80", min_size=1, max_size=12).filter(lambda name: name.strip("/."))


@given(NAMES, NAMES, st.text("k#\\/", max_size=6), st.sampled_from(["/data/", "/", "/da#ta/x\\y/"]))
def test_a_path_is_its_folder_and_the_name_in_the_id(label: str, relative: str, key: str, root: str) -> None:
    relative = relative.strip("/")
    ident, path = article_id(label_of(label), relative, key), root + relative
    folder = folder_of(path, ident)
    assert path_of(folder, ident) == path
    assert len(folder) < len(path)
    assert path_of(folder_of("/else/where.txt", ident), ident) == "/else/where.txt"


def columns_agree(library: Library, *steps: Step) -> bool:
    with library.reader() as reader:
        facts = Facts(reader)
        for one in living(steps):
            number = reader.number(one.id)
            assert number is not None
            values = {"source": one.source, "author": one.author, "path": one.path, "id": one.id}
            for name, value in values.items():
                column = facts.column(name)
                assert len(column.refs) == reader.size
                assert len(set(column.texts)) == len(column.texts)
                assert column.texts[column.refs[number]] == value
    return True


@given(st.lists(st.lists(st.integers(0, 12), unique=True, max_size=4), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_columns_say_what_the_articles_say(commits: list[list[int]]) -> None:
    there: set[str] = set()
    steps = []
    for turn, numbers in enumerate(commits):
        made = tuple(
            article(
                f"news/{at}.jsonl#{turn}" if at % 3 else f"news/{at}.txt",
                "words",
                source="" if at % 2 else f"Source {at % 4}",
                author=f"Author {at % 3 or ''}",
                path=f"/data/{at}.jsonl" if at % 3 else "/moved/elsewhere.txt",
            )
            for at in numbers
        )
        ids = {one.id for one in made}
        steps.append(Step(made, tuple(sorted(ids & there))))
        there |= ids
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *steps)
        assert columns_agree(library, *steps)
        commit(library, Step(tuple(living(steps))), rebuild=True)
        assert columns_agree(library, *steps)


def test_paths_of_real_files_are_those_of_the_articles(tmp_path: Path) -> None:
    names = [b"plain.txt", b"with # hash.txt", b"back\\slash#.txt", b"byte\xff.txt", "é\u202e.txt".encode()]
    (tmp_path / "news").mkdir()
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path / "news"), name), "w") as file:  # noqa: PTH118, PTH123
            file.write("Words to be found")
    (tmp_path / "news" / "many.jsonl").write_text('{"text": "words"}\n{"text": "words", "id": "a#b"}\n')
    library = Library.create(tmp_path / "library")
    assert library.update([tmp_path / "news"]).added == len(names) + 2
    with library.reader() as reader:
        column = Facts(reader).column("path")
        assert len(column.texts) == len(names) + 1
        for doc in range(reader.size):
            assert column.texts[column.refs[doc]] == reader.article(doc).path
