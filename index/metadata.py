"""The library's own facts, in `library.json`: format, language, and which rules made which generation.

A rebuild may change the rules. Its new fingerprint is written before the commit, for generations from the
coming one on, so that a crash on either side of the commit leaves the right one in force.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from index.errors import LibraryDamaged, LibraryMismatch, LibraryMissing
from index.value import Value, replace

METADATA_FILE = "library.json"
FORMAT = 1

_TOC = re.compile(r"_MAIN_(\d+)\.toc")
_REMOVE = "move this file away and index into another library"


class Metadata(Value):
    """What a library says of itself.

    `fingerprints` holds (first generation, fingerprint), ascending; a fingerprint is in force until the
    next one's first generation.
    """

    language: str
    fingerprints: tuple[tuple[int, dict[str, str]], ...]
    format: int = FORMAT

    def fingerprint(self, generation: int) -> dict[str, str]:
        """Return the fingerprint of the words of `generation`."""
        return [mark for first, mark in self.fingerprints if first <= generation][-1]

    def until(self, generation: int) -> Metadata:
        """Return this without what was written for generations after `generation`."""
        kept = tuple(entry for entry in self.fingerprints if entry[0] <= generation)
        return replace(self, fingerprints=kept[-1:])

    def since(self, generation: int, fingerprint: dict[str, str]) -> Metadata:
        """Return this with `fingerprint` in force from `generation` on."""
        return replace(self, fingerprints=(*self.fingerprints, (generation, fingerprint)))


def load_metadata(folder: Path) -> Metadata:
    """Read `folder`'s metadata.

    Raises `LibraryMissing` if there is none, `LibraryDamaged` if it cannot be read as such, and
    `LibraryMismatch` if a later format wrote it.
    """
    path = folder / METADATA_FILE
    try:
        data = json.loads(path.read_bytes())
        language, version = str(data["language"]), int(data["format"])
        marks = tuple((int(first), {**mark}) for first, mark in data["fingerprints"])
    except (FileNotFoundError, NotADirectoryError):
        raise LibraryMissing(folder) from None
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryDamaged(path, "does not describe a library", _REMOVE) from error
    if version > FORMAT:
        raise LibraryMismatch(f"{folder} has format {version}, this byline knows {FORMAT}", "update byline")
    if not marks or marks[0][0] > generation(folder):
        raise LibraryDamaged(path, "names no rules for the words", _REMOVE)
    return Metadata(language, marks, version)


def save_metadata(folder: Path, metadata: Metadata) -> None:
    """Replace `folder`'s metadata at once and durably."""
    data = {
        "format": metadata.format,
        "language": metadata.language,
        "fingerprints": [list(entry) for entry in metadata.fingerprints],
    }
    replace_file(folder / METADATA_FILE, (json.dumps(data, indent=1) + "\n").encode())


def generation(folder: Path) -> int:
    """Return the newest committed generation of the index in `folder`, -1 if there is none."""
    names = os.listdir(folder)  # noqa: PTH208 (asked before every search: no Path for each file)
    return max((int(match[1]) for name in names if (match := _TOC.fullmatch(name))), default=-1)


def replace_file(path: Path, content: bytes) -> None:
    """Give `path` this content: whole and on the disk, or not at all."""
    scratch = path.with_name(f"{path.name}.new")
    with scratch.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(path)
