"""How text becomes words: the table of forms, and what holds for any text whatever."""

from __future__ import annotations

import gzip
import importlib
import json
import random
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis import (
    LANGUAGES,
    LIGHT_LANGUAGES,
    LONGEST_FORM,
    Analyzer,
    _nltk_snowball,
    fingerprint,
    fold,
    light_stemmer,
    nltk_stemmer,
    stop_words,
    token_pattern,
)
from index.errors import UsageProblem
from tests.conftest import CHECKOUT, process_environment

CORPORA = CHECKOUT.parent / "shared" / "corpora"
SEEDS = CHECKOUT / "seeds"

ENGLISH = Analyzer()

#: What stands in a text, and the forms of its words.
FORMS = {
    "Trade trades TRADING": "trade trades trading",
    "Daesh/ISIS": "daesh isis",
    "co-ordinate multi-agent": "co ordinate multi agent",
    "snake_case foo@bar.com": "snake case foo bar com",
    "don't don’t DON＇T": "don't don't don't",
    "government's government’s governments’": "government government governments",
    "it's James's O’Brien’s": "it james o'brien",
    "rock’n’roll ’tis": "rock'n'roll tis",
    "U.S. U.S u.s. U.S.A.": "u.s. u.s. u.s. u.s.a.",
    "U.S.-led U.S.’s U.S.Army": "u.s. led u.s. u.s. army",
    "J. R. R. Tolkien": "j r r tolkien",
    "e.g. i.e. a.m.": "e.g. i.e. a.m.",
    "20.04 1,200.50 10,000": "20.04 1,200.50 10,000",
    "$3.5bn, £4m. 50%": "3.5bn 4m 50 %",
    "3.5% 50 % %x a%b 7%%": "3.5 % 50 x a b 7 %",
    "Item 3. Item 4, then 5.": "item 3 item 4 then 5",
    "1990s 1990’s 1.2’s": "1990s 1990 1.2",
    "10:30 5-4 2/3": "10 30 5 4 2 3",
    "½ 1½ m² ⒐ ⑴": "1/2 11/2 m2 9 1",
    "word\u202fword\u00a0word\u3000word": "word word word word",
    "co\u00adordinate zero\u200bwidth": "coordinate zero width",
    "e\u0301te\u0301 été ÉTÉ": "ete ete ete",
    "naïve nai\u0308ve Ångström": "naive naive angstrom",
    "Straße STRASSE": "strasse strasse",
    "Œuvre œuvre Łódź Ørsted": "oeuvre oeuvre lodz orsted",
    "İstanbul ﬁne ǅ": "istanbul fine dz",
    "Ёлка ёлка елка": "елка елка елка",
    "Ελλάδα": "ελλαδα",
    "हिन्दी": "हिन्दी",
    "日本語 한국어": "日本語 한국어",
    "ʼn governmentsʼ": "n governments",
    "'s ''": "s",
    "C++ C# .NET R&D AT&T": "c c net r d at t",
    "**bold** _it_ «quoted» “quoted”": "bold it quoted quoted",
    "&&& --- ... ’’ \u0301": "",
}

ANY_TEXT = st.text(max_size=80) | st.text(
    alphabet="aAb.Z1 2,'’-/\u0301\u00ad\u200d\u202fßİıŒ½⒐ʼ\u0903ि한日\ud800\x00\x1b", max_size=40
)


def forms(text: str, analyzer: Analyzer = ENGLISH) -> list[str]:
    return [token.form for token in analyzer.tokens(text)]


@pytest.mark.parametrize("text", FORMS)
def test_table_of_forms(text: str) -> None:
    assert forms(text) == FORMS[text].split()


@pytest.mark.parametrize("language", ["french", "italian"])
def test_elision_parts_words(language: str) -> None:
    analyzer = Analyzer(language)
    assert forms("l’homme qu'elle d’accord", analyzer) == ["l", "homme", "qu", "elle", "d", "accord"]
    assert forms("U.S.’s", analyzer)[0] == "u.s."


