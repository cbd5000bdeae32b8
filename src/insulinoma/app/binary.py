"""Series as bytes: the length of a JSON header (uint32), the header, then float32 values; little-endian."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MEDIA_TYPE = "application/vnd.insulinoma.series"


def pack(header: Mapping[str, Any], columns: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The bytes of columns by name; `columns` of the header lists them with their lengths.

    The header is padded with spaces so that the values begin at a multiple of 4.

    >>> unpack(pack({"a": 1}, {"x": np.array([1.5, 2.5])}))[1]["x"].tolist()
    [1.5, 2.5]
    """
    listed = [{"name": name, "length": int(np.size(values))} for name, values in columns.items()]
    text = json.dumps({**header, "columns": listed}, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(_bytes(values) for values in columns.values())


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.float32]]]:
    """Header and columns of packed bytes."""
    (length,) = struct.unpack_from("<I", content)
    header: dict[str, Any] = json.loads(content[4 : 4 + length])
    at, found = 4 + length, {}
    for column in header["columns"]:
        found[column["name"]] = np.frombuffer(content, "<f4", column["length"], at)
        at += 4 * column["length"]
    return header, found


def _bytes(values: npt.NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values, "<f4").tobytes()
