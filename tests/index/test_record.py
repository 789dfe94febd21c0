"""The stored form of an article against what `json` makes of it."""

from __future__ import annotations

import json
from calendar import timegm
from datetime import datetime, timedelta, timezone
from hashlib import blake2b

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.article import Article, DateOrigin
from index.record import digest_of, encoded, packed, row_of, seconds
from index.schema import unpack_article

odd = st.text(
    st.one_of(st.sampled_from('"\\\n\t\r\0\x1f\x7f\x85\u2028é\ud800'), st.characters()), max_size=20
)


@settings(deadline=None)
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


@settings(deadline=None)
@given(
    st.text(max_size=20),
    odd,
    st.booleans(),
    st.sampled_from([None, datetime(2022, 5, 11), datetime(2022, 5, 11, 7, 36)]),
    st.sampled_from([*DateOrigin]),
    st.sampled_from(["", "Reuters"]),
    st.dictionaries(odd, odd, max_size=2),
)
def test_the_hash_is_of_all_that_an_article_says(
    title: str,
    text: str,
    derived: bool,
    date: datetime | None,
    origin: DateOrigin,
    author: str,
    extras: dict[str, str],
) -> None:
    one = Article("id", title, text, "path", derived, date, origin, "", author, "", "key", extras)
    said = [title, text, str(derived), str(date), origin.value, "", author, ""]
    said += [part for item in sorted(extras.items()) for part in item]
    content = b"".join(b"%d:%b" % (len(encoded(part)), encoded(part)) for part in said)
    assert digest_of(row_of(one)) == blake2b(content, digest_size=8).hexdigest()


@settings(deadline=None)
@given(st.datetimes())
def test_seconds_are_those_of_the_calendar(date: datetime) -> None:
    assert seconds(date) == timegm(date.timetuple())


def test_a_date_with_a_time_zone_is_told_in_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    given = Article("a", "T", "text", "a.txt", date=datetime(2021, 3, 1, 2, 0, tzinfo=east))
    stored, moment, _ = row_of(given)
    assert stored[5] == "2021-02-28T20:30:00"
    assert moment == seconds(datetime(2021, 2, 28, 20, 30))
