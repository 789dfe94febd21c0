"""What segment files are called: the names that Whoosh's TOC and its clean-up expect."""

from __future__ import annotations

from index.codec.format import EXTENSION, VECTORS

INDEX_NAME = "MAIN"

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_segment_id() -> str:
    """Return a random id of 16 letters and digits."""
    import secrets  # not at the top: searching makes no names

    return "".join(secrets.choice(_LETTERS) for _ in range(16))


def segment_file(segment_id: str) -> str:
    """Return the name of a segment's file."""
    return f"{INDEX_NAME}_{segment_id}{EXTENSION}"


def vectors_file(segment_id: str) -> str:
    """Return the name of the file of its term vectors."""
    return f"{INDEX_NAME}_{segment_id}{VECTORS}"


def part_file(segment_id: str) -> str:
    """Return the name of a file with some terms of a segment that several processes write together."""
    return f"{INDEX_NAME}_{segment_id}.part"


def scratch_file(segment_id: str, content: str) -> str:
    """Return the name of a file that is needed while a segment is made."""
    return f"{INDEX_NAME}_{segment_id}.{content}"
