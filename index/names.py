"""Names of files as text: ids that are valid, printable and one to one with what they stand for.

A file name is bytes. What of it is not UTF-8 reaches Python as lone surrogates (`surrogateescape`), which
no output takes; and it may hold line breaks, escape sequences and marks that turn the writing direction.
`escape` writes all these as `\\xNN`, `\\uNNNN` or `\\UNNNNNNNN` and a backslash as two, so that no two
names give one text.
"""

from __future__ import annotations

import re

#: C0, DEL, C1, separators, bidirectional and invisible controls, surrogates, tags, and the backslash.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f\\\\]"
)
_ESCAPED = re.compile(r"\\(?:\\|#|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
#: What stands before the first bare # of an id.
_BEFORE_KEY = re.compile(r"(?:[^\\#]|\\.)*+")
#: The first # that no backslash escapes.
_BARE_HASH = re.compile(r"^(?:[^\\#]|\\.)*#", re.DOTALL)
#: Longer keys are cut in ids and told apart by a hash.
_LONGEST_KEY = 200


def escape(text: str) -> str:
    """Return `text` as printable text of one line; `unescape` gives it back."""
    return _UNSAFE.sub(_sign, text)


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return _ESCAPED.sub(_char, text)


def label_of(folder_name: str) -> str:
    """Return the label that a root of this folder name gets by default."""
    return _path(folder_name.replace("/", "_")) or "root"


def article_id(label: str, relpath: str, key: str = "") -> str:
    """Return `label/relative/path[#key]`: valid UTF-8, one line, another for every label, path and key.

    Without a path, as for what never was in a file, it is `label#key`.
    """
    ident = f"{label}/{_path(relpath)}" if relpath else label
    if not key:
        return ident
    if len(key) > _LONGEST_KEY:
        import hashlib  # not at the top: a search only reads ids

        digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        key = f"{key[:_LONGEST_KEY]}~{digest}"
    return f"{ident}#{escape(key)}"


def folder_of(path: str, ident: str) -> str:
    """Return what must be kept of an article's path beside its id.

    That is its folder, ended by `/`, where the id ends with the file's name, else the path.
    """
    name = _name(ident)
    return path[: -len(name)] if name and path.endswith(f"/{name}") else path


def path_of(folder: str, ident: str) -> str:
    """Return the path that `folder_of` was given."""
    return folder + _name(ident) if folder.endswith("/") else folder


def _name(ident: str) -> str:
    """Return the file's name in an id; the first bare `#` begins the key, one of the name is escaped."""
    if "\\" not in ident:
        return ident.partition("#")[0].rpartition("/")[2]  # nothing is escaped: nearly all names
    before = _BEFORE_KEY.match(ident)
    return unescape((before[0] if before else ident).rpartition("/")[2])


def key_of(ident: str) -> str | None:
    """Return the key that `article_id` was given, "" for none; None if it was too long to be in the id."""
    found = _BARE_HASH.search(ident)
    if found is None:
        return ""
    key = unescape(ident[found.end() :])
    return None if len(key) > _LONGEST_KEY else key


def _path(relpath: str) -> str:
    if relpath.isascii() and relpath.isprintable() and "\\" not in relpath and "#" not in relpath:
        return relpath  # nothing in it to escape: nearly all names
    return escape(relpath).replace("#", "\\#")  # so that the first bare # begins the key


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] == "\\":
        return "\\\\"
    if code < 0x80:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte that is not UTF-8
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _char(match: re.Match[str]) -> str:
    if match[1]:
        code = int(match[1], 16)
        return chr(code if code < 0x80 else code + 0xDC00)
    hexadecimal = match[2] or match[3]
    return chr(int(hexadecimal, 16)) if hexadecimal else match[0][1]
