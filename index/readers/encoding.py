"""From bytes to text that every later stage can use: decoded, NUL-free, UTF-8 encodable, lines ended by \\n.

A byte order mark decides; else valid UTF-8 is UTF-8; else a declared encoding (HTML) or what
charset-normalizer finds in the part of the content that holds the odd bytes. Nothing here raises on
content: what an encoding cannot read becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.errors import ReadProblem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_BOMS = tuple(bom for bom, name in _BOMS if name != "utf-8")

_BINARY_SAMPLE = 8192
#: Bytes that text does not hold; \b, \t, \n, \v, \f, \r and escape do occur in it.
_CONTROLS = bytes(b for b in range(0x20) if b not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
#: Bytes of which text is tidy as it stands, but for white space at line ends.
_PLAIN = bytes(b for b in range(0x80) if b not in _CONTROLS and b not in b"\f\r")
#: The first bytes of the marks above.
_MARKED = b"\xef\xff\xfe\0"

#: Encodings that articles come in. The list keeps guesses on short texts sane and quick.
_LIKELY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "koi8_r",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
_WESTERN = "cp1252"
_GUESS_SAMPLE = 32768
_DECLARABLE = re.compile(
    r"(?:utf-?8|us-ascii|iso-?8859-?\d+|windows-?\d+|cp\d+|latin-?1|shift_?jis|sjis|x-sjis|euc-(?:jp|kr|cn)"
    r"|gb2312|gbk|gb18030|big5(?:-hkscs)?|koi8-[ru]|iso-2022-(?:jp|kr)|tis-620|macintosh)",
    re.IGNORECASE,
)
#: What pages mean when they say so (the WHATWG Encoding Standard).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "gb2312": "gb18030",
    "x-sjis": "cp932",
}

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_ENDS = str.maketrans({"\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n", "\0": None})


def is_binary(content: bytes) -> bool:
    """Return whether more than one byte in a hundred of the first 8 KiB is a control that text lacks."""
    sample = content[:_BINARY_SAMPLE]
    if sample.startswith(_WIDE_BOMS):
        return False
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 100 > len(sample)


def text_of(content: bytes, path: str | Path, declared: str = "") -> str:
    """Return `content` decoded and tidied, without white space at its ends.

    Raises ReadProblem if it is binary or nothing is left of it.
    """
    if not (declared or content.translate(None, _PLAIN)):
        text = _without_padding(content.decode("ascii")).strip()
    elif is_binary(content):
        raise ReadProblem(path, "binary, not text")
    else:
        text = tidy(decode(content, declared)).strip()
    if not text:
        raise ReadProblem(path, "empty")
    return text


def decode(content: bytes, declared: str = "") -> str:
    """Return `content` as text; `declared` is the name of an encoding that the content itself claims."""
    if content[:1] in _MARKED:
        for bom, name in _BOMS:
            if content.startswith(bom):
                return content[len(bom) :].decode(name, "replace")
    name = _known(declared)
    if not name.startswith("iso-2022"):  # those are seven-bit and would pass as UTF-8
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return _decode_named(content, name) or _mostly_utf8(content) or content.decode(_guess(content), "replace")


def tidy(text: str) -> str:
    """Return `text` with lines ended by "\\n", no white space at line ends, no NULs, no lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        odd = "\0" in text or "\x0c" in text
    else:
        text = mend(text)
        odd = any(mark in text for mark in ("\0", "\x0c", "\x85", "\u2028", "\u2029"))
    return _without_padding(text.translate(_LINE_ENDS) if odd else text)


def _without_padding(text: str) -> str:
    """Return `text` without white space at line ends, if one of the usual kinds stands at any."""
    # A single character is found in a fraction of the time that two of them take.
    if " \n" in text or ("\t" in text and "\t\n" in text) or ("\u00a0" in text and "\u00a0\n" in text):
        text = "\n".join(map(str.rstrip, text.split("\n")))
    return text


def mend(text: str) -> str:
    """Return `text` with each lone surrogate replaced by U+FFFD, so that it encodes to UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _known(declared: str) -> str:
    """Return the codec for a declared name, "" if it is not one that articles come in."""
    if not declared:
        return ""
    name = declared.strip().lower().replace("_", "-")
    return _MEANT.get(name, name) if _DECLARABLE.fullmatch(name) else ""


def _decode_named(content: bytes, name: str) -> str:
    if not name:
        return ""
    try:
        return content.decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""


def _mostly_utf8(content: bytes) -> str:
    """Return `content` as UTF-8 with its few broken bytes replaced, "" if too many are broken."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if broken * 2 <= sound else ""


def _guess(content: bytes) -> str:
    """Return the likeliest codec of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    matches = from_bytes(_odd_part(content), cp_isolation=_LIKELY, threshold=0.3)
    best = matches.best()
    if best is None:
        return _WESTERN
    for match in matches:
        # Western text often passes as Central European or Baltic too: a near tie goes to the common one.
        near = match.chaos <= best.chaos + 0.01 and match.coherence >= best.coherence - 0.1
        if near and _WESTERN in match.could_be_from_charset:
            return _WESTERN
    return best.encoding


def _odd_part(content: bytes) -> bytes:
    """Return up to 32 KiB of `content` from the line where the first byte above ASCII stands."""
    if len(content) <= _GUESS_SAMPLE:
        return content
    odd = re.search(rb"[\x80-\xff]", content)
    start = odd.start() if odd else 0
    line = content.rfind(b"\n", max(0, start - 2048), start) + 1
    return content[line or start : (line or start) + _GUESS_SAMPLE]
