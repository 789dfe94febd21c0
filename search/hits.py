"""From an article that was found to what is shown of it: passages, marks and reasons."""

from __future__ import annotations

from index.analysis import Analyzer
from index.article import Article
from search.marks import Marker, spans
from search.passages import IsCommon, best_passages
from search.reasons import reasons
from search.results import Hit

#: Marks of an article among which passages are chosen.
_ENOUGH = 2000


def title_part(article: Article) -> str:
    """Return the part of an article that its title's words belong to: a derived one is of the body."""
    return "body" if article.title_derived else "title"


def hit_of(
    article: Article, score: float, rank: int, marker: Marker, analyzer: Analyzer, is_common: IsCommon
) -> Hit:
    """Return the hit of an article for what `marker` looks for."""
    marks = marker.find(article.text, analyzer, enough=_ENOUGH)
    heading = marker.find(article.title, analyzer, title_part(article))
    return Hit(
        article=article,
        score=score,
        rank=rank,
        passages=best_passages(article.text, marks, marker.weights, title=article.title, is_common=is_common),
        title_spans=spans(heading),
        reasons=reasons(marker, analyzer, ((article.text, marks), (article.title, heading))),
    )
