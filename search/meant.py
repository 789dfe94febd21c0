"""Which words were meant: decided for all words of a query together.

A word that the library lacks may be near to several that it has, and one that it has may itself be a slip.
Each way of reading a word has a score, a natural logarithm: how frequent the word is, less what the slip
costs (`search/typos.py`), plus how well it goes with what the other words of the query were taken for. The
words are decided in turns, first each by itself, then with what the others were taken for before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, islice

import numpy as np

from index.value import Value
from search.company import Company, Floats
from search.typos import PENALTY, Variant

ROUNDS = 2
#: At most so many words are searched in place of an unknown one.
MOST_MEANT = 3
#: Readings that score so much below the best one are not searched.
WIDEST_GAP = 2.0
#: So much likelier than its frequency says is a word as typed than one that was meant by it: others must
#: be some `exp(4 + 1)` times as frequent, or go with the other words better.
AS_TYPED = 1.0
#: The share of a stem's articles in which a form of it that no article has yet may be expected.
NEW_INFLECTION = 0.1
#: Forms of one stem that differ in no more letters at their end are inflections of one word.
LONGEST_ENDING = 3
#: So many words are decided with the others, the first; any more each by itself.
MOST_OPEN = 100
#: So many of the other words are heard, those in the fewest articles.
MOST_OTHERS = 8
_SHARED = 0.5
_FOLLOWING = 1.0
#: Of so many others' information the mean is taken.
_MOST_INFORMED = 6
#: A reading that is so much worse by itself than the best cannot win by the other words.
_HOPELESS = 12.0
#: The same, once all is known but which words follow each other.
_OUT_OF_REACH = 4.0


class Slot(Value):
    """A word of the query: its stem, how likely it is as typed (None: not at all), what may have been meant.

    `speaks` is false for words that say nothing of the others: those without content, or unknown ones.
    `follows` says that it stands right behind the slot before it.
    """

    stem: str
    articles: int
    own: float | None
    variants: tuple[Variant, ...] = ()
    speaks: bool = True
    follows: bool = True

    @property
    def stems(self) -> list[str]:
        """The stems it may be read as: as typed, then the variants'."""
        return [self.stem, *(variant.stem for variant in self.variants)]

    @property
    def scores(self) -> Floats:
        """How likely each reading is by itself."""
        own = -math.inf if self.own is None else self.own
        return np.array([own, *(variant.score for variant in self.variants)])


def is_inflection(form: str, known: str) -> bool:
    """Return whether two forms of one stem differ in nothing but short endings (`tides`, `tide`)."""
    shared = 0
    for one, other in zip(form, known, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= min(3, len(known)) and max(len(form), len(known)) - shared <= LONGEST_ENDING


def as_typed(form_articles: int, stem_articles: int, inflected: bool) -> float | None:
    """Return how likely a word is meant as typed, None for one that the library lacks in any inflection."""
    if form_articles:
        return math.log(form_articles + 0.5) + AS_TYPED
    return math.log(NEW_INFLECTION * stem_articles + 0.5) if inflected else None


class Meant(Value):
    """A word that was meant, and the share of its score that it keeps."""

    variant: Variant
    share: float


def decide(slots: Sequence[Slot], company: Company) -> list[tuple[Meant, ...]]:
    """Return for each slot the variants that were meant, the likeliest first.

    Of a word that is likely as typed, only those that are likelier still.
    """
    own = [slot.scores for slot in slots]
    scores = list(own)
    taken = [
        int(found.argmax()) if slot.variants or slot.own is not None else 0
        for slot, found in zip(slots, own, strict=True)
    ]
    ranked = sorted(range(len(slots)), key=lambda place: (slots[place].articles, place))
    open_ones = [place for place, slot in enumerate(slots) if _is_open(slot)][:MOST_OPEN]
    heard: dict[int, tuple[tuple[int, int], ...]] = {}
    for _ in range(ROUNDS):
        before = tuple(taken)
        for place in open_ones:
            others = _others(slots, ranked, before, place)
            if heard.get(place) != others:
                heard[place] = others
                scores[place] = own[place] + _context(slots, before, place, others, company)
                taken[place] = int(scores[place].argmax())
        if tuple(taken) == before:
            break
    return [_chosen(slot, found) for slot, found in zip(slots, scores, strict=True)]


def _is_open(slot: Slot) -> bool:
    """Return whether the other words can change how a slot is read."""
    found = np.sort(slot.scores[np.isfinite(slot.scores)])
    return len(found) > 1 and found[-1] - found[-2] < _HOPELESS


def _others(
    slots: Sequence[Slot], ranked: Sequence[int], taken: Sequence[int], place: int
) -> tuple[tuple[int, int], ...]:
    """Return the slots that are heard on the one at `place`, each with how it is read now.

    Those beside it and then, of `ranked`, which are all in the order of their articles, the first.
    """
    near = [other for other in (place - 1, place + 1) if 0 <= other < len(slots)]
    possible = chain(near, (other for other in ranked if other != place and other not in near))
    speaking = (
        other
        for other in possible
        if (slots[other].speaks or taken[other]) and slots[other].stem != slots[place].stem
    )
    return tuple(sorted((other, taken[other]) for other in islice(speaking, MOST_OTHERS)))


def _context(
    slots: Sequence[Slot],
    taken: Sequence[int],
    place: int,
    others: Sequence[tuple[int, int]],
    company: Company,
) -> Floats:
    """Return what the other words add to each reading of a slot."""
    slot = slots[place]
    scores = slot.scores
    stems = slot.stems
    worth = np.flatnonzero(scores > scores.max() - _HOPELESS)
    asked = [stems[number] for number in worth.tolist()]
    found = np.zeros(len(scores))
    if others:
        shared = company.information(asked, [slots[other].stems[how] for other, how in others])
        best = np.sort(shared, axis=0)[::-1][:_MOST_INFORMED]
        found[worth] += _SHARED * best.mean(axis=0)
    heard = dict(others)
    total = scores + found
    worth = np.flatnonzero(total > total.max() - _OUT_OF_REACH)
    asked = [stems[number] for number in worth.tolist()]
    if place - 1 in heard and slot.follows:
        before = slots[place - 1].stems[heard[place - 1]]
        found[worth] += _FOLLOWING * np.array([company.lift(before, stem) for stem in asked])
    if place + 1 in heard and slots[place + 1].follows:
        after = slots[place + 1].stems[heard[place + 1]]
        found[worth] += _FOLLOWING * np.array([company.lift(stem, after) for stem in asked])
    return found


def _chosen(slot: Slot, scores: Floats) -> tuple[Meant, ...]:
    """Return the variants that were meant: near the best one and likelier than the word as typed."""
    if not slot.variants:
        return ()
    best = float(scores[1:].max())
    least = max(best - WIDEST_GAP, float(scores[0]))
    order = sorted(range(len(slot.variants)), key=lambda number: (-scores[number + 1], number))
    chosen = [number for number in order if scores[number + 1] >= least][:MOST_MEANT]
    return tuple(
        Meant(slot.variants[number], share(slot, slot.variants[number], best - float(scores[number + 1])))
        for number in chosen
    )


def share(slot: Slot, variant: Variant, gap: float) -> float:
    """Return the share of its score that a word which was meant keeps, `gap` less likely than the likeliest.

    Where the library lacks the word as typed, one that is a single edit away stands for it in full.
    """
    return PENALTY[variant.edits - (slot.own is None)] * math.exp(-gap)
