"""The stored form of an article against what `json` makes of it."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from index.article import Article, DateOrigin
from index.record import packed, row_of
from index.schema import unpack_article

odd = st.text(
    st.one_of(st.sampled_from('"\\\n\t\r\0\x1f\x7f\x85\u2028é\ud800'), st.characters()), max_size=20
)


@given(st.lists(odd, min_size=8, max_size=8), st.booleans(), st.dictionaries(odd, odd, max_size=2))
@example(["", "", 'said "yes"\n\\', "", "", "", "", ""], False, {})
def test_what_is_stored_is_json_and_reads_back(
    texts: list[str], derived: bool, extras: dict[str, str]
) -> None:
    ident, title, text, path, source, author, url, key = texts
    one = Article(ident, title, text, path, derived, None, DateOrigin.NONE, source, author, url, key, extras)
    stored = row_of(one)[0]
    wanted = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    assert packed(stored) == wanted.encode("utf-8", "surrogatepass")
    assert unpack_article(packed(stored)) == one