def test_possessives_go_in_english_only() -> None:
    assert forms("Peter's") == ["peter"]
    assert forms("Peter's", Analyzer("german")) == ["peter's"]


@pytest.mark.parametrize("spelling", ["U.S.", "U.S", "u.s.", "Ｕ.Ｓ.", "U.S.’s"])
def test_an_acronym_is_one_term_however_it_ends(spelling: str) -> None:
    assert ENGLISH.terms(f"the {spelling} said") == [
        *ENGLISH.terms("the"),
        ("u.s.", "u.s."),
        ("said", "said"),
    ]


def test_composed_and_decomposed_text_give_the_same_words() -> None:
    text = "Été, naïve façade; Đà Nẵng, Ζεύς, ёлка, 한국어"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert ENGLISH.terms(unicodedata.normalize(form, text)) == ENGLISH.terms(text)


@pytest.mark.parametrize(
    ("language", "word", "stem"),
    [
        ("english", "trading", "trade"),
        ("english", "stabilisation", "stabilis"),
        ("english", "20.04", "20.04"),
        ("english", "u.s.", "u.s."),
        ("german", "häuser", "haus"),
        ("french", "continuellement", "continuel"),
        ("russian", "книгами", "книг"),
    ],
)
def test_stems(language: str, word: str, stem: str) -> None:
    assert Analyzer(language).terms(word)[0][1] == stem
    assert Analyzer(language, light_stemmer(language)).terms(word)[0][1] == stem


@given(ANY_TEXT, st.sampled_from(LANGUAGES))
@settings(max_examples=400, deadline=None)
@example("½⒐ʼnʼ", "english")
@example("a." * 60 + "'s", "english")
@example("a" * 63 + "'s", "english")
def test_any_text_gives_words_with_places(text: str, language: str) -> None:
    analyzer = _analyzer(language)
    tokens = list(analyzer.tokens(text))
    end = 0
    for token in tokens:
        assert end <= token.start < token.end <= len(text)
        end = token.end
        assert analyzer.term(text[token.start : token.end]) == (token.form, token.stem)
        assert token.form
        assert token.stem
        assert not any(char.isspace() for char in token.form + token.stem)
        assert token.form == token.form.casefold() == unicodedata.normalize("NFC", token.form)
        assert len(token.form) <= 3 * LONGEST_FORM
        assert token.form.encode()
        assert token.stem.encode()
    assert analyzer.terms(text) == [(token.form, token.stem) for token in tokens]


@given(st.lists(st.text(max_size=12), max_size=8))
@settings(max_examples=100, deadline=None)
def test_words_of_parts_at_line_ends_are_the_words_of_the_whole(parts: list[str]) -> None:
    assert ENGLISH.terms("\n".join(parts)) == [term for part in parts for term in ENGLISH.terms(part)]


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


_SHARED: dict[str, Analyzer] = {}


def _analyzer(language: str) -> Analyzer:
    return _SHARED.setdefault(language, Analyzer(language))


# The letters of each language, and endings that its stemmer knows: random words must meet its rules.
LETTERS = {
    "danish": ("abdefghiklmnoprstuvyæøå", "erne ernes hed heds erede erende ethed ig lig els løst igst gd"),
    "dutch": ("abcdefghijklmnoprstuvwyzëïü", "heden ingen end ing ig lijk baar bar iteit en s e kkeld aanen"),
    "english": (
        "abcdefghijklmnopqrstuvwxyz'",
        "ational ization fulness ousness iviti biliti eedly ingly ied ies sses li y ement ance ion ive ous",
    ),
    "finnish": (
        "aeiouyäöhklmnprstvj",
        "kin kaan ssa sta lla lta ksi nsa mme ja immat tta seen eilla",
    ),
    "french": (
        "abcdefghilmnopqrstuvxyéèêàùçôî",
        "issement atrice logie usion ence euse ité if eux îmes erait",
    ),
    "german": ("abcdefghiklmnoprstuvwzäöüß", "ern em er en es e st ung ig lich heit keit isch end ier"),
    "hungarian": (
        "aáeéiíoóöőuúüűbcdgklmnrstvz",
        "ban ben nak nek ként okat jaitok jeim ink unk ait á é",
    ),
    "norwegian": ("abdefghiklmnoprstuvyæøå", "hetenes hetens ende ande erte ert leg eleg lov dt vt"),
    "russian": (
        "абвгдежзиклмнопрстуфхцчшщъыьэюя",
        "ивши вшись ыми ого ему ющ нн ся ла ете ует иями ость",
    ),
    "swedish": (
        "abdefghiklmnoprstuvyäåö",
        "heterna hetens arnas ades andes erna ig lig els löst dd",
    ),
}


