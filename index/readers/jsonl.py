"""JSON lines: one article a line.

Every line is read by itself, so that one broken line, or one in another encoding, costs only itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from index.article import Draft
from index.errors import ReadProblem
from index.readers.encoding import decode, is_binary
from index.readers.fields import Fields, as_text, draft_from
from index.readers.skip import Skip

LONGEST_KEY = 256
_WHITE = b" \t\r\n\v\f"
_BOM = b"\xef\xbb\xbf"
_DECODER = json.JSONDecoder()
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def read(content: bytes, path: str | Path) -> Iterator[Draft | Skip]:
    """Yield an article or a Skip for each line that is not blank, in order, lines counted from 1.

    Raises ReadProblem, before the first line, if the content is binary or empty.
    """
    if is_binary(content):
        raise ReadProblem(path, "binary, not text")
    if content.startswith(_WIDE_BOMS):
        content = decode(content).encode("utf-8")
    content = content.removeprefix(_BOM)
    if not content.strip():
        raise ReadProblem(path, "empty")
    return records(content)


def is_plain(head: bytes) -> bool:
    """Tell of a file's first 8 KiB whether it is text that may be read in parts, each ending with a line."""
    return not is_binary(head) and not head.startswith(_WIDE_BOMS)


def records(content: bytes, line: int = 1) -> Iterator[Draft | Skip]:
    """Yield what `read` does for the content of whole lines, of which the first is number `line`."""
    if line == 1:
        content = content.removeprefix(_BOM)
    number, start, size = line - 1, 0, len(content)
    while start < size:
        end = content.find(b"\n", start)
        end = size if end < 0 else end
        record = content[start:end].strip(_WHITE)
        number, start = number + 1, end + 1
        if record:
            yield _record(record, number)


def _record(line: bytes, number: int) -> Draft | Skip:
    try:
        record = _parsed(decode(line))
        if not isinstance(record, dict):
            return Skip(number, "not a JSON object")
        fields = Fields(record)
        key = _key(fields.take("key"), line)
        draft = draft_from(fields, fields.take_text(), key=key, line=number)
    except json.JSONDecodeError as error:
        return Skip(number, f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return Skip(number, "nested too deeply")
    except ValueError:  # an integer of thousands of digits
        return Skip(number, "a number is too long")
    return draft or Skip(number, "neither title nor text")


def _parsed(text: str) -> object:
    """Return what `json.loads` does, in less time for a value without white space around it."""
    try:
        value, end = _DECODER.raw_decode(text)
    except ValueError:
        return json.loads(text)  # it has the words for what is wrong
    return value if end == len(text) else json.loads(text)


def _key(own: str, line: bytes) -> str:
    """Return the record's own id, or a hash of its line if it has none that is fit for a key."""
    if own and len(own) <= LONGEST_KEY:
        return own
    return blake2b(as_text(own).encode() or line, digest_size=8).hexdigest()
