"""The readers on public evaluation data, where it stands beside the checkout."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from index.article import Draft
from index.readers import read

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"


@pytest.mark.parametrize(
    ("name", "articles", "dated"), [("bbc", 2095, 0), ("time", 423, 423), ("cisi", 1460, 0)]
)
def test_every_record_becomes_an_article(name: str, articles: int, dated: int) -> None:
    path = CORPORA / name / "corpus.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{name} is not beside the checkout")
    drafts = [item for item in read(path) if isinstance(item, Draft)]
    assert len(drafts) == articles
    assert Counter(bool(draft.date) for draft in drafts)[True] == dated
    assert all(draft.title and draft.key for draft in drafts)
