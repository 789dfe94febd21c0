"""Differences between two versions of a text: both can be put together from them again."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from search.difference import Change, Difference, changed_words, differences
from search.sentences import sentences

sentence = st.lists(st.sampled_from(["Oil", "rose", "again", "in", "Rabat"]), min_size=1, max_size=6)
texts = st.lists(sentence.map(lambda words: " ".join(words) + "."), max_size=8)
gaps = st.sampled_from([" ", "\n", "\n\n", "  "])


def flat(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", text[start:end]) for start, end in sentences(text)]


@settings(deadline=None)
@given(texts, texts, gaps, gaps)
def test_both_versions_can_be_put_together_again(old: list[str], new: list[str], one: str, two: str) -> None:
    before, after = one.join(old), two.join(new)
    found = differences(before, after)
    assert [x.old for x in found if x.change is not Change.ADDED] == flat(before)
    assert [x.new for x in found if x.change is not Change.DROPPED] == flat(after)
    for x in found:
        assert (x.change is Change.SAME) == (x.old == x.new)
        assert (x.change is Change.ADDED) == (not x.old)
        assert (x.change is Change.DROPPED) == (not x.new)
        was, now = changed_words(x)
        assert [word for word, _ in was] == x.old.split()
        assert [word for word, lost in was if not lost] == [word for word, come in now if not come]


def test_white_space_is_no_difference() -> None:
    assert {x.change for x in differences("Oil rose. Gold\nfell.", "Oil  rose.\n\nGold fell.")} == {
        Change.SAME
    }


def test_an_update_of_a_story() -> None:
    old = "The pact was signed in Rabat on Monday. Nobody spoke. Prices rose."
    new = "The pact was signed in Rabat on Tuesday. Ministers left early. Prices rose."
    assert differences(old, new) == (
        Difference(
            Change.CHANGED,
            "The pact was signed in Rabat on Monday.",
            "The pact was signed in Rabat on Tuesday.",
        ),
        Difference(Change.ADDED, "", "Ministers left early."),
        Difference(Change.DROPPED, "Nobody spoke.", ""),
        Difference(Change.SAME, "Prices rose.", "Prices rose."),
    )
