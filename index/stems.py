"""The stems that a library has learnt, kept so that no word is stemmed twice in its life."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from index.metadata import replace_file

STEMS_FILE = "stems.z"
#: More are not kept: a vocabulary beyond this is data, not words.
_MOST = 2_000_000
_OWN_STEM = re.compile(r"[\d.\s]")  # cheap to stem, and endless


def load_stems(folder: Path, fingerprint: Mapping[str, str]) -> dict[str, str]:
    """Return the stems kept in `folder`; none if there are none or other rules made them.

    A file that cannot be read is no error: its stems are worked out again.
    """
    try:
        lines = zlib.decompress((folder / STEMS_FILE).read_bytes()).decode().split("\n")
        if json.loads(lines[0]) != dict(fingerprint):
            return {}
    except (OSError, zlib.error, ValueError):
        return {}
    words = lines[1].split(" ") if len(lines) > 1 else []
    return dict(zip(words[::2], words[1::2], strict=False))


def save_stems(folder: Path, fingerprint: Mapping[str, str], stems: Mapping[str, str]) -> None:
    """Replace the stems kept in `folder`."""
    kept = [
        f"{word} {stem}"
        for word, stem in stems.items()
        if (word.isalpha() and stem.isalpha()) or (word and stem and not _OWN_STEM.search(word + stem))
    ]
    text = json.dumps(dict(fingerprint)) + "\n" + " ".join(kept[:_MOST])
    replace_file(folder / STEMS_FILE, zlib.compress(text.encode(), 1))
