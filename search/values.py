"""Which sources, authors, paths and ids the value of a condition means."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from index.analysis import Analyzer
from index.patterns import expression
from search.nodes import Fact


def fits(node: Fact, analyzer: Analyzer) -> Callable[[str], bool]:
    """Return which values of its column a condition means; `*` alone is any but none."""
    if node.text == "*" and not node.quoted:
        return bool
    if node.field == "path":
        return paths_fit(node.text, node.exact, node.quoted)
    if node.field == "id":
        return ids_fit(node.text, node.exact, node.quoted)
    return names_fit(node.text, node.exact, node.quoted, analyzer)


def names_fit(text: str, exact: bool, quoted: bool, analyzer: Analyzer) -> Callable[[str], bool]:
    """Return which sources or authors a condition means: those with its words side by side.

    Case, diacritics and punctuation count as little as in articles. Words may hold `*` and `?` unless
    `quoted`; with `exact` the words are the whole name.
    """
    words = _forms(text, analyzer)
    if not quoted and re.search(r"[*?]", text):
        words = tuple(wild_forms(text, analyzer))
    body = " ".join(expression(word, r"\S") for word in words)
    wanted = re.compile(f" {body} ")
    matches = wanted.fullmatch if exact else wanted.search
    return lambda name: matches(f" {' '.join(_forms(name, analyzer))} ") is not None


def paths_fit(text: str, exact: bool, quoted: bool) -> Callable[[str], bool]:
    """Return which paths a condition means: those with it as whole parts, in any case.

    `*` and `?` stand for any characters, `/` among them, unless `quoted`; with `exact` it is the whole path.
    """
    body = _path(text.casefold().strip("/"), quoted)
    wanted = re.compile(f"/?{body}" if exact else f"(?:^|/){body}(?:/|$)", re.DOTALL)
    matches = wanted.fullmatch if exact else wanted.search
    return lambda path: matches(path.casefold()) is not None


def ids_fit(text: str, exact: bool, quoted: bool) -> Callable[[str], bool]:
    """Return which ids a condition means: it is the id, or the end of one after `/` or `#`."""
    if exact or quoted or not re.search(r"[*?]", text):
        endings = () if exact else (f"/{text}", f"#{text}")
        return lambda ident: ident == text or ident.endswith(endings)
    wanted = re.compile(f"(?:.*[/#])?{_path(text, quoted)}", re.DOTALL)
    return lambda ident: wanted.fullmatch(ident) is not None


def _path(text: str, quoted: bool) -> str:
    return re.escape(text) if quoted else expression(text)


@lru_cache(maxsize=100_000)
def _forms(text: str, analyzer: Analyzer) -> tuple[str, ...]:
    return tuple(form for form, _ in analyzer.terms(text))


def wild_forms(text: str, analyzer: Analyzer) -> list[str]:
    """Return the words of a text in which `*` and `?` stand for letters, as they are compared."""
    words = []
    for chunk in re.findall(r"[\w*?'’.]+", text):
        pieces = re.split(r"([*?])", chunk)
        words.append("".join(p if p in ("*", "?") else "".join(_forms(p, analyzer)) for p in pieces))
    return [re.sub(r"\*+", "*", word) for word in words if word.strip("*?")]
