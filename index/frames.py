"""How a process and its workers speak: frames of plain values over pipes.

A frame is its size (8 bytes, little-endian) and a marshalled tuple.
"""

from __future__ import annotations

import marshal
import struct
from typing import IO, Any

#: The last version that does not look for equal objects, of which there are few.
_VERSION = 2
_SIZE = struct.Struct("<Q")


def write_frame(stream: IO[bytes], message: tuple[Any, ...]) -> None:
    """Write one frame and flush it."""
    data = marshal.dumps(message, _VERSION)
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Any, ...]:
    """Read one frame; raises `EOFError` if the other side is gone."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError("the other process has ended")
    (size,) = _SIZE.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other process ended within a message")
    message: tuple[Any, ...] = marshal.loads(data)
    return message
