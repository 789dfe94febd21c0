"""Markdown: one article a file, with or without YAML front matter.

The text stays as it was written; only the front matter and the title's heading leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.article import Draft
from index.errors import ReadProblem
from index.readers.encoding import text_of
from index.readers.fields import Fields, draft_from
from index.readers.skip import Skip
from index.readers.titles import LONGEST_TITLE, one_line

LARGEST_FRONT_MATTER = 65536

_END = re.compile(r"^(?:---|\.\.\.)$", re.MULTILINE)
_ENTRY = re.compile(r"([^\W\d][\w -]{0,60}):(?: +(.*))?")
#: Aliases can unfold to gigabytes and deep nesting overflows libyaml's stack: such front matter is read
#: line by line instead.
_UNSAFE = re.compile(r"(?:^|[\s\[{,])[&*!]\S|(?:[-?]\s+){16}")
_MOST_BRACKETS = 200
_HEADING = re.compile(r"(?:#{1,2}[ \t]+(?P<atx>[^\n]{1,400})|(?P<setext>[^\n]{1,400})\n(?:=+|-{3,}))(?:\n|$)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(\S(?:[^*_`\n]*\S)?)\1")


def read(content: bytes, path: str | Path) -> Iterator[Draft | Skip]:
    """Return the one article of a Markdown file; front matter gives fields, a first heading the title.

    Raises ReadProblem if the content is binary or empty, or nothing but front matter without a title.
    """
    record, text = split_front_matter(text_of(content, path))
    fields = Fields(record)
    heading, rest = _split_heading(text)
    if heading and fields.title in ("", heading):
        fields, text = Fields({"title": heading, **record}), rest
    draft = draft_from(fields, text)
    if draft is None:
        raise ReadProblem(path, "neither title nor text")
    return iter((draft,))


def _split_heading(text: str) -> tuple[str, str]:
    """Return the heading that begins `text`, without its marks, and what follows it; ("", text) if none."""
    match = _HEADING.match(text)
    if match is None:
        return "", text
    heading = one_line(_EMPHASIS.sub(r"\2", match["atx"] or match["setext"]).strip(" \t#"))
    return (heading, text[match.end() :]) if 0 < len(heading) <= LONGEST_TITLE else ("", text)


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return the fields between the `---` lines that begin `text`, and the text after them.

    Values are text, lists and objects of text. Without front matter the fields are empty.
    """
    if not text.startswith("---\n"):
        return {}, text
    end = _END.search(text, 4, LARGEST_FRONT_MATTER)
    if end is None:
        return {}, text
    fields = _fields(text[4 : end.start()])
    return (fields, text[end.end() :].strip()) if fields is not None else ({}, text)


def _fields(block: str) -> dict[str, object] | None:
    """Return the fields of a front matter block; None if it is none, but text between two rules."""
    lines = [match for line in block.split("\n") if (match := _ENTRY.fullmatch(line))]
    if block.strip() and not lines:
        return None
    if not _UNSAFE.search(block) and block.count("[") + block.count("{") <= _MOST_BRACKETS:
        import yaml

        try:
            # The base loader makes nothing but text, lists and dictionaries.
            loaded = yaml.load(block, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        except (yaml.YAMLError, RecursionError):
            loaded = None
        if isinstance(loaded, dict):
            return {str(name): value for name, value in loaded.items() if value not in ("null", "~")}
    return {match[1]: (match[2] or "").strip(" \"'") for match in lines}
