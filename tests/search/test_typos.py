"""Misspelt words: distances against a plain implementation, and which words are corrected at all."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.results import Correction, Results
from search.searcher import Searcher
from search.typos import (
    FREQUENT,
    MOST_CANDIDATES,
    TIMES,
    Corrector,
    edits_allowed,
    is_one_edit,
    keys_are_neighbours,
    plausibility,
)
from tests.search.shelf import Step, article, library_of, texts

LETTERS = "abcdeé"


def distance(one: str, other: str) -> int:
    """Optimal string alignment: insert, delete, replace, or swap neighbours that are not edited again."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("ca", "abc", 3), ("coaltion", "coalition", 1), ("figters", "fighters", 1), ("tset", "test", 1)],
)
def test_the_plain_implementation_is_right(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == distance(other, one) == edits


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("", 0),
        ("war", 0),
        ("talk", 1),
        ("talking", 1),
        ("tradings", 2),
        ("coalition", 2),
        ("2022", 0),
        ("covid19", 0),
        ("20.04", 0),
        ("u.s.a.", 0),
        ("日本語日本語", 1),
    ],
)
def test_edits_allowed_by_length(form: str, allowed: int) -> None:
    assert edits_allowed(form) == allowed


FORMS = st.lists(st.text(LETTERS, min_size=2, max_size=11), min_size=1, max_size=25, unique=True)


@given(FORMS, st.lists(st.text(LETTERS, min_size=1, max_size=11), min_size=1, max_size=15))
@settings(max_examples=40, deadline=None)
def test_variants_are_the_likeliest_of_all_words_near_enough(forms: list[str], typed: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = texts(Path(folder), " ".join(forms), " ".join(forms[::2]))
        with library.reader() as reader:
            stem = library.analyzer.stem
            corrector = Corrector(reader, stem)
            for word in typed:
                near: dict[str, float] = {}
                for form in reader.vocabulary.forms:
                    edits = distance(word, form)
                    if edits == 2 and form[0] != word[0]:
                        continue
                    if 0 < edits <= edits_allowed(word) and edits_allowed(form):
                        articles = len(reader.postings("text", stem(form)).docs)
                        score = plausibility(word, form, edits, articles)
                        near[stem(form)] = max(near.get(stem(form), -math.inf), score)
                found = corrector.variants(word)
                assert len(found) == min(len(near), MOST_CANDIDATES)
                assert list(found) == sorted(found, key=lambda variant: (-variant.score, variant.form))
                assert corrector.variants(word) is found
                for variant in found:
                    assert variant.edits == distance(word, variant.form) <= edits_allowed(word)
                    assert variant.stem == stem(variant.form)
                    assert variant.score <= near[variant.stem]
                    if len(near) <= MOST_CANDIDATES:
                        assert variant.score == pytest.approx(near[variant.stem])
                assert corrector.frequent(word, 1) == ()  # no word stands in so many articles


@given(st.text(LETTERS, max_size=6), st.text(LETTERS, max_size=6))
def test_one_edit_is_one_edit(one: str, other: str) -> None:
    assert is_one_edit(one, other) is (distance(one, other) == 1)


@given(
    st.lists(st.text("abcé", min_size=3, max_size=6), min_size=1, max_size=25),
    st.text("abcé", min_size=4),
    st.integers(1, 3),
)
@settings(max_examples=30, deadline=None)
def test_frequent_words_are_those_of_all(forms: list[str], typed: str, articles: int) -> None:
    bodies = [" ".join(forms[: 1 + at % len(forms)]) for at in range(40)]
    with tempfile.TemporaryDirectory() as folder:
        library = texts(Path(folder), *bodies)
        with library.reader() as reader:
            corrector = Corrector(reader, library.analyzer.stem)
            found = corrector.frequent(typed, articles)
            counts = dict(zip(reader.vocabulary.forms, reader.vocabulary.counts.tolist(), strict=True))
            expected = {
                library.analyzer.stem(form)
                for form, count in counts.items()
                if count >= max(FREQUENT, TIMES * articles)
                and len(form) > 3
                and form[0] == typed[0]
                and distance(form, typed) == 1
            }
            assert {variant.stem for variant in found} == expected


def test_what_makes_a_correction_likely() -> None:
    assert plausibility("tets", "test", 1, 10) > plausibility("tets", "test", 1, 2)
    assert plausibility("coaltion", "coalition", 1, 1) > plausibility("coaltion", "coalitions", 2, 9)
    assert plausibility("trsde", "trade", 1, 1) > plausibility("trode", "trade", 1, 1)
    assert plausibility("trqde", "trade", 1, 1) > plausibility("qrade", "trade", 1, 1)


@pytest.mark.parametrize(
    ("one", "other", "near"), [("a", "s", True), ("a", "q", True), ("a", "p", False), ("é", "e", False)]
)
def test_neighbours_on_the_keyboard(one: str, other: str, near: bool) -> None:
    assert keys_are_neighbours(one, other) is keys_are_neighbours(other, one) is near


BODIES = (
    "The coalition met in Marrakech. The U.S.A. sent 2,000 fighters; stabilisation goes on.",
    "Fighters of the coalition, 2022. Trade talks with OPEC.",
    "Coalitions come and go. The ministers traded places in the harbour.",
)


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    """A searcher over three small articles."""
    return Searcher(texts(tmp_path, *BODIES))


def corrected(results: Results) -> dict[str, tuple[str, ...]]:
    return {correction.typed: correction.meant for correction in results.corrections}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("coaltion", {"coaltion": ("coalition",)}),
        ("coaltion figters", {"coaltion": ("coalition",), "figters": ("fighters",)}),
        ("caolition", {"caolition": ("coalition",)}),
        ("COALTION", {"COALTION": ("coalition",)}),
        ("title:coaltion", {}),
        ("text:coaltion", {"coaltion": ("coalition",)}),
        ("(coaltion OR opec) AND figters", {"coaltion": ("coalition",), "figters": ("fighters",)}),
        ("stabilizaton", {"stabilizaton": ("stabilisation",)}),
        ("tarde", {"tarde": ("trade",)}),
        # known as typed, or by its stem
        ("coalition", {}),
        ("coalitions", {}),
        ("trading", {}),
        # too short, too far
        ("tak", {}),
        ("tlaks", {"tlaks": ("talks",)}),
        ("harbxyz", {}),
        # numbers, acronyms, quoted, exact, prefixes, excluded
        ("2023", {}),
        ("2,001", {}),
        ("U.S.B.", {}),
        ('"coaltion"', {}),
        ('"coaltion met"', {}),
        ("=coaltion", {}),
        ("coaltio*", {}),
        ("ministers -coaltion", {}),
        ("NOT coaltion", {}),
        ("coaltion/figters", {}),
    ],
)
def test_which_words_are_corrected(searcher: Searcher, query: str, meant: dict[str, tuple[str, ...]]) -> None:
    results = searcher.search(query)
    assert corrected(results) == meant
    for correction in results.corrections:
        assert query[correction.start : correction.end].endswith(correction.typed)
        assert 1 <= correction.edits <= 2
    off = searcher.search(query, typos=False)
    assert off.corrections == ()
    if meant:
        assert results.total > off.total == 0