def _random_words(language: str, number: int) -> list[str]:
    letters, endings = LETTERS[language]
    choose = random.Random(f"{language} words")
    known = endings.split()
    return [
        "".join(choose.choices(letters, k=choose.randint(1, 8)))
        + "".join(choose.choices(known, k=choose.randint(0, 3)))
        for _ in range(number)
    ]


@pytest.mark.parametrize("language", LIGHT_LANGUAGES)
def test_light_stemmer_equals_nltks_on_random_words(language: str) -> None:
    nltk, light = nltk_stemmer(language), light_stemmer(language)
    words = [form for word in _random_words(language, 4000) for form in forms(word, _analyzer(language))]
    assert len(set(words)) > 3000
    assert [word for word in words if nltk(word) != light(word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_light_stemmer_equals_nltks_on_the_words_of_any_language(language: str) -> None:
    words = [word for other in LETTERS for word in _random_words(other, 60)]
    nltk, light = Analyzer(language), Analyzer(language, light_stemmer(language))
    assert nltk.terms(" ".join(words)) == light.terms(" ".join(words))


def test_one_light_stemmer_loads_no_other_and_leaves_the_package_to_others() -> None:
    """In a process of its own, since modules stay loaded."""
    code = """
import sys
from index.analysis import light_stemmer
assert light_stemmer("english")("running") == "run"
assert not [name for name in sys.modules if name.startswith("whoosh.lang.snowball.dan")]
from whoosh.lang.snowball import classes
assert classes["da"]().stem("huse") == light_stemmer("danish")("huse")
assert light_stemmer("english")("running") == "run"
"""
    done = subprocess.run([sys.executable, "-c", code], env=process_environment(), check=False)
    assert done.returncode == 0


def test_light_stemmer_equals_nltks_on_the_seeds() -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted(SEEDS.rglob("*")) if path.is_file())
    assert Analyzer().terms(text) == Analyzer("english", light_stemmer("english")).terms(text)


@pytest.mark.parametrize("corpus", ["bbc", "cran"])
def test_light_stemmer_equals_nltks_on_a_corpus(corpus: str) -> None:
    path = CORPORA / corpus / "corpus.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"the evaluation corpus {corpus} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        raw = {word for line in lines for word in token_pattern().findall(json.loads(line)["text"])}
    words = {ENGLISH.term(word)[0] for word in raw}
    nltk, light = nltk_stemmer("english"), light_stemmer("english")
    assert len(words) > 3000
    assert [word for word in words if nltk(word) != light(word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stem_does_not_depend_on_the_words_before_it(language: str) -> None:
    words = [
        "كتبت",
        "يكتبون",
        "والكتاب",
        "المكتبة",
        "معلمات",
        *(w for lang in LETTERS for w in _random_words(lang, 5)),
    ]
    forward, backward = Analyzer(language), Analyzer(language)
    stems = {word: forward.terms(word) for word in words}
    assert {word: backward.terms(word) for word in reversed(words)} == stems


def test_an_analyzer_may_be_shared_between_threads() -> None:
    analyzer = Analyzer("english", light_stemmer("english"))
    words = _random_words("english", 2000)
    text = " ".join(words)
    found: list[list[tuple[str, str]]] = []
    threads = [threading.Thread(target=lambda: found.append(analyzer.terms(text))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Analyzer().terms(text)] * 6


def test_stems_learnt_are_not_worked_out_again() -> None:
    def refuse(word: str) -> str:
        raise AssertionError(f"{word} was stemmed again")

    first = Analyzer()
    terms = first.terms("Traders were trading in trades")
    second = Analyzer("english", refuse)
    second.learn(first.stems)
    assert second.terms("Traders were trading in trades") == terms


def test_an_unknown_language_is_refused_with_the_list() -> None:
    with pytest.raises(UsageProblem, match="klingon") as caught:
        Analyzer("klingon")
    assert "english" in caught.value.hint


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_forms(language: str) -> None:
    words = stop_words(language)
    assert bool(words) == (language not in ("arabic", "romanian"))
    assert all(forms(word, _analyzer(language)) == [word] for word in words)


def test_stop_words_with_marks_are_known_as_they_are_compared() -> None:
    assert {"fur", "uber"} < stop_words("german")
    assert {"the", "of", "and"} < stop_words("english")


def test_fingerprint_tells_language_and_rules_apart() -> None:
    assert fingerprint("english") != fingerprint("german")
    assert set(fingerprint("english")) == {"language", "rules", "nltk"}


@pytest.mark.parametrize("language", LIGHT_LANGUAGES)
def test_light_stemmer_does_without_nltk(language: str) -> None:
    word = LETTERS[language][0][:6]
    program = (
        "import sys; from index.analysis import Analyzer, light_stemmer\n"
        f"Analyzer({language!r}, light_stemmer({language!r})).terms({word!r})\n"
        "sys.exit('nltk' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], env=process_environment(), check=False)
    assert done.returncode == 0


def test_a_long_run_of_anything_is_no_trouble() -> None:
    for run in ("a", "1", "1.", "a.", "a'", "a’s", "é", "\u0301", ".", "'", "a1.", "\u00ad"):
        text = run * (200_000 // len(run))
        assert all(len(form) <= 2 * LONGEST_FORM for form in forms(text))


def test_the_seeds_have_no_empty_or_unfolded_word() -> None:
    for path in sorted(Path(SEEDS).rglob("*.txt")):
        for token in ENGLISH.tokens(path.read_text("utf-8")):
            assert token.form.isascii() or token.form in {"₹"}, token


@given(st.text(st.characters(max_codepoint=127)) | st.text("abC1.,'_-/ \n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_the_pattern_for_ascii_finds_what_the_whole_one_finds(text: str) -> None:
    for split in (True, False):
        whole = token_pattern(split_at_quotes=split).finditer(text)
        quick = token_pattern(ascii_only=True, split_at_quotes=split).finditer(text)
        assert [match.span() for match in quick] == [match.span() for match in whole]


@given(st.text(st.characters(exclude_categories=["M"])) | st.text("aéЖ1.,'’_- \n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_text_without_marks_has_the_words_that_the_whole_pattern_finds(text: str) -> None:
    for analyzer in (ENGLISH, Analyzer("french", str)):
        whole = token_pattern(split_at_quotes=analyzer.language == "french").finditer(text)
        assert [match.span() for match in analyzer.matches(text)] == [match.span() for match in whole]


def test_the_stemmers_are_loaded_without_the_rest_of_nltk() -> None:
    code = """
import sys
from index.analysis import nltk_stemmer
light = {name: nltk_stemmer(name)("running") for name in ("english", "german", "russian")}
assert not [name for name in sys.modules if name.split(".")[0] == "nltk"]
from nltk.stem.snowball import SnowballStemmer
assert light == {name: SnowballStemmer(name).stem("running") for name in light}
assert SnowballStemmer("english", ignore_stopwords=False).stem("running") == "run"
import nltk
assert nltk.stem.SnowballStemmer is SnowballStemmer
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=False
    )
    assert done.returncode == 0


def test_another_nltk_is_loaded_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nltk", importlib.import_module("nltk"))
    module = _nltk_snowball.__wrapped__()
    assert module is importlib.import_module("nltk.stem.snowball")
