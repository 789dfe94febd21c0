"""How a field numbers the words of several runs: as sorting them one by one would."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.numbering import Lexicon, Numbering, WordList
from index.tokenise import Vocabulary

#: Words of a run: form, stem, and how often that occurs. The same form may have several stems.
words = st.tuples(st.sampled_from("abcd\u00e9\ud800"), st.sampled_from("aABC\u00e9"), st.integers(0, 3))
runs = st.lists(st.lists(words, max_size=12), min_size=1, max_size=3)


def numbered(given_: list[list[tuple[str, str, int]]]) -> tuple[Lexicon, Numbering, list[Vocabulary]]:
    """Return the words of runs as one list, and a field's numbers of them."""
    vocabularies, counts = [], []
    for run in given_:
        vocabulary: Vocabulary = Vocabulary()
        total: Counter[int] = Counter()
        for form, stem, count in run:
            total[vocabulary.number(form, stem)] += count
        vocabularies.append(vocabulary)
        counts.append([total[number] for number in range(len(vocabulary.forms))])
    lexicon = Lexicon(list(map(WordList.of, vocabularies)))
    together = np.zeros(len(lexicon), dtype=np.int64)
    for numbers, own in zip(lexicon.numbers, counts, strict=True):
        together[numbers] += np.array(own, dtype=np.int64)
    return lexicon, lexicon.numbered(together), vocabularies


def text(encoded: bytes) -> str:
    """Return a form or stem as it was given."""
    return encoded.decode("utf-8", "surrogatepass")


@given(runs)
def test_terms_and_forms_stand_in_the_order_of_the_index(given_: list[list[tuple[str, str, int]]]) -> None:
    lexicon, found, vocabularies = numbered(given_)
    totals: Counter[tuple[str, str]] = Counter()
    for run in given_:
        for form, stem, count in run:
            totals[stem, form] += count
    used = {word: count for word, count in totals.items() if count}
    stems = sorted({stem for stem, _ in used})
    wanted = sorted(used, key=lambda word: (word[0], -used[word], word[1]))
    assert [text(stem) for stem in lexicon.stems.chosen(found.stems)] == stems
    assert [text(form) for form in lexicon.forms.chosen(found.forms)] == [form for _, form in wanted]
    assert found.form_occurrences.tolist() == [used[word] for word in wanted]
    assert found.form_count.tolist() == [sum(stem == one for one, _ in wanted) for stem in stems]
    assert found.occurrences.tolist() == [
        sum(count for (one, _), count in used.items() if one == stem) for stem in stems
    ]
    for vocabulary, numbers in zip(vocabularies, lexicon.numbers, strict=True):
        for own, number in enumerate(numbers.tolist()):
            word = vocabulary.stems[vocabulary.stem_of_form[own]], vocabulary.forms[own]
            if word in used:
                term, rank = int(found.terms[number]), int(found.ranks[number])
                assert stems[term] == word[0]
                assert [form for one, form in wanted if one == word[0]][rank] == word[1]
