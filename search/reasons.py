"""Why an article matches: which words of the query were read otherwise there, and which it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from index.analysis import Analyzer
from search.marks import Mark, Marker
from search.results import MatchKind, Reason, ReasonKind

_KINDS = {MatchKind.SPELLING: ReasonKind.SPELLING, MatchKind.TYPO: ReasonKind.TYPO}
#: So many words of an article are named for one word of the query.
_NAMED = 3


def reasons(
    marker: Marker, analyzer: Analyzer, marked: Iterable[tuple[str, Iterable[Mark]]]
) -> tuple[Reason, ...]:
    """Return the reasons of one hit: `marked` are its texts, each with all of its marks."""
    found: set[int] = set()
    otherwise: dict[tuple[int, MatchKind, str], Counter[str]] = {}
    for text, marks in marked:
        for mark in marks:
            found.add(mark.item)
            found.update(mark.others)
            if mark.kind in _KINDS:
                words = " ".join(form for form, _ in analyzer.terms(text[mark.start : mark.end]))
                otherwise.setdefault((mark.item, mark.kind, mark.meant), Counter())[words] += 1
    missing = [
        Reason(ReasonKind.MISSING, label)
        for item, label in marker.labels.items()
        if item not in found and item not in marker.optional
    ]
    return (*_read_otherwise(marker, analyzer, otherwise), *missing)


def _read_otherwise(
    marker: Marker, analyzer: Analyzer, found: dict[tuple[int, MatchKind, str], Counter[str]]
) -> Iterator[Reason]:
    """Yield a reason for each item, way and number of edits, with what stands for it in the article."""
    rows: dict[tuple[int, ReasonKind, int, bool], list[str]] = {}
    for (item, kind, meant), forms in sorted(found.items(), key=lambda pair: pair[0][:2]):
        typed = " ".join(form for form, _ in analyzer.terms(marker.labels.get(item, "")))
        edits = _edits(typed, meant or forms.most_common(1)[0][0]) if kind is MatchKind.TYPO else 0
        inflected = bool(meant) and meant not in forms
        shown = meant if meant in forms else min(forms, key=lambda form: (-forms[form], form))
        rows.setdefault((item, _KINDS[kind], edits, inflected), []).append(shown)
    for (item, reason, edits, inflected), words in sorted(rows.items()):
        matched = tuple(dict.fromkeys(words))[:_NAMED]
        yield Reason(reason, marker.labels.get(item, ""), matched, edits, inflected)


def _edits(typed: str, meant: str) -> int:
    from rapidfuzz.distance import OSA  # loaded already: a word was corrected

    return OSA.distance(typed, meant)