def test_a_word_that_nobody_wrote_finds_what_the_right_word_finds(searcher: Searcher) -> None:
    right, wrong = searcher.search("coalition"), searcher.search("coaltion")
    assert [hit.article.id for hit in wrong.hits] == [hit.article.id for hit in right.hits]
    assert [hit.score for hit in wrong.hits] == [hit.score for hit in right.hits]
    told = {str(reason) for hit in wrong.hits for reason in hit.reasons}
    assert told == {"coaltion → coalition (1 typo)", "coaltion → coalitions (1 typo, stem)"}
    assert all(hit.reasons == () for hit in right.hits)
    assert wrong.understood == "coalition"


def test_a_word_nobody_could_mean_is_noted(searcher: Searcher) -> None:
    results = searcher.search("zyzzyva coalition")
    assert next(note.text for note in results.notes) == "no article has zyzzyva"
    assert results.corrections == ()


def test_only_living_words_are_meant(tmp_path: Path) -> None:
    library = library_of(
        tmp_path, Step((article("a", "coalition"), article("b", "ministers"))), Step(delete=("a",))
    )
    with Searcher(library) as searcher:
        results = searcher.search("coaltion")
    assert (results.total, results.corrections) == (0, ())


def test_a_rare_word_known_by_its_stem_only_is_joined_by_a_far_more_frequent_one(tmp_path: Path) -> None:
    bodies = ["The governess smiled"] + ["The government fell"] * 30
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        results = searcher.search("goverment")  # stands nowhere as typed, but shares a stem with governess
    (correction,) = results.corrections
    assert correction == Correction("goverment", ("government",), 0, 9, 1, added=True)
    assert results.total == 31
    assert results.hits[0].article.id == "00"
    assert results.understood == "(goverment OR government)"


