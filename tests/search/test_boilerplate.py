"""Lines that stand in many articles are passed over, as long as there is anything else to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.boilerplate import FEWEST
from search.searcher import Searcher
from tests.search.shelf import article, library_with

LINE = "Powered by automated translation - Beta V.1.0"
MANY = FEWEST + 2
TOWNS = ["Rabat", "Oslo", "Lima", "Quito", "Dakar", "Hanoi", "Sofia", "Tunis", "Minsk", "Kyoto"]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    made = [
        article(
            town,
            f"Ministers met in {town}\n\n{LINE}\n\nThe translation of the treaty was read in {town}.",
            town,
        )
        for town in TOWNS[:MANY]
    ]
    made.append(article("once", "By a machine\n\nAutomated translation of law came late.\n\nLaw is slow."))
    with Searcher(library_with(tmp_path_factory.mktemp("boilerplate"), *made)) as one:
        yield one


def test_a_line_of_many_articles_is_not_the_best_passage(searcher: Searcher) -> None:
    hits = searcher.search("automated translation", None, mode="any").hits
    for hit in hits:
        if hit.article.id != "once":
            assert hit.passages[0].text == f"The translation of the treaty was read in {hit.article.title}."
    (one,) = [hit for hit in hits if hit.article.id == "once"]
    assert one.passages[0].text == "Automated translation of law came late."


def test_it_is_shown_if_nothing_else_has_the_word(searcher: Searcher) -> None:
    for hit in searcher.search("powered").hits:
        assert [passage.text for passage in hit.passages] == [LINE]


def test_no_article_opens_with_it(searcher: Searcher) -> None:
    hits = searcher.search("title:Oslo").hits
    assert [hit.passages[0].text for hit in hits] == ["The translation of the treaty was read in Oslo."]


@pytest.mark.parametrize(
    ("line", "common"),
    [
        (LINE, True),
        ("powered BY automated translation", True),
        ("by powered automated translation", False),
        ("Automated translation of law came late.", False),
        ("---", True),
        ("", True),
        ("zyzzyva", False),
        (f"{LINE}\nand more", False),
        (LINE * 9, False),
    ],
)
def test_which_lines_are_common(searcher: Searcher, line: str, common: bool) -> None:
    for _ in range(2):  # the second time it is remembered
        assert searcher._now.boilerplate.is_common(line) is common


def test_the_title_is_not_repeated_as_a_passage(tmp_path: Path) -> None:
    text = "Pact signed in Rabat\n\nThe pact came after a year of talks."
    library = library_with(tmp_path, article("a", text, "Pact signed in Rabat", title_derived=True))
    with Searcher(library) as searcher:
        (hit,) = searcher.search("pact").hits
        assert [passage.text for passage in hit.passages] == ["The pact came after a year of talks."]
        (hit,) = searcher.search("signed").hits
        assert [passage.text for passage in hit.passages] == ["Pact signed in Rabat"]