@pytest.mark.parametrize(("typed", "known"), [("plane", "planes"), ("tides", "tide"), ("landing", "landed")])
def test_an_inflection_of_a_known_word_is_no_misspelling(tmp_path: Path, typed: str, known: str) -> None:
    frequent = {"plane": "plant", "tides": "times", "landing": "lending"}[typed]
    with Searcher(texts(tmp_path, f"The {known} here", *[f"The {frequent} there"] * 30)) as searcher:
        results = searcher.search(typed)
    assert not results.corrections
    assert results.total == 1


def test_several_words_may_be_meant_and_an_article_counts_by_the_best(tmp_path: Path) -> None:
    with Searcher(texts(tmp_path, "baker baker", "maker", "baker maker")) as searcher:
        results = searcher.search("vaker")
        alone = searcher.search("baker OR maker")
    assert set(results.corrections[0].meant) == {"baker", "maker"}
    assert results.total == 3
    assert max(hit.score for hit in results.hits) < max(hit.score for hit in alone.hits)


def test_a_misspelt_word_without_content_counts_as_little_as_that(tmp_path: Path) -> None:
    bodies = ["which harbour", "harbour", "which coalition", *["which"] * 9]
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        results = searcher.search("whichh coalition")
    assert [hit.article.id for hit in results.hits] == ["02"]
    assert results.total == 1


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 60)), min_size=60, max_size=80),
)
@settings(max_examples=25, deadline=None)
def test_articles_with_the_typed_word_come_first(lengths: list[int], others: list[tuple[int, int]]) -> None:
    bodies = [f"truce {'filler ' * length}" for length in lengths]
    bodies += [f"{'truck ' * times}{'filler ' * length}" for times, length in others]
    with tempfile.TemporaryDirectory() as folder, Searcher(texts(Path(folder), *bodies)) as searcher:
        results = searcher.search("truce", limit=None, fold=False)
    first = {hit.article.id for hit in results.hits[: len(lengths)]}
    assert first == {f"{number:02}" for number in range(len(lengths))}
    if results.corrections:
        assert results.corrections[0].added
        assert results.total == len(bodies)
    else:
        assert results.total == len(lengths)


@pytest.mark.parametrize("query", ["oman", "Oman", "oman sultan"])
def test_oman_never_becomes_woman(tmp_path: Path, query: str) -> None:
    bodies = ["The sultan of Oman spoke", *["A woman and a roman spoke"] * 400]
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        results = searcher.search(query)
    assert not results.corrections
    assert results.total == 1


def test_a_rare_word_is_joined_by_a_far_more_frequent_neighbour(tmp_path: Path) -> None:
    bodies = ["the goverment spoke", *["the government spoke"] * 300]
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        results = searcher.search("goverment")
        frequent = searcher.search("government")
        capital = searcher.search("Goverment")
    assert results.total == 301
    assert results.hits[0].article.id == "00"
    assert results.corrections == (Correction("goverment", ("government",), 0, 9, 1, added=True),)
    assert frequent.total == 300
    assert not frequent.corrections
    assert capital.total == 301


def test_which_word_was_meant_shows_in_the_others(tmp_path: Path) -> None:
    bodies = [
        *["the wheat harvest was poor"] * 3,
        *["what the ministers said"] * 12,
        *["the bread oven"] * 6,
        *["a bead necklace"] * 6,
        *["prime minister"] * 4,
        *["prime mineral"] * 4,
    ]
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        assert corrected(searcher.search("whaet harvest"))["whaet"][0] == "wheat"
        assert corrected(searcher.search("bead oven")) == {}
        assert corrected(searcher.search("bvead oven"))["bvead"][0] == "bread"
        assert corrected(searcher.search("bvead necklace"))["bvead"][0] == "bead"


def test_a_second_edit_costs_a_share_of_the_score(tmp_path: Path) -> None:
    library = library_of(tmp_path, Step(tuple(article(f"{at}", "A constellation rose") for at in range(3))))
    with Searcher(library) as searcher:

        def score(query: str) -> float:
            return float(searcher.rank(query, rank="fast").scores[0])

        assert score("constelation") == pytest.approx(score("constellation"))
        assert score("constelaton") == pytest.approx(0.7 * score("constellation"))
        assert score("constellation~2") == pytest.approx(score("constellation"))


def test_the_form_that_was_meant_is_the_frequent_one_not_that_of_a_frequent_stem(tmp_path: Path) -> None:
    bodies = ["The onset came"] * 4 + ["the ones there"] + ["this one came"] * 30
    library = library_of(tmp_path, Step(tuple(article(f"{at:02}", body) for at, body in enumerate(bodies))))
    with Searcher(library) as searcher:
        (correction,) = searcher.search("onest").corrections
        assert correction.meant[0] == "onset"
